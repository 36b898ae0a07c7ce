DROP TRIGGER completions_immutable ON completions;
ALTER TABLE award_components DROP COLUMN replaces;
DROP TABLE completion_withdrawals;
DROP TABLE completion_corrections;
