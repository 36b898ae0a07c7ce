DROP TRIGGER credentials_in_ledger ON credentials;
DROP FUNCTION credential_has_ledger_entry();
DROP TABLE ledger_entries;
