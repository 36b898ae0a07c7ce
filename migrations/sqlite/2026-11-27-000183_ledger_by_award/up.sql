-- Lines of the ledger are found by their award, and within it by their credential: awards are numbered as they come, so
-- what is written together lies together. Credentials have random numbers, and an index of them has each line of an
-- import change another page. A line names its credential's own award, which keeps it the only one of its kind.
DROP INDEX ledger_entries_once;
CREATE UNIQUE INDEX ledger_entries_once ON ledger_entries (award_id, credential_id, kind);

CREATE TRIGGER ledger_entries_own_award BEFORE INSERT ON ledger_entries
WHEN NEW.credential_id IS NOT NULL
    AND NEW.award_id IS NOT (SELECT award_id FROM credentials WHERE id = NEW.credential_id)
BEGIN SELECT RAISE(ABORT, 'a line of the ledger names the award of its credential'); END;

DROP TRIGGER credentials_in_ledger;
CREATE TRIGGER credentials_in_ledger BEFORE UPDATE OF state ON credentials
WHEN NEW.state <> 'prepared'
    AND NOT EXISTS (SELECT 1 FROM ledger_entries
                    WHERE award_id = NEW.award_id AND credential_id = NEW.id AND kind = 'award')
BEGIN SELECT RAISE(ABORT, 'a credential is issued only with its ledger entry'); END;
DROP TRIGGER credentials_reversed;
CREATE TRIGGER credentials_reversed BEFORE UPDATE OF state ON credentials
WHEN NEW.state = 'revoked'
    AND NOT EXISTS (SELECT 1 FROM ledger_entries
                    WHERE award_id = NEW.award_id AND credential_id = NEW.id AND kind = 'reversal')
BEGIN SELECT RAISE(ABORT, 'a credential is revoked only with its reversal in the ledger'); END;
