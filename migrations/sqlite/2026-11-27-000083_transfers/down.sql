DROP TRIGGER ledger_entries_transferred;
DROP TABLE transfers;
