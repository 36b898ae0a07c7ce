-- Lists of credentials that a client has checked while it does something else. What it sent and what was found are
-- about whoever holds those credentials, known here or not: they lie sealed under a key of the job's own, which goes
-- with it.
CREATE TABLE verification_jobs (
    id text NOT NULL PRIMARY KEY,
    client text NOT NULL REFERENCES api_clients (id),
    -- 'receiving' until all of it has come; 'removed' once the key is gone and while the rest is being deleted.
    state text NOT NULL CHECK (state IN ('receiving', 'working', 'done', 'removed')),
    job_key bytea,
    -- How its credentials are checked; nothing about anybody.
    asked text NOT NULL,
    idempotency_digest text UNIQUE CHECK (length(idempotency_digest) = 64),
    body_digest text CHECK (length(body_digest) = 64),
    created_at timestamp NOT NULL,
    finished_at timestamp,
    kept_until timestamp,
    leased_by text,
    leased_until timestamp,
    counted bigint NOT NULL DEFAULT 0 CHECK (counted >= 0),
    valid bigint NOT NULL DEFAULT 0 CHECK (valid >= 0),
    invalid bigint NOT NULL DEFAULT 0 CHECK (invalid >= 0),
    undetermined bigint NOT NULL DEFAULT 0 CHECK (undetermined >= 0),
    unreadable bigint NOT NULL DEFAULT 0 CHECK (unreadable >= 0),
    CHECK ((job_key IS NULL) = (state = 'removed')),
    CHECK ((finished_at IS NULL) = (state IN ('receiving', 'working')) OR state = 'removed'),
    CHECK (valid + invalid + undetermined + unreadable <= counted),
    CHECK (state <> 'done' OR valid + invalid + undetermined + unreadable = counted),
    CHECK ((kept_until IS NULL) = (state = 'working'))
);

CREATE INDEX verification_jobs_client ON verification_jobs (client);
CREATE INDEX verification_jobs_working ON verification_jobs (created_at) WHERE state = 'working';
CREATE INDEX verification_jobs_kept ON verification_jobs (kept_until) WHERE kept_until IS NOT NULL;

-- Lines that are checked together: as they were sent, and in their stead what was found.
CREATE TABLE verification_job_groups (
    job_id text NOT NULL REFERENCES verification_jobs (id),
    first_line bigint NOT NULL,
    last_line bigint NOT NULL,
    -- How often it was taken on: what ends the process each time is not taken on for ever.
    tries integer NOT NULL DEFAULT 0,
    lines text,
    results text,
    PRIMARY KEY (job_id, first_line),
    CHECK (first_line <= last_line),
    CHECK ((lines IS NULL) <> (results IS NULL))
);

CREATE INDEX verification_job_groups_waiting ON verification_job_groups (job_id, first_line) WHERE results IS NULL;
