-- What the salts of an SD-JWT VC are drawn from. Profile 1 had no such form.
ALTER TABLE credentials ADD COLUMN disclosure_seed text
    CHECK (disclosure_seed IS NOT NULL OR profile_version = '1');

CREATE TRIGGER credentials_seed_immutable BEFORE UPDATE ON credentials FOR EACH ROW
    WHEN (OLD.disclosure_seed IS DISTINCT FROM NEW.disclosure_seed)
    EXECUTE FUNCTION refuse('a stored intent never changes');
