DROP TRIGGER credentials_intent_immutable;
CREATE TRIGGER credentials_intent_immutable BEFORE UPDATE ON credentials
WHEN (OLD.id, OLD.award_id, OLD.issue, OLD.issuer, OLD.status_list_id, OLD.status_index, OLD.unsigned,
      OLD.data_integrity_key, OLD.jwt_key, OLD.profile_version, OLD.created_at, OLD.valid_from, OLD.valid_until, OLD.prepared_at)
     IS NOT
     (NEW.id, NEW.award_id, NEW.issue, NEW.issuer, NEW.status_list_id, NEW.status_index, NEW.unsigned,
      NEW.data_integrity_key, NEW.jwt_key, NEW.profile_version, NEW.created_at, NEW.valid_from, NEW.valid_until, NEW.prepared_at)
BEGIN SELECT RAISE(ABORT, 'a stored intent never changes'); END;
CREATE TRIGGER credentials_seed_immutable BEFORE UPDATE ON credentials
WHEN OLD.disclosure_seed IS NOT NEW.disclosure_seed
BEGIN SELECT RAISE(ABORT, 'a stored intent never changes'); END;
