-- What the registrar decided of an issuer and a list of whom to trust. The last decision holds; none is ever changed,
-- so that it can be told who trusted whom, since when and why. A name is missing where the issuer was taken off again.
CREATE TABLE trust_entries (
    sequence integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    list text NOT NULL,
    issuer text NOT NULL,
    name text,
    valid_from text,
    valid_until text,
    reason text NOT NULL,
    recorded_by text NOT NULL,
    recorded_at text NOT NULL,
    CHECK (valid_from IS NULL OR valid_until IS NULL OR valid_from <= valid_until),
    CHECK (name IS NOT NULL OR (valid_from IS NULL AND valid_until IS NULL))
) STRICT;

CREATE INDEX trust_entries_issuer ON trust_entries (list, issuer, sequence);

CREATE TRIGGER trust_entries_append_only BEFORE UPDATE ON trust_entries
BEGIN SELECT RAISE(ABORT, 'what was decided of an issuer stays'); END;
CREATE TRIGGER trust_entries_stay BEFORE DELETE ON trust_entries
BEGIN SELECT RAISE(ABORT, 'what was decided of an issuer stays'); END;
