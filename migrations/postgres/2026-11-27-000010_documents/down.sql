DROP TRIGGER credentials_intent_immutable ON credentials;
CREATE TRIGGER credentials_intent_immutable BEFORE UPDATE ON credentials FOR EACH ROW
    WHEN ((OLD.id, OLD.award_id, OLD.issue, OLD.issuer, OLD.status_list_id, OLD.status_index, OLD.unsigned,
           OLD.data_integrity_key, OLD.jwt_key, OLD.profile_version, OLD.created_at, OLD.valid_from, OLD.valid_until, OLD.prepared_at)
          IS DISTINCT FROM
          (NEW.id, NEW.award_id, NEW.issue, NEW.issuer, NEW.status_list_id, NEW.status_index, NEW.unsigned,
           NEW.data_integrity_key, NEW.jwt_key, NEW.profile_version, NEW.created_at, NEW.valid_from, NEW.valid_until, NEW.prepared_at))
    EXECUTE FUNCTION refuse('a stored intent never changes');
CREATE TRIGGER credentials_seed_immutable BEFORE UPDATE ON credentials FOR EACH ROW
    WHEN (OLD.disclosure_seed IS DISTINCT FROM NEW.disclosure_seed)
    EXECUTE FUNCTION refuse('a stored intent never changes');

-- What is stored stays as it is pressed; this is for what comes.
ALTER TABLE credentials
    ALTER COLUMN unsigned SET COMPRESSION default,
    ALTER COLUMN data_integrity SET COMPRESSION default,
    ALTER COLUMN vc_jwt SET STORAGE EXTENDED;
ALTER TABLE completions ALTER COLUMN body SET COMPRESSION default;
