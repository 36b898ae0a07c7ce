-- Entries that wait for their place in the log: a row for each transaction that wrote some, so that waiting
-- costs one small row and no gapless number is given out under a lock that every transaction needs.
-- `bundle` is as in C2SP tlog-tiles: each entry after its length in two bytes.
CREATE TABLE log_pending (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    earliest timestamp NOT NULL,
    latest timestamp NOT NULL,
    entries integer NOT NULL CHECK (entries > 0),
    bundle bytea NOT NULL
);

-- Where the entries of such a transaction came to lie. An entry is found again by the time at which its row was
-- written; only what was taken up later, from before there was a log, spans a time.
CREATE TABLE log_parcels (
    first_index bigint NOT NULL PRIMARY KEY CHECK (first_index >= 0),
    entries integer NOT NULL CHECK (entries > 0),
    earliest timestamp NOT NULL,
    latest timestamp NOT NULL
);

CREATE INDEX log_parcels_time ON log_parcels (earliest);
CREATE INDEX log_parcels_span ON log_parcels (latest) WHERE earliest < latest;

-- The tree's hashes and its entries. A row that is not full yet grows at its end.
CREATE TABLE log_tiles (
    level integer NOT NULL CHECK (level BETWEEN 0 AND 7),
    place bigint NOT NULL CHECK (place >= 0),
    width integer NOT NULL CHECK (width BETWEEN 1 AND 256),
    hashes bytea NOT NULL CHECK (octet_length(hashes) = width * 32),
    PRIMARY KEY (level, place)
);

CREATE TABLE log_bundles (
    place bigint NOT NULL PRIMARY KEY CHECK (place >= 0),
    width integer NOT NULL CHECK (width BETWEEN 1 AND 256),
    entries bytea NOT NULL
);

ALTER TABLE log_pending ALTER COLUMN bundle SET STORAGE EXTERNAL;
ALTER TABLE log_tiles ALTER COLUMN hashes SET STORAGE EXTERNAL;
ALTER TABLE log_bundles ALTER COLUMN entries SET STORAGE EXTERNAL;

-- What was signed of the tree, and what witnesses say of that.
CREATE TABLE log_checkpoints (
    size bigint NOT NULL PRIMARY KEY CHECK (size > 0),
    root text NOT NULL,
    note text NOT NULL,
    signed_at timestamp NOT NULL
);

CREATE TABLE log_cosignatures (
    size bigint NOT NULL REFERENCES log_checkpoints (size),
    witness text NOT NULL,
    key_id bigint NOT NULL,
    line text NOT NULL,
    received_at timestamp NOT NULL,
    PRIMARY KEY (size, witness, key_id)
);

-- The one row that a sequencer holds while it works.
CREATE TABLE log_state (
    id integer NOT NULL PRIMARY KEY CHECK (id = 1),
    size bigint NOT NULL CHECK (size >= 0)
);

INSERT INTO log_state (id, size) VALUES (1, 0);

CREATE TRIGGER log_parcels_stay BEFORE UPDATE OR DELETE ON log_parcels FOR EACH ROW
    EXECUTE FUNCTION refuse('the log is append-only');
CREATE TRIGGER log_tiles_stay BEFORE DELETE ON log_tiles FOR EACH ROW
    EXECUTE FUNCTION refuse('the log is append-only');
CREATE TRIGGER log_tiles_grow BEFORE UPDATE ON log_tiles FOR EACH ROW
    WHEN ((OLD.level, OLD.place) <> (NEW.level, NEW.place)
          OR substring(NEW.hashes FROM 1 FOR octet_length(OLD.hashes)) <> OLD.hashes)
    EXECUTE FUNCTION refuse('the log is append-only');
CREATE TRIGGER log_bundles_stay BEFORE DELETE ON log_bundles FOR EACH ROW
    EXECUTE FUNCTION refuse('the log is append-only');
CREATE TRIGGER log_bundles_grow BEFORE UPDATE ON log_bundles FOR EACH ROW
    WHEN (OLD.place <> NEW.place OR substring(NEW.entries FROM 1 FOR octet_length(OLD.entries)) <> OLD.entries)
    EXECUTE FUNCTION refuse('the log is append-only');
CREATE TRIGGER log_checkpoints_stay BEFORE UPDATE OR DELETE ON log_checkpoints FOR EACH ROW
    EXECUTE FUNCTION refuse('a signed checkpoint stays as it is');
CREATE TRIGGER log_state_grows BEFORE UPDATE ON log_state FOR EACH ROW WHEN (NEW.size < OLD.size)
    EXECUTE FUNCTION refuse('the log is append-only');
CREATE TRIGGER log_state_stays BEFORE DELETE ON log_state FOR EACH ROW
    EXECUTE FUNCTION refuse('the log is append-only');
