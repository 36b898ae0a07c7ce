-- Every maintenance policy as it was published, one after the other; without a body from when it was taken away.
CREATE TABLE maintenance_policies (
    slug text NOT NULL,
    number integer NOT NULL CHECK (number >= 1),
    body text,
    published_at text NOT NULL,
    PRIMARY KEY (slug, number)
) STRICT;

CREATE TRIGGER maintenance_policies_immutable BEFORE UPDATE ON maintenance_policies
BEGIN SELECT RAISE(ABORT, 'a published policy never changes'); END;
CREATE TRIGGER maintenance_policies_stay BEFORE DELETE ON maintenance_policies
BEGIN SELECT RAISE(ABORT, 'a published policy never changes'); END;

-- Awards whose credential ends, and when each is to be looked at next. Nothing here is a fact: all of it follows from
-- the other tables. What happens to its holder concerns an award from `opens_at` on; `changes` tells who looked at it
-- that something happened meanwhile.
CREATE TABLE maintained_awards (
    award_id text NOT NULL PRIMARY KEY REFERENCES awards (id),
    learner_id text NOT NULL REFERENCES learners (id),
    achievement text NOT NULL,
    opens_at text,
    wake_at text,
    changes integer NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX maintained_awards_waking ON maintained_awards (wake_at, award_id) WHERE wake_at IS NOT NULL;
CREATE INDEX maintained_awards_learner ON maintained_awards (learner_id, opens_at) WHERE opens_at IS NOT NULL;
CREATE INDEX maintained_awards_achievement ON maintained_awards (achievement, award_id);

-- What the holder was told, once for each credential.
CREATE TABLE maintenance_notices (
    credential_id text NOT NULL REFERENCES credentials (id),
    notice text NOT NULL,
    told_at text NOT NULL,
    PRIMARY KEY (credential_id, notice)
) STRICT;

CREATE TRIGGER maintenance_notices_immutable BEFORE UPDATE ON maintenance_notices
BEGIN SELECT RAISE(ABORT, 'what was told stays told'); END;
CREATE TRIGGER maintenance_notices_stay BEFORE DELETE ON maintenance_notices
BEGIN SELECT RAISE(ABORT, 'what was told stays told'); END;

-- Up to which moment awards were looked at: a clock that goes back is noticed by it.
CREATE TABLE maintenance_state (
    id integer NOT NULL PRIMARY KEY CHECK (id = 1),
    looked_at text NOT NULL
) STRICT;

INSERT INTO maintenance_state (id, looked_at) VALUES (1, '1970-01-01 00:00:00');

-- A credential that ends, or takes the place of one that did, has its award looked at.
CREATE TRIGGER maintained_awards_issued AFTER UPDATE OF state ON credentials
WHEN OLD.state = 'prepared' AND NEW.state = 'issued' AND (NEW.valid_until IS NOT NULL OR NEW.issue > 1)
BEGIN
    INSERT INTO maintained_awards (award_id, learner_id, achievement, wake_at)
    SELECT id, learner_id, achievement, NEW.issued_at FROM awards WHERE id = NEW.award_id
    ON CONFLICT (award_id) DO UPDATE SET wake_at = excluded.wake_at, changes = changes + 1;
END;

-- Credit earned or lost may be what an award waits for.
CREATE TRIGGER maintained_awards_credited AFTER INSERT ON ledger_entries
BEGIN
    UPDATE maintained_awards
    SET wake_at = min(coalesce(wake_at, NEW.recorded_at), NEW.recorded_at), changes = changes + 1
    WHERE learner_id = NEW.learner_id AND opens_at <= NEW.recorded_at;
END;

CREATE TRIGGER maintained_awards_joined AFTER INSERT ON cpd_memberships
BEGIN
    UPDATE maintained_awards
    SET wake_at = min(coalesce(wake_at, NEW.recorded_at), NEW.recorded_at), changes = changes + 1
    WHERE learner_id = NEW.learner_id AND opens_at <= NEW.recorded_at;
END;

INSERT INTO maintained_awards (award_id, learner_id, achievement)
    SELECT DISTINCT a.id, a.learner_id, a.achievement FROM awards a
    JOIN credentials k ON k.award_id = a.id WHERE k.state <> 'prepared' AND k.valid_until IS NOT NULL;
