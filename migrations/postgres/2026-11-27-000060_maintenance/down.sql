DROP TRIGGER maintained_awards_joined ON cpd_memberships;
DROP TRIGGER maintained_awards_credited ON ledger_entries;
DROP TRIGGER maintained_awards_issued ON credentials;
DROP FUNCTION maintained_awards_wake();
DROP FUNCTION maintained_award_issued();
DROP TABLE maintenance_state;
DROP TABLE maintenance_notices;
DROP TABLE maintained_awards;
DROP TABLE maintenance_policies;
