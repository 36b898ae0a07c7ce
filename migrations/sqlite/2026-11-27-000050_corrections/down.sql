DROP TRIGGER award_components_replacing;
DROP TRIGGER completions_immutable;
ALTER TABLE award_components DROP COLUMN replaces;
DROP TABLE completion_withdrawals;
DROP TABLE completion_corrections;
