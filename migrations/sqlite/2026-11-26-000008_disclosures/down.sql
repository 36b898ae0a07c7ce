DROP TRIGGER credentials_seed_immutable;
ALTER TABLE credentials DROP COLUMN disclosure_seed;
