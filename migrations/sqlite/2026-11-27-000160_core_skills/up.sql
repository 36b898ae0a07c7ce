-- Subjects of core skills, and the achievements that show each.
CREATE TABLE core_skills (
    slug text NOT NULL PRIMARY KEY,
    body text NOT NULL,
    current integer NOT NULL
) STRICT;

-- That a holder lets a client read their core skills or send some, for one purpose, until a moment. Purpose and
-- subjects are sealed; a keyed digest finds the purpose.
CREATE TABLE passport_consents (
    id text NOT NULL PRIMARY KEY,
    learner_id text NOT NULL REFERENCES learners (id),
    client text NOT NULL REFERENCES api_clients (id),
    body text NOT NULL,
    purpose_digest text NOT NULL CHECK (length(purpose_digest) = 64),
    reads integer NOT NULL,
    writes integer NOT NULL,
    ends_at text NOT NULL,
    given_at text NOT NULL,
    recorded_by text NOT NULL,
    withdrawn_at text,
    withdrawn_by text,
    CHECK (reads = 1 OR writes = 1),
    CHECK (given_at < ends_at),
    CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL))
) STRICT;

CREATE INDEX passport_consents_learner ON passport_consents (learner_id, client);

CREATE TRIGGER passport_consents_immutable BEFORE UPDATE ON passport_consents
WHEN OLD.withdrawn_at IS NOT NULL
    OR (OLD.id, OLD.learner_id, OLD.client, OLD.body, OLD.purpose_digest, OLD.reads, OLD.writes, OLD.ends_at,
        OLD.given_at, OLD.recorded_by)
        IS NOT (NEW.id, NEW.learner_id, NEW.client, NEW.body, NEW.purpose_digest, NEW.reads, NEW.writes, NEW.ends_at,
                NEW.given_at, NEW.recorded_by)
BEGIN SELECT RAISE(ABORT, 'a consent is only withdrawn, once'); END;
CREATE TRIGGER passport_consents_stay BEFORE DELETE ON passport_consents
WHEN NOT EXISTS (SELECT 1 FROM erasures WHERE learner_id = OLD.learner_id)
BEGIN SELECT RAISE(ABORT, 'a consent goes only with the person'); END;

-- Who read or sent what, and who tried to. Without a learner: an attempt that named nobody, of which nothing is kept
-- but that it was made, for three months.
CREATE TABLE passport_accesses (
    id text NOT NULL PRIMARY KEY,
    learner_id text REFERENCES learners (id),
    client text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('read', 'write')),
    consent_id text REFERENCES passport_consents (id),
    at text NOT NULL,
    body text NOT NULL,
    CHECK (consent_id IS NULL OR learner_id IS NOT NULL)
) STRICT;

CREATE INDEX passport_accesses_learner ON passport_accesses (learner_id, id);

CREATE TRIGGER passport_accesses_immutable BEFORE UPDATE ON passport_accesses
BEGIN SELECT RAISE(ABORT, 'the log of accesses is append-only'); END;
CREATE TRIGGER passport_accesses_stay BEFORE DELETE ON passport_accesses
WHEN OLD.learner_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM erasures WHERE learner_id = OLD.learner_id)
BEGIN SELECT RAISE(ABORT, 'the log of accesses is append-only'); END;

-- Core skills that other systems sent: claims of their origin, and no awards. The name is a keyed digest of learner,
-- client and the client's reference.
CREATE TABLE passport_claims (
    id text NOT NULL PRIMARY KEY,
    learner_id text NOT NULL REFERENCES learners (id),
    client text NOT NULL,
    name_digest text NOT NULL UNIQUE CHECK (length(name_digest) = 64),
    content_digest text NOT NULL CHECK (length(content_digest) = 64),
    body text NOT NULL,
    received_at text NOT NULL
) STRICT;

CREATE INDEX passport_claims_learner ON passport_claims (learner_id, received_at);
