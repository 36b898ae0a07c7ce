-- A later award that supersedes an earlier one, such as a diploma the certificate it was built on. Both stand.
CREATE TABLE award_successions (
    award_id text NOT NULL PRIMARY KEY REFERENCES awards (id),
    successor_id text NOT NULL REFERENCES awards (id),
    CHECK (award_id <> successor_id)
) STRICT;

CREATE INDEX award_successions_successor ON award_successions (successor_id);

CREATE TRIGGER award_successions_immutable BEFORE UPDATE ON award_successions
BEGIN SELECT RAISE(ABORT, 'what an award supersedes never changes'); END;
CREATE TRIGGER award_successions_stay BEFORE DELETE ON award_successions
BEGIN SELECT RAISE(ABORT, 'what an award supersedes never changes'); END;
