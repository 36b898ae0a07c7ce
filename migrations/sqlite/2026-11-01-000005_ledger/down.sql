DROP TRIGGER credentials_reversed;
DROP TRIGGER credentials_in_ledger;
DROP TABLE ledger_entries;
