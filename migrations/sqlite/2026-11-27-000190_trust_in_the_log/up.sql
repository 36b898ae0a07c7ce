-- What the registrar decides of whom to trust is held by the log from here on; what was decided before is taken up by
-- whoever runs this. A decision never takes the number of an earlier one, nor one between two.
CREATE TRIGGER trust_entries_last AFTER INSERT ON trust_entries
WHEN EXISTS (SELECT 1 FROM trust_entries WHERE sequence > NEW.sequence)
BEGIN SELECT RAISE(ABORT, 'a decision on an issuer comes after all before it'); END;
