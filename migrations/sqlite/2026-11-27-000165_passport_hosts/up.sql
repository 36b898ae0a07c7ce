-- Other hosts of the service API of Open Badges at which a learner keeps badges, and that the learner lets this service
-- read and fill. Which they are, and the tokens for them, lie sealed under the learner's key.
CREATE TABLE passport_hosts (
    id text NOT NULL PRIMARY KEY,
    learner_id text NOT NULL REFERENCES learners (id),
    host_digest text NOT NULL UNIQUE CHECK (length(host_digest) = 64),
    made_by text NOT NULL,
    made_at text NOT NULL,
    details text NOT NULL,
    state_digest text UNIQUE CHECK (length(state_digest) = 64),
    state_expires_at text,
    connected_at text,
    CHECK ((state_digest IS NULL) = (state_expires_at IS NULL)),
    CHECK ((state_digest IS NULL) = (connected_at IS NOT NULL))
) STRICT;

CREATE INDEX passport_hosts_learner ON passport_hosts (learner_id);
