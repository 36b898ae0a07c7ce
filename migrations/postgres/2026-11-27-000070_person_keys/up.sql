-- What is known of a person is sealed under a key of their own, and that under a key of the vault. Deleting it is
-- what erases them: see docs/erasure.md.
CREATE TABLE person_keys (
    learner_id text NOT NULL PRIMARY KEY REFERENCES learners (id),
    sealed bytea NOT NULL CHECK (octet_length(sealed) = 72)
);

-- Who was erased. `id` is what the log calls it, because learners are not named there.
CREATE TABLE erasures (
    id text NOT NULL PRIMARY KEY,
    learner_id text NOT NULL UNIQUE REFERENCES learners (id),
    erased_at timestamp NOT NULL,
    erased_by text NOT NULL
);

-- What a provider may post again about somebody who was erased: keyed digests of provider, identifier, achievement
-- and time, which lead to nobody.
CREATE TABLE erased_occasions (digest text NOT NULL PRIMARY KEY);

CREATE TRIGGER person_keys_immutable BEFORE UPDATE ON person_keys FOR EACH ROW
    EXECUTE FUNCTION refuse('a person''s key never changes');
CREATE FUNCTION person_was_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM erasures WHERE learner_id = OLD.learner_id) THEN
        RAISE EXCEPTION 'a person''s key goes only when they are erased' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER person_keys_stay BEFORE DELETE ON person_keys FOR EACH ROW EXECUTE FUNCTION person_was_erased();
CREATE FUNCTION person_is_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM erasures WHERE learner_id = NEW.learner_id) THEN
        RAISE EXCEPTION 'who was erased gets no key' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER person_keys_once BEFORE INSERT ON person_keys FOR EACH ROW EXECUTE FUNCTION person_is_erased();
CREATE TRIGGER erasures_immutable BEFORE UPDATE OR DELETE ON erasures FOR EACH ROW
    EXECUTE FUNCTION refuse('an erasure stays recorded');

-- Whether evidence was stated, which nobody can look for any more in what is sealed.
ALTER TABLE completions ADD COLUMN evidenced boolean NOT NULL DEFAULT false;
UPDATE completions SET evidenced = true WHERE body LIKE '%,"evidence":[{%';

-- Sealed text does not get smaller: it was pressed before.
ALTER TABLE completions ALTER COLUMN body SET STORAGE EXTERNAL;
ALTER TABLE credentials ALTER COLUMN unsigned SET STORAGE EXTERNAL, ALTER COLUMN proof SET STORAGE EXTERNAL;
ALTER TABLE ledger_entries ALTER COLUMN details SET STORAGE EXTERNAL;
ALTER TABLE ledger_adjustments ALTER COLUMN body SET STORAGE EXTERNAL;

-- What was there before may be sealed later, once; nothing else about it changes.
DROP TRIGGER credentials_intent_immutable ON credentials;
CREATE TRIGGER credentials_intent_immutable
    BEFORE UPDATE OF id, award_id, issue, issuer, status_list_id, status_index, unsigned, data_integrity_key, jwt_key,
        profile_version, created_at, valid_from, valid_until, prepared_at, disclosure_seed
    ON credentials FOR EACH ROW
    WHEN ((OLD.unsigned IS DISTINCT FROM NEW.unsigned
           AND coalesce(left(OLD.unsigned, 1) <> '{' OR left(NEW.unsigned, 1) <> chr(2), true))
          OR (OLD.id, OLD.award_id, OLD.issue, OLD.issuer, OLD.status_list_id, OLD.status_index, OLD.data_integrity_key,
         OLD.jwt_key, OLD.profile_version, OLD.created_at, OLD.valid_from, OLD.valid_until, OLD.prepared_at,
         OLD.disclosure_seed)
             IS DISTINCT FROM
             (NEW.id, NEW.award_id, NEW.issue, NEW.issuer, NEW.status_list_id, NEW.status_index, NEW.data_integrity_key,
         NEW.jwt_key, NEW.profile_version, NEW.created_at, NEW.valid_from, NEW.valid_until, NEW.prepared_at,
         NEW.disclosure_seed))
    EXECUTE FUNCTION refuse('a stored intent never changes');
DROP TRIGGER credentials_signed_immutable ON credentials;
CREATE TRIGGER credentials_signed_immutable BEFORE UPDATE OF proof, vc_jwt, issued_at ON credentials FOR EACH ROW
    WHEN (OLD.state <> 'prepared'
          AND (OLD.issued_at IS DISTINCT FROM NEW.issued_at
               OR ((OLD.proof, OLD.vc_jwt) IS DISTINCT FROM (NEW.proof, NEW.vc_jwt)
                   AND coalesce(left(OLD.proof, 1) <> '[' OR left(NEW.proof, 1) <> chr(2)
                                OR (OLD.vc_jwt <> NEW.vc_jwt AND left(NEW.vc_jwt, 1) <> chr(2)), true))))
    EXECUTE FUNCTION refuse('a signed credential never changes');
DROP TRIGGER ledger_entries_append_only ON ledger_entries;
CREATE TRIGGER ledger_entries_stay BEFORE DELETE ON ledger_entries FOR EACH ROW
    EXECUTE FUNCTION refuse('the ledger is append-only');
CREATE TRIGGER ledger_entries_append_only BEFORE UPDATE ON ledger_entries FOR EACH ROW
    WHEN (coalesce(left(OLD.details, 1) <> '{' OR left(NEW.details, 1) <> chr(2), true)
          OR (OLD.sequence, OLD.id, OLD.kind, OLD.learner_id, OLD.award_id, OLD.credential_id, OLD.provider,
              OLD.amount, OLD.unit, OLD.earned_at, OLD.recorded_at)
             IS DISTINCT FROM
             (NEW.sequence, NEW.id, NEW.kind, NEW.learner_id, NEW.award_id, NEW.credential_id, NEW.provider,
              NEW.amount, NEW.unit, NEW.earned_at, NEW.recorded_at))
    EXECUTE FUNCTION refuse('the ledger is append-only');
DROP TRIGGER ledger_adjustments_once ON ledger_adjustments;
CREATE TRIGGER ledger_adjustments_once BEFORE UPDATE ON ledger_adjustments FOR EACH ROW
    WHEN ((OLD.decision IS NOT NULL
           OR (OLD.id, OLD.learner_id, OLD.body, OLD.requested_by, OLD.requested_at)
              IS DISTINCT FROM (NEW.id, NEW.learner_id, NEW.body, NEW.requested_by, NEW.requested_at))
          AND (left(OLD.body, 1) <> '{' OR left(NEW.body, 1) <> chr(2)
               OR (OLD.id, OLD.learner_id, OLD.requested_by, OLD.requested_at, OLD.decided_by, OLD.decided_at,
                   OLD.decision, OLD.entry_id)
                  IS DISTINCT FROM
                  (NEW.id, NEW.learner_id, NEW.requested_by, NEW.requested_at, NEW.decided_by, NEW.decided_at,
                   NEW.decision, NEW.entry_id)))
    EXECUTE FUNCTION refuse('an adjustment is decided once, as it was asked for');
