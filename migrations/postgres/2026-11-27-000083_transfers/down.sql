DROP TRIGGER ledger_entries_transferred ON ledger_entries;
DROP FUNCTION transfer_has_its_origin;
DROP TABLE transfers;
