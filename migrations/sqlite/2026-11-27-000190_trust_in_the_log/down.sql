DROP TRIGGER trust_entries_last;
