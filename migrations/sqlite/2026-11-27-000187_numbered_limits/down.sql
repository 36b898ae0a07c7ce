ALTER TABLE client_limit_changes RENAME TO client_limit_changes_after;
CREATE TABLE client_limit_changes (
    client text NOT NULL REFERENCES api_clients (id),
    changed_at text NOT NULL,
    requests_per_minute integer,
    watches integer,
    jobs integer,
    PRIMARY KEY (client, changed_at)
) STRICT;
-- Of those within one moment the last.
INSERT INTO client_limit_changes (client, changed_at, requests_per_minute, watches, jobs)
SELECT client, changed_at, requests_per_minute, watches, jobs FROM client_limit_changes_after AS one
WHERE number = (
    SELECT max(number) FROM client_limit_changes_after AS same
    WHERE same.client = one.client AND same.changed_at = one.changed_at
);
DROP TABLE client_limit_changes_after;
