DROP TRIGGER credentials_reversed;
CREATE TRIGGER credentials_reversed BEFORE UPDATE OF state ON credentials
WHEN NEW.state = 'revoked'
    AND NOT EXISTS (SELECT 1 FROM ledger_entries WHERE credential_id = NEW.id AND kind = 'reversal')
BEGIN SELECT RAISE(ABORT, 'a credential is revoked only with its reversal in the ledger'); END;
DROP TRIGGER credentials_in_ledger;
CREATE TRIGGER credentials_in_ledger BEFORE UPDATE OF state ON credentials
WHEN NEW.state <> 'prepared'
    AND NOT EXISTS (SELECT 1 FROM ledger_entries WHERE credential_id = NEW.id AND kind = 'award')
BEGIN SELECT RAISE(ABORT, 'a credential is issued only with its ledger entry'); END;
DROP TRIGGER ledger_entries_own_award;
DROP INDEX ledger_entries_once;
CREATE UNIQUE INDEX ledger_entries_once ON ledger_entries (credential_id, kind);
