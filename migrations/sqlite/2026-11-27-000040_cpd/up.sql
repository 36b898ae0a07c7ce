CREATE TABLE cpd_schemes (
    slug text NOT NULL PRIMARY KEY,
    body text NOT NULL,
    current integer NOT NULL
) STRICT;

-- Since when a learner counts under a scheme. What was stated before stays.
CREATE TABLE cpd_memberships (
    id text NOT NULL PRIMARY KEY,
    learner_id text NOT NULL REFERENCES learners (id),
    scheme text NOT NULL REFERENCES cpd_schemes (slug),
    joined_on text NOT NULL,
    stated_by text NOT NULL,
    recorded_at text NOT NULL
) STRICT;

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
    requested_at text NOT NULL,
    decided_by text,
    decided_at text,
    decision text CHECK (decision IN ('approved', 'refused')),
    entry_id text UNIQUE,
    CHECK (decided_by IS NULL OR decided_by <> requested_by),
    CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
    CHECK ((decided_by IS NULL) = (decision IS NULL)),
    CHECK ((entry_id IS NOT NULL) = (decision IS NOT NULL AND decision = 'approved'))
) STRICT;

CREATE INDEX ledger_adjustments_waiting ON ledger_adjustments (requested_at, id) WHERE decision IS NULL;

CREATE TRIGGER cpd_memberships_immutable BEFORE UPDATE ON cpd_memberships
BEGIN SELECT RAISE(ABORT, 'what was stated of a membership stays'); END;
CREATE TRIGGER cpd_memberships_stay BEFORE DELETE ON cpd_memberships
BEGIN SELECT RAISE(ABORT, 'what was stated of a membership stays'); END;
CREATE TRIGGER ledger_adjustments_stay BEFORE DELETE ON ledger_adjustments
BEGIN SELECT RAISE(ABORT, 'an adjustment that was asked for is never deleted'); END;
CREATE TRIGGER ledger_adjustments_once BEFORE UPDATE ON ledger_adjustments
WHEN OLD.decision IS NOT NULL
    OR (OLD.id, OLD.learner_id, OLD.body, OLD.requested_by, OLD.requested_at)
        IS NOT (NEW.id, NEW.learner_id, NEW.body, NEW.requested_by, NEW.requested_at)
BEGIN SELECT RAISE(ABORT, 'an adjustment is decided once, as it was asked for'); END;

CREATE TRIGGER ledger_entries_two_people BEFORE INSERT ON ledger_entries
WHEN NEW.kind = 'adjustment'
    AND NOT EXISTS (SELECT 1 FROM ledger_adjustments
                    WHERE entry_id = NEW.id AND learner_id = NEW.learner_id AND decision = 'approved')
BEGIN SELECT RAISE(ABORT, 'an adjustment is written only when a second person approved it'); END;
