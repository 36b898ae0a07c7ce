-- Entries that wait for their place in the log: a row for each transaction that wrote some, so that waiting
-- costs one small row and no gapless number is given out under a lock that every transaction needs.
-- `bundle` is as in C2SP tlog-tiles: each entry after its length in two bytes.
CREATE TABLE log_pending (
    id integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    earliest text NOT NULL,
    latest text NOT NULL,
    entries integer NOT NULL CHECK (entries > 0),
    bundle blob NOT NULL
) STRICT;

-- Where the entries of such a transaction came to lie. An entry is found again by the time at which its row was
-- written; only what was taken up later, from before there was a log, spans a time.
CREATE TABLE log_parcels (
    first_index integer NOT NULL PRIMARY KEY CHECK (first_index >= 0),
    entries integer NOT NULL CHECK (entries > 0),
    earliest text NOT NULL,
    latest text NOT NULL
) STRICT;

CREATE INDEX log_parcels_time ON log_parcels (earliest);
CREATE INDEX log_parcels_span ON log_parcels (latest) WHERE earliest < latest;

-- The tree's hashes and its entries. A row that is not full yet grows at its end.
CREATE TABLE log_tiles (
    level integer NOT NULL CHECK (level BETWEEN 0 AND 7),
    place integer NOT NULL CHECK (place >= 0),
    width integer NOT NULL CHECK (width BETWEEN 1 AND 256),
    hashes blob NOT NULL CHECK (length(hashes) = width * 32),
    PRIMARY KEY (level, place)
) STRICT;

CREATE TABLE log_bundles (
    place integer NOT NULL PRIMARY KEY CHECK (place >= 0),
    width integer NOT NULL CHECK (width BETWEEN 1 AND 256),
    entries blob NOT NULL
) STRICT;

-- What was signed of the tree, and what witnesses say of that.
CREATE TABLE log_checkpoints (
    size integer NOT NULL PRIMARY KEY CHECK (size > 0),
    root text NOT NULL,
    note text NOT NULL,
    signed_at text NOT NULL
) STRICT;

CREATE TABLE log_cosignatures (
    size integer NOT NULL REFERENCES log_checkpoints (size),
    witness text NOT NULL,
    key_id integer NOT NULL,
    line text NOT NULL,
    received_at text NOT NULL,
    PRIMARY KEY (size, witness, key_id)
) STRICT;

-- The one row that a sequencer holds while it works.
CREATE TABLE log_state (
    id integer NOT NULL PRIMARY KEY CHECK (id = 1),
    size integer NOT NULL CHECK (size >= 0)
) STRICT;

INSERT INTO log_state (id, size) VALUES (1, 0);

CREATE TRIGGER log_parcels_immutable BEFORE UPDATE ON log_parcels
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER log_parcels_stay BEFORE DELETE ON log_parcels
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER log_tiles_stay BEFORE DELETE ON log_tiles
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER log_tiles_grow BEFORE UPDATE ON log_tiles
WHEN (OLD.level, OLD.place) <> (NEW.level, NEW.place)
    OR substr(NEW.hashes, 1, length(OLD.hashes)) <> OLD.hashes
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER log_bundles_stay BEFORE DELETE ON log_bundles
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER log_bundles_grow BEFORE UPDATE ON log_bundles
WHEN OLD.place <> NEW.place OR substr(NEW.entries, 1, length(OLD.entries)) <> OLD.entries
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER log_checkpoints_immutable BEFORE UPDATE ON log_checkpoints
BEGIN SELECT RAISE(ABORT, 'a signed checkpoint stays as it is'); END;
CREATE TRIGGER log_checkpoints_stay BEFORE DELETE ON log_checkpoints
BEGIN SELECT RAISE(ABORT, 'a signed checkpoint stays as it is'); END;
CREATE TRIGGER log_state_grows BEFORE UPDATE ON log_state WHEN NEW.size < OLD.size
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER log_state_stays BEFORE DELETE ON log_state
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
