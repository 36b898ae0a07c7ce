-- A client's changes are numbered: two may come within a second.
ALTER TABLE client_limit_changes RENAME TO client_limit_changes_before;
CREATE TABLE client_limit_changes (
    client text NOT NULL REFERENCES api_clients (id),
    number integer NOT NULL CHECK (number > 0),
    changed_at text NOT NULL,
    requests_per_minute integer,
    watches integer,
    jobs integer,
    PRIMARY KEY (client, number)
) STRICT;
INSERT INTO client_limit_changes (client, number, changed_at, requests_per_minute, watches, jobs)
SELECT client, row_number() OVER (PARTITION BY client ORDER BY changed_at), changed_at, requests_per_minute, watches, jobs
FROM client_limit_changes_before;
DROP TABLE client_limit_changes_before;
