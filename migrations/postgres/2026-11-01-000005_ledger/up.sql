-- A learner's lines are written one transaction at a time, so that their sequence is the order in which they
-- became visible: who reads on from the last line it saw misses none.
CREATE TABLE ledger_entries (
    sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id text NOT NULL UNIQUE,
    kind text NOT NULL CHECK (kind IN ('award', 'activity', 'reversal', 'adjustment', 'transfer', 'erasure')),
    learner_id text NOT NULL REFERENCES learners (id),
    award_id text REFERENCES awards (id),
    credential_id text REFERENCES credentials (id),
    provider text REFERENCES organisations (slug),
    amount text NOT NULL CHECK (amount ~ '^-?[0-9]+(\.[0-9]{1,2})?$'),
    unit text NOT NULL,
    earned_at timestamp NOT NULL,
    recorded_at timestamp NOT NULL,
    CHECK (kind NOT IN ('award', 'reversal') OR (award_id IS NOT NULL AND credential_id IS NOT NULL AND provider IS NOT NULL))
);

CREATE UNIQUE INDEX ledger_entries_once ON ledger_entries (credential_id, kind);
CREATE INDEX ledger_entries_learner ON ledger_entries (learner_id, sequence);

CREATE TRIGGER ledger_entries_append_only BEFORE UPDATE OR DELETE ON ledger_entries FOR EACH ROW
    EXECUTE FUNCTION refuse('the ledger is append-only');
CREATE TRIGGER ledger_entries_no_truncate BEFORE TRUNCATE ON ledger_entries FOR EACH STATEMENT
    EXECUTE FUNCTION refuse('the ledger is append-only');

-- Nothing is visible that the ledger does not hold: looked at when the transaction commits.
CREATE FUNCTION credential_has_ledger_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM ledger_entries WHERE credential_id = NEW.id AND kind = 'award') THEN
        RAISE EXCEPTION 'a credential is issued only with its ledger entry' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state = 'revoked' AND NOT EXISTS (SELECT 1 FROM ledger_entries WHERE credential_id = NEW.id AND kind = 'reversal') THEN
        RAISE EXCEPTION 'a credential is revoked only with its reversal in the ledger' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER credentials_in_ledger AFTER INSERT OR UPDATE OF state ON credentials
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state <> 'prepared')
    EXECUTE FUNCTION credential_has_ledger_entry();
