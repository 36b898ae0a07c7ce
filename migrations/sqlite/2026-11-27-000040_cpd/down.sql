DROP TRIGGER ledger_entries_two_people;
DROP TABLE ledger_adjustments;
ALTER TABLE ledger_entries DROP COLUMN details;
DROP TABLE cpd_memberships;
DROP TABLE cpd_schemes;
