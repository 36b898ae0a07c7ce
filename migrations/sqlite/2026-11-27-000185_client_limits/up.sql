-- What a client may do that others may do more or less of. Where nothing stands, the service's settings say it. They lie
-- with the client because every request reads it, so that no process goes by old ones.
ALTER TABLE api_clients ADD COLUMN requests_per_minute integer CHECK (requests_per_minute > 0);
ALTER TABLE api_clients ADD COLUMN watches integer CHECK (watches > 0);
ALTER TABLE api_clients ADD COLUMN jobs integer CHECK (jobs > 0);

-- What they were changed to, and when. A client's changes are numbered: two may come within a second. Rows are never
-- changed.
CREATE TABLE client_limit_changes (
    client text NOT NULL REFERENCES api_clients (id),
    number integer NOT NULL CHECK (number > 0),
    changed_at text NOT NULL,
    requests_per_minute integer,
    watches integer,
    jobs integer,
    PRIMARY KEY (client, number)
) STRICT;

CREATE TRIGGER client_limit_changes_append_only BEFORE UPDATE ON client_limit_changes
BEGIN SELECT RAISE(ABORT, 'what a client''s limits were stays'); END;
CREATE TRIGGER client_limit_changes_stay BEFORE DELETE ON client_limit_changes
BEGIN SELECT RAISE(ABORT, 'what a client''s limits were stays'); END;
