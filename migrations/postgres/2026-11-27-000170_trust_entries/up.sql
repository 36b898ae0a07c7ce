-- What the registrar decided of an issuer and a list of whom to trust. The last decision holds; none is ever changed,
-- so that it can be told who trusted whom, since when and why. A name is missing where the issuer was taken off again.
CREATE TABLE trust_entries (
    sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    list text NOT NULL,
    issuer text NOT NULL,
    name text,
    valid_from date,
    valid_until date,
    reason text NOT NULL,
    recorded_by text NOT NULL,
    recorded_at timestamp NOT NULL,
    CHECK (valid_from IS NULL OR valid_until IS NULL OR valid_from <= valid_until),
    CHECK (name IS NOT NULL OR (valid_from IS NULL AND valid_until IS NULL))
);

CREATE INDEX trust_entries_issuer ON trust_entries (list, issuer, sequence);

CREATE TRIGGER trust_entries_append_only BEFORE UPDATE OR DELETE ON trust_entries FOR EACH ROW
    EXECUTE FUNCTION refuse('what was decided of an issuer stays');
CREATE TRIGGER trust_entries_no_truncate BEFORE TRUNCATE ON trust_entries FOR EACH STATEMENT
    EXECUTE FUNCTION refuse('what was decided of an issuer stays');
