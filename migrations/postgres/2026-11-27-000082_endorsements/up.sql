-- What a professional body says of an achievement or an organisation, signed with its own key. The catalogue's
-- revision grows with every change here, so that whoever holds the catalogue reads both anew.
CREATE TABLE endorsements (
    id text NOT NULL PRIMARY KEY,
    body text NOT NULL REFERENCES organisations (slug),
    kind text NOT NULL CHECK (kind IN ('achievement', 'organisation')),
    subject text NOT NULL,
    version text,
    credential_id text NOT NULL UNIQUE,
    document text NOT NULL,
    -- Whether it was signed here, by a key of the body's in this service's vault.
    hosted boolean NOT NULL,
    valid_from timestamp NOT NULL,
    valid_until timestamp NOT NULL,
    recorded_at timestamp NOT NULL,
    recorded_by text NOT NULL,
    withdrawn_at timestamp,
    withdrawn_by text,
    CHECK ((kind = 'achievement') = (version IS NOT NULL)),
    CHECK (valid_from < valid_until),
    CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL))
);

CREATE INDEX endorsements_subject ON endorsements (kind, subject);

CREATE TRIGGER endorsements_stay BEFORE DELETE ON endorsements FOR EACH ROW
    EXECUTE FUNCTION refuse('an endorsement is withdrawn, not deleted');
CREATE TRIGGER endorsements_once BEFORE UPDATE ON endorsements FOR EACH ROW
    WHEN (OLD.withdrawn_at IS NOT NULL
        OR (OLD.id, OLD.body, OLD.kind, OLD.subject, OLD.version, OLD.credential_id, OLD.document, OLD.hosted,
            OLD.valid_from, OLD.valid_until, OLD.recorded_at, OLD.recorded_by)
            IS DISTINCT FROM (NEW.id, NEW.body, NEW.kind, NEW.subject, NEW.version, NEW.credential_id, NEW.document,
                NEW.hosted, NEW.valid_from, NEW.valid_until, NEW.recorded_at, NEW.recorded_by))
    EXECUTE FUNCTION refuse('an endorsement is withdrawn once, and never changed');
