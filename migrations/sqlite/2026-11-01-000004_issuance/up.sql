CREATE TABLE completions (
    id text NOT NULL PRIMARY KEY,
    natural_key text NOT NULL UNIQUE,
    -- Provider, learner, achievement and time: two references for one occasion
    -- are one completion.
    occasion text UNIQUE,
    client text NOT NULL,
    provider text NOT NULL REFERENCES organisations (slug),
    learner_id text NOT NULL REFERENCES learners (id),
    achievement text NOT NULL,
    achievement_version text NOT NULL,
    completed_at text NOT NULL,
    body text NOT NULL,
    source text NOT NULL CHECK (source IN ('completion', 'programme')),
    programme text REFERENCES programmes (slug),
    received_at text NOT NULL,
    FOREIGN KEY (achievement, achievement_version) REFERENCES achievements (slug, version),
    CHECK ((source = 'programme') = (programme IS NOT NULL)),
    CHECK ((source = 'completion') = (occasion IS NOT NULL))
) STRICT;

CREATE INDEX completions_learner ON completions (learner_id);

CREATE TABLE awards (
    id text NOT NULL PRIMARY KEY,
    completion_id text NOT NULL UNIQUE REFERENCES completions (id),
    learner_id text NOT NULL REFERENCES learners (id),
    achievement text NOT NULL,
    achievement_version text NOT NULL,
    amount text NOT NULL CHECK (amount GLOB '[0-9]*' AND amount NOT GLOB '*[^0-9.]*'),
    unit text NOT NULL,
    awarded_at text NOT NULL,
    FOREIGN KEY (achievement, achievement_version) REFERENCES achievements (slug, version)
) STRICT;

CREATE INDEX awards_learner ON awards (learner_id);

-- What a programme's award was made of. An award counts once in a programme.
CREATE TABLE award_components (
    award_id text NOT NULL REFERENCES awards (id),
    component_id text NOT NULL REFERENCES awards (id),
    programme text NOT NULL REFERENCES programmes (slug),
    PRIMARY KEY (award_id, component_id),
    UNIQUE (component_id, programme),
    CHECK (award_id <> component_id)
) STRICT;

CREATE TABLE status_lists (
    id text NOT NULL PRIMARY KEY,
    issuer text NOT NULL REFERENCES organisations (slug),
    purpose text NOT NULL CHECK (purpose = 'revocation'),
    ordinal integer NOT NULL,
    length integer NOT NULL CHECK (length >= 131072),
    next_place integer NOT NULL,
    revision integer NOT NULL CHECK (revision >= 0),
    created_at text NOT NULL,
    UNIQUE (issuer, purpose, ordinal),
    CHECK (next_place BETWEEN 0 AND length)
) STRICT;

CREATE TABLE credentials (
    id text NOT NULL PRIMARY KEY,
    award_id text NOT NULL REFERENCES awards (id),
    issue integer NOT NULL CHECK (issue >= 1),
    issuer text NOT NULL REFERENCES organisations (slug),
    state text NOT NULL CHECK (state IN ('prepared', 'issued', 'revoked')),
    status_list_id text NOT NULL REFERENCES status_lists (id),
    status_index integer NOT NULL CHECK (status_index >= 0),
    unsigned text NOT NULL,
    data_integrity_key text NOT NULL,
    jwt_key text NOT NULL,
    profile_version text NOT NULL,
    created_at text NOT NULL,
    valid_from text NOT NULL,
    valid_until text,
    prepared_at text NOT NULL,
    data_integrity text,
    vc_jwt text,
    issued_at text,
    revoked_at text,
    revoked_reason text,
    revoked_by text,
    UNIQUE (award_id, issue),
    UNIQUE (status_list_id, status_index),
    CHECK ((state = 'prepared') = (data_integrity IS NULL)),
    CHECK ((state = 'prepared') = (vc_jwt IS NULL)),
    CHECK ((state = 'prepared') = (issued_at IS NULL)),
    CHECK ((state = 'revoked') = (revoked_at IS NOT NULL)),
    CHECK ((state = 'revoked') = (revoked_reason IS NOT NULL)),
    CHECK ((state = 'revoked') = (revoked_by IS NOT NULL))
) STRICT;

