CREATE TABLE learners (
    id text NOT NULL PRIMARY KEY,
    subject_id text NOT NULL UNIQUE,
    name_digest text NOT NULL,
    created_at text NOT NULL
) STRICT;

-- Identifiers are kept as keyed digests only. A strong one names one learner; an email may be shared.
CREATE TABLE learner_identifiers (
    digest text NOT NULL,
    learner_id text NOT NULL REFERENCES learners (id),
    kind text NOT NULL CHECK (kind IN ('email', 'staff_number', 'professional_registration', 'did')),
    scope_digest text NOT NULL,
    strong integer NOT NULL,
    added_at text NOT NULL,
    PRIMARY KEY (digest, learner_id),
    CHECK (strong = (kind <> 'email'))
) STRICT;

CREATE UNIQUE INDEX learner_identifiers_strong ON learner_identifiers (digest) WHERE strong = 1;
CREATE INDEX learner_identifiers_learner ON learner_identifiers (learner_id);
