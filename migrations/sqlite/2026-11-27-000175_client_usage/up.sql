-- What each client asked and had checked on each day. Nothing about anybody.
CREATE TABLE client_usage (
    client text NOT NULL REFERENCES api_clients (id),
    day text NOT NULL,
    requests integer NOT NULL DEFAULT 0,
    valid integer NOT NULL DEFAULT 0,
    invalid integer NOT NULL DEFAULT 0,
    undetermined integer NOT NULL DEFAULT 0,
    unreadable integer NOT NULL DEFAULT 0,
    PRIMARY KEY (client, day)
) STRICT;
