CREATE TABLE outbox (
    id text NOT NULL PRIMARY KEY,
    topic text NOT NULL,
    payload text NOT NULL,
    created_at timestamp NOT NULL,
    done_at timestamp
);

CREATE INDEX outbox_waiting ON outbox (created_at, id) WHERE done_at IS NULL;

CREATE TABLE jobs (
    kind text NOT NULL CHECK (kind = 'programme_evaluation'),
    award_id text NOT NULL REFERENCES awards (id),
    learner_id text NOT NULL REFERENCES learners (id),
    created_at timestamp NOT NULL,
    done_at timestamp,
    PRIMARY KEY (kind, award_id)
);

CREATE INDEX jobs_waiting ON jobs (created_at, award_id) WHERE done_at IS NULL;
