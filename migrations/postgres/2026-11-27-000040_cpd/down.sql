DROP TRIGGER ledger_entries_two_people ON ledger_entries;
DROP FUNCTION adjustment_was_approved();
DROP TABLE ledger_adjustments;
ALTER TABLE ledger_entries DROP COLUMN details;
DROP TABLE cpd_memberships;
DROP TABLE cpd_schemes;
