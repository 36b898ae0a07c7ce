DROP TRIGGER cpd_statements_stay ON cpd_statements;
DROP TRIGGER cpd_statements_immutable ON cpd_statements;
CREATE TRIGGER cpd_statements_immutable BEFORE UPDATE OR DELETE ON cpd_statements FOR EACH ROW
    EXECUTE FUNCTION refuse('what was written of a period stays');
ALTER TABLE cpd_statements ALTER COLUMN body SET STORAGE EXTENDED;
