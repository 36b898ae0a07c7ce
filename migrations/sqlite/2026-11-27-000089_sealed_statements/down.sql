DROP TRIGGER cpd_statements_immutable;
CREATE TRIGGER cpd_statements_immutable BEFORE UPDATE ON cpd_statements
BEGIN SELECT RAISE(ABORT, 'what was written of a period stays'); END;
