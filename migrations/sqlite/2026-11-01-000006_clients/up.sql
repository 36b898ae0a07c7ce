CREATE TABLE api_clients (
    id text NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 120),
    name text NOT NULL,
    provider text REFERENCES organisations (slug),
    role text NOT NULL CHECK (role IN ('provider', 'issuer', 'editor', 'registrar', 'revoker', 'auditor')),
    scopes text NOT NULL,
    jwks text,
    secret_hash text CHECK (length(secret_hash) = 64),
    created_at text NOT NULL,
    disabled_at text,
    CHECK (role <> 'provider' OR provider IS NOT NULL)
) STRICT;

CREATE TABLE api_keys (
    prefix text NOT NULL PRIMARY KEY,
    hash text NOT NULL UNIQUE CHECK (length(hash) = 64),
    client text NOT NULL REFERENCES api_clients (id),
    scopes text NOT NULL,
    created_at text NOT NULL,
    expires_at text,
    revoked_at text
) STRICT;

CREATE TABLE access_tokens (
    hash text NOT NULL PRIMARY KEY CHECK (length(hash) = 64),
    client text NOT NULL REFERENCES api_clients (id),
    scopes text NOT NULL,
    created_at text NOT NULL,
    expires_at text NOT NULL
) STRICT;

CREATE INDEX access_tokens_expiry ON access_tokens (expires_at);

-- Assertions (private_key_jwt) that were used; none may be used again while it lasts.
CREATE TABLE used_assertions (
    client text NOT NULL,
    jti_digest text NOT NULL,
    expires_at text NOT NULL,
    PRIMARY KEY (client, jti_digest)
) STRICT;

CREATE INDEX used_assertions_expiry ON used_assertions (expires_at);
