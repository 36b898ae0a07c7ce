-- Suspension lists of the VC API. They are tables of their own: `status_lists` holds
-- revocation alone, where nothing is ever taken back, and a suspension can be.
CREATE TABLE suspension_lists (
    id text NOT NULL PRIMARY KEY,
    issuer text NOT NULL REFERENCES organisations (slug),
    ordinal integer NOT NULL CHECK (ordinal >= 1),
    length integer NOT NULL CHECK (length >= 131072),
    next_place integer NOT NULL,
    created_at text NOT NULL,
    UNIQUE (issuer, ordinal),
    CHECK (next_place BETWEEN 0 AND length)
) STRICT;

-- Places in them. A digest of the credential's id finds the entry again.
CREATE TABLE suspension_entries (
    list_id text NOT NULL REFERENCES suspension_lists (id),
    list_index integer NOT NULL CHECK (list_index >= 0),
    credential_digest text,
    created_at text NOT NULL,
    PRIMARY KEY (list_id, list_index)
) STRICT;

CREATE INDEX suspension_entries_credential ON suspension_entries (credential_digest);

-- What befell them, numbered from 1: by turns suspended and restored. An entry is
-- suspended if its last number is odd.
CREATE TABLE suspension_changes (
    list_id text NOT NULL,
    list_index integer NOT NULL,
    number integer NOT NULL CHECK (number >= 1),
    change text NOT NULL CHECK (change IN ('suspended', 'restored')),
    changed_at text NOT NULL,
    PRIMARY KEY (list_id, list_index, number),
    FOREIGN KEY (list_id, list_index) REFERENCES suspension_entries (list_id, list_index),
    CHECK ((number % 2 = 1) = (change = 'suspended'))
) STRICT;

CREATE TRIGGER suspension_lists_stay BEFORE DELETE ON suspension_lists
BEGIN SELECT RAISE(ABORT, 'a status list is never deleted'); END;
CREATE TRIGGER suspension_lists_grow BEFORE UPDATE ON suspension_lists
WHEN NEW.next_place < OLD.next_place
    OR (OLD.id, OLD.issuer, OLD.ordinal, OLD.length, OLD.created_at)
        IS NOT (NEW.id, NEW.issuer, NEW.ordinal, NEW.length, NEW.created_at)
BEGIN SELECT RAISE(ABORT, 'a status list never gives a place back'); END;
CREATE TRIGGER suspension_entries_immutable BEFORE UPDATE ON suspension_entries
BEGIN SELECT RAISE(ABORT, 'a status entry never changes'); END;
CREATE TRIGGER suspension_entries_stay BEFORE DELETE ON suspension_entries
BEGIN SELECT RAISE(ABORT, 'a status entry is never deleted'); END;
CREATE TRIGGER suspension_changes_immutable BEFORE UPDATE ON suspension_changes
BEGIN SELECT RAISE(ABORT, 'what befell a status entry never changes'); END;
CREATE TRIGGER suspension_changes_stay BEFORE DELETE ON suspension_changes
BEGIN SELECT RAISE(ABORT, 'what befell a status entry never changes'); END;
