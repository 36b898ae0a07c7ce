-- What is known of a person is sealed under a key of their own, and that under a key of the vault. Deleting it is
-- what erases them: see docs/erasure.md.
CREATE TABLE person_keys (
    learner_id text NOT NULL PRIMARY KEY REFERENCES learners (id),
    sealed blob NOT NULL CHECK (length(sealed) = 72)
) STRICT;

-- Who was erased. `id` is what the log calls it, because learners are not named there.
CREATE TABLE erasures (
    id text NOT NULL PRIMARY KEY,
    learner_id text NOT NULL UNIQUE REFERENCES learners (id),
    erased_at text NOT NULL,
    erased_by text NOT NULL
) STRICT;

-- What a provider may post again about somebody who was erased: keyed digests of provider, identifier, achievement
-- and time, which lead to nobody.
CREATE TABLE erased_occasions (digest text NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID;

CREATE TRIGGER person_keys_immutable BEFORE UPDATE ON person_keys
BEGIN SELECT RAISE(ABORT, 'a person''s key never changes'); END;
CREATE TRIGGER person_keys_stay BEFORE DELETE ON person_keys
WHEN NOT EXISTS (SELECT 1 FROM erasures WHERE learner_id = OLD.learner_id)
BEGIN SELECT RAISE(ABORT, 'a person''s key goes only when they are erased'); END;
CREATE TRIGGER person_keys_once BEFORE INSERT ON person_keys
WHEN EXISTS (SELECT 1 FROM erasures WHERE learner_id = NEW.learner_id)
BEGIN SELECT RAISE(ABORT, 'who was erased gets no key'); END;
CREATE TRIGGER erasures_immutable BEFORE UPDATE ON erasures
BEGIN SELECT RAISE(ABORT, 'an erasure stays recorded'); END;
CREATE TRIGGER erasures_stay BEFORE DELETE ON erasures
BEGIN SELECT RAISE(ABORT, 'an erasure stays recorded'); END;

-- Whether evidence was stated, which nobody can look for any more in what is sealed.
ALTER TABLE completions ADD COLUMN evidenced integer NOT NULL DEFAULT 0;
UPDATE completions SET evidenced = 1 WHERE body LIKE '%,"evidence":[{%';

-- What was there before may be sealed later, once; nothing else about it changes.
DROP TRIGGER credentials_intent_immutable;
CREATE TRIGGER credentials_intent_immutable
    BEFORE UPDATE OF id, award_id, issue, issuer, status_list_id, status_index, unsigned, data_integrity_key, jwt_key,
        profile_version, created_at, valid_from, valid_until, prepared_at, disclosure_seed
    ON credentials
WHEN (OLD.unsigned IS NOT NEW.unsigned
      AND coalesce(substr(OLD.unsigned, 1, 1) <> '{' OR substr(NEW.unsigned, 1, 1) <> char(2), 1))
     OR (OLD.id, OLD.award_id, OLD.issue, OLD.issuer, OLD.status_list_id, OLD.status_index, OLD.data_integrity_key,
         OLD.jwt_key, OLD.profile_version, OLD.created_at, OLD.valid_from, OLD.valid_until, OLD.prepared_at,
         OLD.disclosure_seed)
        IS NOT
        (NEW.id, NEW.award_id, NEW.issue, NEW.issuer, NEW.status_list_id, NEW.status_index, NEW.data_integrity_key,
         NEW.jwt_key, NEW.profile_version, NEW.created_at, NEW.valid_from, NEW.valid_until, NEW.prepared_at,
         NEW.disclosure_seed)
BEGIN SELECT RAISE(ABORT, 'a stored intent never changes'); END;
DROP TRIGGER credentials_signed_immutable;
CREATE TRIGGER credentials_signed_immutable BEFORE UPDATE OF proof, vc_jwt, issued_at ON credentials
WHEN OLD.state <> 'prepared'
    AND (OLD.issued_at IS NOT NEW.issued_at
         OR ((OLD.proof, OLD.vc_jwt) IS NOT (NEW.proof, NEW.vc_jwt)
             AND coalesce(substr(OLD.proof, 1, 1) <> '[' OR substr(NEW.proof, 1, 1) <> char(2)
                          OR (OLD.vc_jwt <> NEW.vc_jwt AND substr(NEW.vc_jwt, 1, 1) <> char(2)), 1)))
BEGIN SELECT RAISE(ABORT, 'a signed credential never changes'); END;
DROP TRIGGER ledger_entries_append_only;
CREATE TRIGGER ledger_entries_append_only BEFORE UPDATE ON ledger_entries
WHEN coalesce(substr(OLD.details, 1, 1) <> '{' OR substr(NEW.details, 1, 1) <> char(2), 1)
    OR (OLD.sequence, OLD.id, OLD.kind, OLD.learner_id, OLD.award_id, OLD.credential_id, OLD.provider, OLD.amount,
        OLD.unit, OLD.earned_at, OLD.recorded_at)
        IS NOT (NEW.sequence, NEW.id, NEW.kind, NEW.learner_id, NEW.award_id, NEW.credential_id, NEW.provider,
                NEW.amount, NEW.unit, NEW.earned_at, NEW.recorded_at)
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
DROP TRIGGER ledger_adjustments_once;
CREATE TRIGGER ledger_adjustments_once BEFORE UPDATE ON ledger_adjustments
WHEN (OLD.decision IS NOT NULL
      OR (OLD.id, OLD.learner_id, OLD.body, OLD.requested_by, OLD.requested_at)
          IS NOT (NEW.id, NEW.learner_id, NEW.body, NEW.requested_by, NEW.requested_at))
    AND (substr(OLD.body, 1, 1) <> '{' OR substr(NEW.body, 1, 1) <> char(2)
         OR (OLD.id, OLD.learner_id, OLD.requested_by, OLD.requested_at, OLD.decided_by, OLD.decided_at, OLD.decision,
             OLD.entry_id)
             IS NOT (NEW.id, NEW.learner_id, NEW.requested_by, NEW.requested_at, NEW.decided_by, NEW.decided_at,
                     NEW.decision, NEW.entry_id))
BEGIN SELECT RAISE(ABORT, 'an adjustment is decided once, as it was asked for'); END;
