-- Systems that registered themselves at the service API of Open Badges, to act for learners who let them.
CREATE TABLE passport_clients (
    id text NOT NULL PRIMARY KEY,
    secret_digest text NOT NULL CHECK (length(secret_digest) = 64),
    name text NOT NULL,
    redirect_uris text NOT NULL,
    scopes text NOT NULL,
    registered_at timestamp NOT NULL,
    used_at timestamp
);

-- That a learner lets one of them act: from the code that the learner is given, by way of the authorisation code,
-- to the tokens, each as a keyed digest and each good once.
CREATE TABLE passport_grants (
    id text NOT NULL PRIMARY KEY,
    learner_id text NOT NULL REFERENCES learners (id),
    made_by text NOT NULL,
    made_at timestamp NOT NULL,
    connection_digest text NOT NULL UNIQUE CHECK (length(connection_digest) = 64),
    connection_expires_at timestamp NOT NULL,
    client_id text REFERENCES passport_clients (id),
    scopes text,
    code_digest text UNIQUE CHECK (length(code_digest) = 64),
    code_expires_at timestamp,
    bound_digest text CHECK (length(bound_digest) = 64),
    access_digest text UNIQUE CHECK (length(access_digest) = 64),
    access_expires_at timestamp,
    refresh_digest text UNIQUE CHECK (length(refresh_digest) = 64),
    refresh_expires_at timestamp,
    revoked_at timestamp,
    CHECK ((client_id IS NULL) = (code_digest IS NULL)),
    CHECK ((client_id IS NULL) = (scopes IS NULL)),
    CHECK ((access_digest IS NULL) = (access_expires_at IS NULL)),
    CHECK (access_digest IS NULL OR client_id IS NOT NULL)
);

CREATE INDEX passport_grants_learner ON passport_grants (learner_id);

-- Others' credentials that were put into a learner's passport. The name is a keyed digest of learner, issuer and id.
CREATE TABLE passport_credentials (
    id text NOT NULL PRIMARY KEY,
    learner_id text NOT NULL REFERENCES learners (id),
    name_digest text NOT NULL UNIQUE CHECK (length(name_digest) = 64),
    body text NOT NULL,
    is_token boolean NOT NULL,
    valid_from timestamp NOT NULL,
    received_at timestamp NOT NULL
);

CREATE INDEX passport_credentials_learner ON passport_credentials (learner_id, received_at);

-- What a learner says of themselves to other systems.
CREATE TABLE passport_profiles (
    learner_id text NOT NULL PRIMARY KEY REFERENCES learners (id),
    body text NOT NULL,
    updated_at timestamp NOT NULL
);
