-- Awards of programmes that stand although something that counted in them was revoked, until somebody decides.
CREATE TABLE award_reviews (
    award_id text NOT NULL REFERENCES awards (id),
    component_id text NOT NULL REFERENCES awards (id),
    opened_at text NOT NULL,
    closed_at text,
    closed_by text,
    decision text CHECK (decision IN ('kept', 'revoked')),
    PRIMARY KEY (award_id, component_id),
    CHECK ((closed_at IS NULL) = (closed_by IS NULL)),
    CHECK ((closed_at IS NULL) = (decision IS NULL))
) STRICT;

CREATE INDEX award_reviews_open ON award_reviews (opened_at, award_id) WHERE closed_at IS NULL;
