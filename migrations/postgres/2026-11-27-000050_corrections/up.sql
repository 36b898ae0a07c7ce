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
);

-- A completion that its provider took back.
CREATE TABLE completion_withdrawals (
    completion_id text NOT NULL PRIMARY KEY REFERENCES completions (id),
    reason text NOT NULL,
    withdrawn_by text NOT NULL,
    withdrawn_at timestamp NOT NULL
);

-- The award in whose place this one counts since that was corrected. The row of that other award stays: it says what
-- the programme's award was made of when it was made.
ALTER TABLE award_components ADD COLUMN replaces text,
    ADD FOREIGN KEY (award_id, replaces) REFERENCES award_components (award_id, component_id);

CREATE TRIGGER completion_corrections_immutable BEFORE UPDATE OR DELETE ON completion_corrections FOR EACH ROW
    EXECUTE FUNCTION refuse('what a completion corrects never changes');
CREATE TRIGGER completion_withdrawals_immutable BEFORE UPDATE OR DELETE ON completion_withdrawals FOR EACH ROW
    EXECUTE FUNCTION refuse('a withdrawal never changes');

-- What was stated is not overwritten by a correction.
CREATE TRIGGER completions_immutable
    BEFORE UPDATE OF id, client, provider, learner_id, achievement, achievement_version, completed_at, source, programme,
        received_at
    ON completions FOR EACH ROW
    EXECUTE FUNCTION refuse('what a completion stated never changes');
