-- What each client asked and had checked on each day. Nothing about anybody.
CREATE TABLE client_usage (
    client text NOT NULL REFERENCES api_clients (id),
    day date NOT NULL,
    requests bigint NOT NULL DEFAULT 0,
    valid bigint NOT NULL DEFAULT 0,
    invalid bigint NOT NULL DEFAULT 0,
    undetermined bigint NOT NULL DEFAULT 0,
    unreadable bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (client, day)
);
