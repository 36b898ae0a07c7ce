-- A completion that its provider stated anew: `completion_id` takes the place of `corrects_id`, which stays as it was
-- stated. Each is corrected once; a further correction corrects the correction.
--
-- `completions.natural_key` and `occasion` say which completion answers to a reference or an occasion now. When one is
-- corrected, its successor takes them over, and its own become `superseded:` and its id; the occasion of one that is
-- withdrawn becomes `withdrawn:` and its id.
CREATE TABLE completion_corrections (
    completion_id text NOT NULL PRIMARY KEY REFERENCES completions (id),
    corrects_id text NOT NULL UNIQUE REFERENCES completions (id),
    CHECK (completion_id <> corrects_id)
) STRICT;

-- A completion that its provider took back.
CREATE TABLE completion_withdrawals (
    completion_id text NOT NULL PRIMARY KEY REFERENCES completions (id),
    reason text NOT NULL,
    withdrawn_by text NOT NULL,
    withdrawn_at text NOT NULL
) STRICT;

-- The award in whose place this one counts since that was corrected. The row of that other award stays: it says what
-- the programme's award was made of when it was made.
ALTER TABLE award_components ADD COLUMN replaces text;

CREATE TRIGGER completion_corrections_immutable BEFORE UPDATE ON completion_corrections
BEGIN SELECT RAISE(ABORT, 'what a completion corrects never changes'); END;
CREATE TRIGGER completion_corrections_stay BEFORE DELETE ON completion_corrections
BEGIN SELECT RAISE(ABORT, 'what a completion corrects never changes'); END;
CREATE TRIGGER completion_withdrawals_immutable BEFORE UPDATE ON completion_withdrawals
BEGIN SELECT RAISE(ABORT, 'a withdrawal never changes'); END;
CREATE TRIGGER completion_withdrawals_stay BEFORE DELETE ON completion_withdrawals
BEGIN SELECT RAISE(ABORT, 'a withdrawal never changes'); END;

-- What was stated is not overwritten by a correction.
CREATE TRIGGER completions_immutable
    BEFORE UPDATE OF id, client, provider, learner_id, achievement, achievement_version, completed_at, source, programme,
        received_at
    ON completions
BEGIN SELECT RAISE(ABORT, 'what a completion stated never changes'); END;

CREATE TRIGGER award_components_replacing BEFORE INSERT ON award_components
WHEN NEW.replaces IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM award_components o WHERE o.award_id = NEW.award_id AND o.component_id = NEW.replaces)
BEGIN SELECT RAISE(ABORT, 'an award counts in the place of one that counted there'); END;
