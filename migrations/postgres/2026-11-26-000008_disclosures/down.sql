DROP TRIGGER credentials_seed_immutable ON credentials;
ALTER TABLE credentials DROP COLUMN disclosure_seed;
