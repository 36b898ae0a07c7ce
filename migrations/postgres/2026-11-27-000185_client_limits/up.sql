-- What a client may do that others may do more or less of. Where nothing stands, the service's settings say it. They lie
-- with the client because every request reads it, so that no process goes by old ones.
ALTER TABLE api_clients ADD COLUMN requests_per_minute integer CHECK (requests_per_minute > 0);
ALTER TABLE api_clients ADD COLUMN watches integer CHECK (watches > 0);
ALTER TABLE api_clients ADD COLUMN jobs integer CHECK (jobs > 0);

-- What they were changed to, and when. A client's changes are numbered: two may come within a second. Rows are never
-- changed.
CREATE TABLE client_limit_changes (
    client text NOT NULL REFERENCES api_clients (id),
    number bigint NOT NULL CHECK (number > 0),
    changed_at timestamp NOT NULL,
    requests_per_minute integer,
    watches integer,
    jobs integer,
    PRIMARY KEY (client, number)
);

CREATE TRIGGER client_limit_changes_append_only BEFORE UPDATE OR DELETE ON client_limit_changes FOR EACH ROW
    EXECUTE FUNCTION refuse('what a client''s limits were stays');
CREATE TRIGGER client_limit_changes_no_truncate BEFORE TRUNCATE ON client_limit_changes FOR EACH STATEMENT
    EXECUTE FUNCTION refuse('what a client''s limits were stays');
