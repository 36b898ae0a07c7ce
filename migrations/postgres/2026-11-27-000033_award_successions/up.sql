-- A later award that supersedes an earlier one, such as a diploma the certificate it was built on. Both stand.
CREATE TABLE award_successions (
    award_id text NOT NULL PRIMARY KEY REFERENCES awards (id),
    successor_id text NOT NULL REFERENCES awards (id),
    CHECK (award_id <> successor_id)
);

CREATE INDEX award_successions_successor ON award_successions (successor_id);

CREATE TRIGGER award_successions_immutable BEFORE UPDATE OR DELETE ON award_successions FOR EACH ROW
    EXECUTE FUNCTION refuse('what an award supersedes never changes');
