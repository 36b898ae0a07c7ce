-- What is offered to a wallet of one credential. An offer leads to an access token, perhaps by an authorisation
-- code, and each step is taken once, so one row holds all of it. Codes and tokens are there as keyed digests; the
-- key of the wallet lies sealed under the key of the badge's holder.
CREATE TABLE wallet_offers (
    id text NOT NULL PRIMARY KEY,
    credential_id text NOT NULL REFERENCES credentials (id),
    offered_by text NOT NULL,
    code_digest text NOT NULL UNIQUE CHECK (length(code_digest) = 64),
    state_digest text NOT NULL UNIQUE CHECK (length(state_digest) = 64),
    transaction_digest text CHECK (length(transaction_digest) = 64),
    tries integer NOT NULL CHECK (tries >= 0),
    created_at timestamp NOT NULL,
    expires_at timestamp NOT NULL,
    authorisation_digest text UNIQUE CHECK (length(authorisation_digest) = 64),
    authorisation_expires_at timestamp,
    -- Of the wallet's name, its address and its code challenge.
    authorised_digest text CHECK (length(authorised_digest) = 64),
    taken_at timestamp,
    token_digest text UNIQUE CHECK (length(token_digest) = 64),
    token_expires_at timestamp,
    holder text,
    CHECK (created_at < expires_at),
    CHECK ((authorisation_digest IS NULL) = (authorisation_expires_at IS NULL)),
    CHECK ((authorisation_digest IS NULL) = (authorised_digest IS NULL)),
    CHECK ((token_digest IS NULL) = (token_expires_at IS NULL)),
    CHECK (token_digest IS NULL OR taken_at IS NOT NULL)
);

CREATE INDEX wallet_offers_credential ON wallet_offers (credential_id);
CREATE INDEX wallet_offers_expiry ON wallet_offers (expires_at);

-- An offer is taken once, and by one wallet.
CREATE TRIGGER wallet_offers_once BEFORE UPDATE ON wallet_offers FOR EACH ROW
    WHEN ((OLD.taken_at IS NOT NULL AND NEW.taken_at IS DISTINCT FROM OLD.taken_at)
    OR (OLD.holder IS NOT NULL AND NEW.holder IS DISTINCT FROM OLD.holder)
    OR NEW.tries > OLD.tries)
    EXECUTE FUNCTION refuse('an offer is taken once, and by one wallet');

-- What a wallet was given under an offer, or is still to be given, and what it says became of it.
CREATE TABLE wallet_issues (
    id text NOT NULL PRIMARY KEY,
    offer_id text NOT NULL REFERENCES wallet_offers (id),
    form text NOT NULL CHECK (form IN ('dc+sd-jwt', 'ldp_vc', 'jwt_vc_json')),
    asked_at timestamp NOT NULL,
    issued_at timestamp,
    event text CHECK (event IN ('credential_accepted', 'credential_failure', 'credential_deleted')),
    event_at timestamp,
    CHECK ((event IS NULL) = (event_at IS NULL))
);

CREATE INDEX wallet_issues_offer ON wallet_issues (offer_id);

-- Nonces that were used; none may be used again while it lasts.
CREATE TABLE wallet_nonces (
    digest text NOT NULL PRIMARY KEY CHECK (length(digest) = 64),
    expires_at timestamp NOT NULL
);

CREATE INDEX wallet_nonces_expiry ON wallet_nonces (expires_at);
