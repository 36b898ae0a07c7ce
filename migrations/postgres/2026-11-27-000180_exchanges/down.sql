DROP TRIGGER wallet_offers_exchanged ON wallet_offers;
DROP INDEX wallet_offers_exchange;
ALTER TABLE presentation_requests DROP COLUMN exchange_digest;
ALTER TABLE presentation_requests DROP COLUMN exchange_begun_at;
ALTER TABLE wallet_offers DROP COLUMN exchange_holder;
ALTER TABLE wallet_offers DROP COLUMN exchange_begun_at;
ALTER TABLE wallet_offers DROP COLUMN exchange_digest;
