-- What befell the keys of the vault, which lie in files: so that the log can hold it.
CREATE TABLE key_events (
    id text NOT NULL PRIMARY KEY,
    key_id text NOT NULL,
    event text NOT NULL CHECK (event IN ('made', 'retired', 'compromised')),
    happened_at text NOT NULL,
    issuer text NOT NULL,
    algorithm text NOT NULL,
    public_key text NOT NULL,
    recorded_at text NOT NULL,
    UNIQUE (key_id, event, happened_at)
) STRICT;

CREATE TRIGGER key_events_immutable BEFORE UPDATE ON key_events
BEGIN SELECT RAISE(ABORT, 'what befell a key stays recorded'); END;
CREATE TRIGGER key_events_stay BEFORE DELETE ON key_events
BEGIN SELECT RAISE(ABORT, 'what befell a key stays recorded'); END;
