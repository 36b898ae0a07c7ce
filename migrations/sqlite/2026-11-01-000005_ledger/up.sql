-- A learner's lines are written one transaction at a time, so that their sequence is the order in which they
-- became visible: who reads on from the last line it saw misses none.
CREATE TABLE ledger_entries (
    sequence integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    id text NOT NULL UNIQUE,
    kind text NOT NULL CHECK (kind IN ('award', 'activity', 'reversal', 'adjustment', 'transfer', 'erasure')),
    learner_id text NOT NULL REFERENCES learners (id),
    award_id text REFERENCES awards (id),
    credential_id text REFERENCES credentials (id),
    provider text REFERENCES organisations (slug),
    amount text NOT NULL CHECK (ltrim(amount, '-') GLOB '[0-9]*' AND amount NOT GLOB '*[^0-9.-]*'),
    unit text NOT NULL,
    earned_at text NOT NULL,
    recorded_at text NOT NULL,
    CHECK (kind NOT IN ('award', 'reversal') OR (award_id IS NOT NULL AND credential_id IS NOT NULL AND provider IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX ledger_entries_once ON ledger_entries (credential_id, kind);
CREATE INDEX ledger_entries_learner ON ledger_entries (learner_id, sequence);

CREATE TRIGGER ledger_entries_append_only BEFORE UPDATE ON ledger_entries
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_entries_stay BEFORE DELETE ON ledger_entries
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

-- Nothing is visible that the ledger does not hold: SQLite has no deferred triggers, so the entry is written first.
CREATE TRIGGER credentials_in_ledger BEFORE UPDATE OF state ON credentials
WHEN NEW.state <> 'prepared'
    AND NOT EXISTS (SELECT 1 FROM ledger_entries WHERE credential_id = NEW.id AND kind = 'award')
BEGIN SELECT RAISE(ABORT, 'a credential is issued only with its ledger entry'); END;
CREATE TRIGGER credentials_reversed BEFORE UPDATE OF state ON credentials
WHEN NEW.state = 'revoked'
    AND NOT EXISTS (SELECT 1 FROM ledger_entries WHERE credential_id = NEW.id AND kind = 'reversal')
BEGIN SELECT RAISE(ABORT, 'a credential is revoked only with its reversal in the ledger'); END;
