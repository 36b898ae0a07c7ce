-- What learners write of a period, where their scheme asks for it. What was written before stays.
CREATE TABLE cpd_statements (
    id text NOT NULL PRIMARY KEY,
    learner_id text NOT NULL REFERENCES learners (id),
    scheme text NOT NULL REFERENCES cpd_schemes (slug),
    -- A day of the period: which period that is, follows from when the learner joined.
    day text NOT NULL,
    body text NOT NULL,
    stated_by text NOT NULL,
    recorded_at text NOT NULL
) STRICT;

CREATE INDEX cpd_statements_learner ON cpd_statements (learner_id, scheme, recorded_at);

CREATE TRIGGER cpd_statements_immutable BEFORE UPDATE ON cpd_statements
BEGIN SELECT RAISE(ABORT, 'what was written of a period stays'); END;
CREATE TRIGGER cpd_statements_stay BEFORE DELETE ON cpd_statements
BEGIN SELECT RAISE(ABORT, 'what was written of a period stays'); END;
