-- What is sealed stays sealed, and cannot be read without this: go back only with nothing in the tables.
DROP TRIGGER credentials_intent_immutable;
CREATE TRIGGER credentials_intent_immutable
    BEFORE UPDATE OF id, award_id, issue, issuer, status_list_id, status_index, unsigned, data_integrity_key, jwt_key,
        profile_version, created_at, valid_from, valid_until, prepared_at, disclosure_seed
    ON credentials
WHEN (OLD.id, OLD.award_id, OLD.issue, OLD.issuer, OLD.status_list_id, OLD.status_index, OLD.unsigned,
      OLD.data_integrity_key, OLD.jwt_key, OLD.profile_version, OLD.created_at, OLD.valid_from, OLD.valid_until,
      OLD.prepared_at, OLD.disclosure_seed)
     IS NOT
     (NEW.id, NEW.award_id, NEW.issue, NEW.issuer, NEW.status_list_id, NEW.status_index, NEW.unsigned,
      NEW.data_integrity_key, NEW.jwt_key, NEW.profile_version, NEW.created_at, NEW.valid_from, NEW.valid_until,
      NEW.prepared_at, NEW.disclosure_seed)
BEGIN SELECT RAISE(ABORT, 'a stored intent never changes'); END;
DROP TRIGGER credentials_signed_immutable;
CREATE TRIGGER credentials_signed_immutable BEFORE UPDATE OF proof, vc_jwt, issued_at ON credentials
WHEN OLD.state <> 'prepared'
    AND (OLD.proof, OLD.vc_jwt, OLD.issued_at) IS NOT (NEW.proof, NEW.vc_jwt, NEW.issued_at)
BEGIN SELECT RAISE(ABORT, 'a signed credential never changes'); END;
DROP TRIGGER ledger_adjustments_once;
CREATE TRIGGER ledger_adjustments_once BEFORE UPDATE ON ledger_adjustments
WHEN OLD.decision IS NOT NULL
    OR (OLD.id, OLD.learner_id, OLD.body, OLD.requested_by, OLD.requested_at)
        IS NOT (NEW.id, NEW.learner_id, NEW.body, NEW.requested_by, NEW.requested_at)
BEGIN SELECT RAISE(ABORT, 'an adjustment is decided once, as it was asked for'); END;
DROP TRIGGER ledger_entries_append_only;
CREATE TRIGGER ledger_entries_append_only BEFORE UPDATE ON ledger_entries
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
ALTER TABLE completions DROP COLUMN evidenced;
DROP TABLE erased_occasions;
DROP TABLE person_keys;
DROP TABLE erasures;
