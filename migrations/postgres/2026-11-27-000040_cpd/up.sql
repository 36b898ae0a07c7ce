CREATE TABLE cpd_schemes (
    slug text NOT NULL PRIMARY KEY,
    body text NOT NULL,
    current boolean NOT NULL
);

-- Since when a learner counts under a scheme. What was stated before stays.
CREATE TABLE cpd_memberships (
    id text NOT NULL PRIMARY KEY,
    learner_id text NOT NULL REFERENCES learners (id),
    scheme text NOT NULL REFERENCES cpd_schemes (slug),
    joined_on date NOT NULL,
    stated_by text NOT NULL,
    recorded_at timestamp NOT NULL
);

CREATE INDEX cpd_memberships_learner ON cpd_memberships (learner_id, scheme, recorded_at);

-- What a line is about that no completion made: title, category, evidence, who stated it.
ALTER TABLE ledger_entries ADD COLUMN details text
    CHECK (details IS NOT NULL OR kind NOT IN ('activity', 'adjustment', 'transfer'));

-- An adjustment takes two people: one asks, another decides.
CREATE TABLE ledger_adjustments (
    id text NOT NULL PRIMARY KEY,
    learner_id text NOT NULL REFERENCES learners (id),
    body text NOT NULL,
    requested_by text NOT NULL,
    requested_at timestamp NOT NULL,
    decided_by text,
    decided_at timestamp,
    decision text CHECK (decision IN ('approved', 'refused')),
    entry_id text UNIQUE,
    CHECK (decided_by IS NULL OR decided_by <> requested_by),
    CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
    CHECK ((decided_by IS NULL) = (decision IS NULL)),
    CHECK ((entry_id IS NOT NULL) = (decision IS NOT NULL AND decision = 'approved'))
);

CREATE INDEX ledger_adjustments_waiting ON ledger_adjustments (requested_at, id) WHERE decision IS NULL;

CREATE TRIGGER cpd_memberships_immutable BEFORE UPDATE OR DELETE ON cpd_memberships FOR EACH ROW
    EXECUTE FUNCTION refuse('what was stated of a membership stays');
CREATE TRIGGER ledger_adjustments_stay BEFORE DELETE ON ledger_adjustments FOR EACH ROW
    EXECUTE FUNCTION refuse('an adjustment that was asked for is never deleted');
CREATE TRIGGER ledger_adjustments_once BEFORE UPDATE ON ledger_adjustments FOR EACH ROW
    WHEN (OLD.decision IS NOT NULL
        OR (OLD.id, OLD.learner_id, OLD.body, OLD.requested_by, OLD.requested_at)
            IS DISTINCT FROM (NEW.id, NEW.learner_id, NEW.body, NEW.requested_by, NEW.requested_at))
    EXECUTE FUNCTION refuse('an adjustment is decided once, as it was asked for');

CREATE FUNCTION adjustment_was_approved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM ledger_adjustments
                   WHERE entry_id = NEW.id AND learner_id = NEW.learner_id AND decision = 'approved') THEN
        RAISE EXCEPTION 'an adjustment is written only when a second person approved it' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER ledger_entries_two_people BEFORE INSERT ON ledger_entries FOR EACH ROW
    WHEN (NEW.kind = 'adjustment') EXECUTE FUNCTION adjustment_was_approved();