CREATE INDEX credentials_prepared ON credentials (prepared_at) WHERE state = 'prepared';
CREATE INDEX credentials_revoked ON credentials (status_list_id, status_index) WHERE state = 'revoked';

-- What an idempotency key stands for, and the body it came with, as keyed digests. The key's also covers its client.
CREATE TABLE idempotency_records (
    key_digest text NOT NULL PRIMARY KEY,
    body_digest text NOT NULL,
    credential_id text NOT NULL REFERENCES credentials (id),
    created_at text NOT NULL
) STRICT;

CREATE TRIGGER awards_immutable BEFORE UPDATE ON awards
BEGIN SELECT RAISE(ABORT, 'an award never changes'); END;
CREATE TRIGGER awards_stay BEFORE DELETE ON awards
BEGIN SELECT RAISE(ABORT, 'an award never changes'); END;
CREATE TRIGGER award_components_immutable BEFORE UPDATE ON award_components
BEGIN SELECT RAISE(ABORT, 'what an award was made of never changes'); END;
CREATE TRIGGER award_components_stay BEFORE DELETE ON award_components
BEGIN SELECT RAISE(ABORT, 'what an award was made of never changes'); END;
CREATE TRIGGER status_lists_grow BEFORE UPDATE ON status_lists
WHEN NEW.next_place < OLD.next_place OR NEW.revision < OLD.revision OR NEW.length <> OLD.length OR NEW.issuer <> OLD.issuer
BEGIN SELECT RAISE(ABORT, 'a status list never gives a place back'); END;

CREATE TRIGGER credentials_stay BEFORE DELETE ON credentials
BEGIN SELECT RAISE(ABORT, 'a credential is never deleted'); END;
CREATE TRIGGER credentials_start_prepared BEFORE INSERT ON credentials
WHEN NEW.state <> 'prepared'
BEGIN SELECT RAISE(ABORT, 'a credential starts as prepared'); END;
CREATE TRIGGER credentials_forward BEFORE UPDATE ON credentials
WHEN OLD.state <> NEW.state
    AND NOT (OLD.state = 'prepared' AND NEW.state = 'issued')
    AND NOT (OLD.state = 'issued' AND NEW.state = 'revoked')
BEGIN SELECT RAISE(ABORT, 'a credential goes from prepared to issued to revoked'); END;
CREATE TRIGGER credentials_intent_immutable BEFORE UPDATE ON credentials
WHEN (OLD.id, OLD.award_id, OLD.issue, OLD.issuer, OLD.status_list_id, OLD.status_index, OLD.unsigned,
      OLD.data_integrity_key, OLD.jwt_key, OLD.profile_version, OLD.created_at, OLD.valid_from, OLD.valid_until, OLD.prepared_at)
     IS NOT
     (NEW.id, NEW.award_id, NEW.issue, NEW.issuer, NEW.status_list_id, NEW.status_index, NEW.unsigned,
      NEW.data_integrity_key, NEW.jwt_key, NEW.profile_version, NEW.created_at, NEW.valid_from, NEW.valid_until, NEW.prepared_at)
BEGIN SELECT RAISE(ABORT, 'a stored intent never changes'); END;
CREATE TRIGGER credentials_signed_immutable BEFORE UPDATE ON credentials
WHEN OLD.state <> 'prepared'
    AND (OLD.data_integrity, OLD.vc_jwt, OLD.issued_at) IS NOT (NEW.data_integrity, NEW.vc_jwt, NEW.issued_at)
BEGIN SELECT RAISE(ABORT, 'a signed credential never changes'); END;
CREATE TRIGGER credentials_revocation_immutable BEFORE UPDATE ON credentials
WHEN OLD.state = 'revoked'
    AND (OLD.revoked_at, OLD.revoked_reason, OLD.revoked_by) IS NOT (NEW.revoked_at, NEW.revoked_reason, NEW.revoked_by)
BEGIN SELECT RAISE(ABORT, 'a revocation never changes'); END;
