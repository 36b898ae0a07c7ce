-- What a verifier asks of holders. The address of a request is a secret, kept as a keyed digest. The answer is about
-- whoever presented, who need not be known here: it lies sealed under a key of its own, which goes with it.
CREATE TABLE presentation_requests (
    id text NOT NULL PRIMARY KEY,
    client text NOT NULL REFERENCES api_clients (id),
    secret_digest text NOT NULL UNIQUE CHECK (length(secret_digest) = 64),
    -- The name under which the request is signed, for which the answer must be made.
    audience text NOT NULL,
    asked text NOT NULL,
    created_at timestamp NOT NULL,
    expires_at timestamp NOT NULL,
    answered_at timestamp,
    response_digest text CHECK (length(response_digest) = 64),
    answer_key bytea,
    answer text,
    kept_until timestamp NOT NULL,
    CHECK (created_at < expires_at AND expires_at <= kept_until),
    CHECK ((answer IS NULL) = (answer_key IS NULL)),
    CHECK (answer IS NULL OR answered_at IS NOT NULL)
);

CREATE INDEX presentation_requests_kept ON presentation_requests (kept_until);

CREATE TRIGGER presentation_requests_once BEFORE UPDATE ON presentation_requests FOR EACH ROW
    WHEN (OLD.answered_at IS NOT NULL AND (NEW.answered_at IS DISTINCT FROM OLD.answered_at OR NEW.answer IS NOT NULL))
    EXECUTE FUNCTION refuse('a request is answered once');

-- Whose credentials an answer is about, as far as they are known here, so that it goes when they are erased.
CREATE TABLE presentation_people (
    request_id text NOT NULL REFERENCES presentation_requests (id),
    learner_id text NOT NULL REFERENCES learners (id),
    PRIMARY KEY (request_id, learner_id)
);

CREATE INDEX presentation_people_learner ON presentation_people (learner_id);
