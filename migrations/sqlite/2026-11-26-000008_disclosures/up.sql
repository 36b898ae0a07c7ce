-- What the salts of an SD-JWT VC are drawn from. Profile 1 had no such form.
ALTER TABLE credentials ADD COLUMN disclosure_seed text
    CHECK (disclosure_seed IS NOT NULL OR profile_version = '1');

CREATE TRIGGER credentials_seed_immutable BEFORE UPDATE ON credentials
WHEN OLD.disclosure_seed IS NOT NEW.disclosure_seed
BEGIN SELECT RAISE(ABORT, 'a stored intent never changes'); END;
