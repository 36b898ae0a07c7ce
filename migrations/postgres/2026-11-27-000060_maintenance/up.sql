-- Every maintenance policy as it was published, one after the other; without a body from when it was taken away.
CREATE TABLE maintenance_policies (
    slug text NOT NULL,
    number integer NOT NULL CHECK (number >= 1),
    body text,
    published_at timestamp NOT NULL,
    PRIMARY KEY (slug, number)
);

CREATE TRIGGER maintenance_policies_immutable BEFORE UPDATE OR DELETE ON maintenance_policies FOR EACH ROW
    EXECUTE FUNCTION refuse('a published policy never changes');

-- Awards whose credential ends, and when each is to be looked at next. Nothing here is a fact: all of it follows from
-- the other tables. What happens to its holder concerns an award from `opens_at` on; `changes` tells who looked at it
-- that something happened meanwhile.
CREATE TABLE maintained_awards (
    award_id text NOT NULL PRIMARY KEY REFERENCES awards (id),
    learner_id text NOT NULL REFERENCES learners (id),
    achievement text NOT NULL,
    opens_at timestamp,
    wake_at timestamp,
    changes integer NOT NULL DEFAULT 0
);

CREATE INDEX maintained_awards_waking ON maintained_awards (wake_at, award_id) WHERE wake_at IS NOT NULL;
CREATE INDEX maintained_awards_learner ON maintained_awards (learner_id, opens_at) WHERE opens_at IS NOT NULL;
CREATE INDEX maintained_awards_achievement ON maintained_awards (achievement, award_id);

-- What the holder was told, once for each credential.
CREATE TABLE maintenance_notices (
    credential_id text NOT NULL REFERENCES credentials (id),
    notice text NOT NULL,
    told_at timestamp NOT NULL,
    PRIMARY KEY (credential_id, notice)
);

CREATE TRIGGER maintenance_notices_immutable BEFORE UPDATE OR DELETE ON maintenance_notices FOR EACH ROW
    EXECUTE FUNCTION refuse('what was told stays told');

-- Up to which moment awards were looked at: a clock that goes back is noticed by it.
CREATE TABLE maintenance_state (
    id integer NOT NULL PRIMARY KEY CHECK (id = 1),
    looked_at timestamp NOT NULL
);

INSERT INTO maintenance_state (id, looked_at) VALUES (1, '1970-01-01 00:00:00');

-- A credential that ends, or takes the place of one that did, has its award looked at.
CREATE FUNCTION maintained_award_issued() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO maintained_awards (award_id, learner_id, achievement, wake_at)
    SELECT id, learner_id, achievement, NEW.issued_at FROM awards WHERE id = NEW.award_id
    ON CONFLICT (award_id) DO UPDATE SET wake_at = excluded.wake_at, changes = maintained_awards.changes + 1;
    RETURN NULL;
END $$;

CREATE TRIGGER maintained_awards_issued AFTER UPDATE OF state ON credentials FOR EACH ROW
    WHEN (OLD.state = 'prepared' AND NEW.state = 'issued' AND (NEW.valid_until IS NOT NULL OR NEW.issue > 1))
    EXECUTE FUNCTION maintained_award_issued();

-- Credit earned or lost may be what an award waits for. One statement for all the lines of a transaction.
CREATE FUNCTION maintained_awards_wake() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE maintained_awards m
    SET wake_at = least(coalesce(m.wake_at, news.recorded_at), news.recorded_at), changes = m.changes + 1
    FROM (SELECT learner_id, min(recorded_at) AS recorded_at FROM lines GROUP BY learner_id) news
    WHERE m.learner_id = news.learner_id AND m.opens_at <= news.recorded_at;
    RETURN NULL;
END $$;

CREATE TRIGGER maintained_awards_credited AFTER INSERT ON ledger_entries
    REFERENCING NEW TABLE AS lines FOR EACH STATEMENT EXECUTE FUNCTION maintained_awards_wake();
CREATE TRIGGER maintained_awards_joined AFTER INSERT ON cpd_memberships
    REFERENCING NEW TABLE AS lines FOR EACH STATEMENT EXECUTE FUNCTION maintained_awards_wake();

INSERT INTO maintained_awards (award_id, learner_id, achievement)
    SELECT DISTINCT a.id, a.learner_id, a.achievement FROM awards a
    JOIN credentials k ON k.award_id = a.id WHERE k.state <> 'prepared' AND k.valid_until IS NOT NULL;
