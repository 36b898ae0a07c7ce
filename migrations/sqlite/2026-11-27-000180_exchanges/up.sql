-- An exchange of the VC API, by which a wallet takes an offer or answers a request. The secret in its address is
-- there as a keyed digest. Of an offer with a transaction code there is one only once that code was given.
ALTER TABLE wallet_offers ADD COLUMN exchange_digest text CHECK (length(exchange_digest) = 64);
ALTER TABLE wallet_offers ADD COLUMN exchange_begun_at text;
-- A keyed digest of the holder who took the offer there: whoever lost the answer proves to be the same.
ALTER TABLE wallet_offers ADD COLUMN exchange_holder text
    CHECK (exchange_holder IS NULL OR (length(exchange_holder) = 64 AND taken_at IS NOT NULL));
CREATE UNIQUE INDEX wallet_offers_exchange ON wallet_offers (exchange_digest);

ALTER TABLE presentation_requests ADD COLUMN exchange_begun_at text;
-- A keyed digest of the presentation that answered: the same again gets the same answer.
ALTER TABLE presentation_requests ADD COLUMN exchange_digest text
    CHECK (exchange_digest IS NULL OR (length(exchange_digest) = 64 AND answered_at IS NOT NULL));

-- An offer that was taken in an exchange stays with who took it.
CREATE TRIGGER wallet_offers_exchanged BEFORE UPDATE OF exchange_holder ON wallet_offers
WHEN OLD.exchange_holder IS NOT NULL AND NEW.exchange_holder IS NOT OLD.exchange_holder
BEGIN SELECT RAISE(ABORT, 'an offer stays with the holder who took it'); END;
