-- What is sealed stays sealed, and cannot be read without this: go back only with nothing in the tables.
DROP TRIGGER credentials_intent_immutable ON credentials;
CREATE TRIGGER credentials_intent_immutable
    BEFORE UPDATE OF id, award_id, issue, issuer, status_list_id, status_index, unsigned, data_integrity_key, jwt_key,
        profile_version, created_at, valid_from, valid_until, prepared_at, disclosure_seed
    ON credentials FOR EACH ROW
    WHEN ((OLD.id, OLD.award_id, OLD.issue, OLD.issuer, OLD.status_list_id, OLD.status_index, OLD.unsigned,
           OLD.data_integrity_key, OLD.jwt_key, OLD.profile_version, OLD.created_at, OLD.valid_from, OLD.valid_until,
           OLD.prepared_at, OLD.disclosure_seed)
          IS DISTINCT FROM
          (NEW.id, NEW.award_id, NEW.issue, NEW.issuer, NEW.status_list_id, NEW.status_index, NEW.unsigned,
           NEW.data_integrity_key, NEW.jwt_key, NEW.profile_version, NEW.created_at, NEW.valid_from, NEW.valid_until,
           NEW.prepared_at, NEW.disclosure_seed))
    EXECUTE FUNCTION refuse('a stored intent never changes');
DROP TRIGGER credentials_signed_immutable ON credentials;
CREATE TRIGGER credentials_signed_immutable BEFORE UPDATE OF proof, vc_jwt, issued_at ON credentials FOR EACH ROW
    WHEN (OLD.state <> 'prepared'
          AND (OLD.proof, OLD.vc_jwt, OLD.issued_at) IS DISTINCT FROM (NEW.proof, NEW.vc_jwt, NEW.issued_at))
    EXECUTE FUNCTION refuse('a signed credential never changes');
DROP TRIGGER ledger_adjustments_once ON ledger_adjustments;
CREATE TRIGGER ledger_adjustments_once BEFORE UPDATE ON ledger_adjustments FOR EACH ROW
    WHEN (OLD.decision IS NOT NULL
        OR (OLD.id, OLD.learner_id, OLD.body, OLD.requested_by, OLD.requested_at)
            IS DISTINCT FROM (NEW.id, NEW.learner_id, NEW.body, NEW.requested_by, NEW.requested_at))
    EXECUTE FUNCTION refuse('an adjustment is decided once, as it was asked for');
DROP TRIGGER ledger_entries_stay ON ledger_entries;
DROP TRIGGER ledger_entries_append_only ON ledger_entries;
CREATE TRIGGER ledger_entries_append_only BEFORE UPDATE OR DELETE ON ledger_entries FOR EACH ROW
    EXECUTE FUNCTION refuse('the ledger is append-only');
ALTER TABLE completions DROP COLUMN evidenced;
DROP TABLE erased_occasions;
DROP TABLE person_keys;
DROP FUNCTION person_was_erased();
DROP FUNCTION person_is_erased();
DROP TABLE erasures;
ALTER TABLE completions ALTER COLUMN body SET STORAGE EXTENDED;
ALTER TABLE credentials ALTER COLUMN unsigned SET STORAGE EXTENDED, ALTER COLUMN proof SET STORAGE EXTENDED;
ALTER TABLE ledger_entries ALTER COLUMN details SET STORAGE EXTENDED;
ALTER TABLE ledger_adjustments ALTER COLUMN body SET STORAGE EXTENDED;
