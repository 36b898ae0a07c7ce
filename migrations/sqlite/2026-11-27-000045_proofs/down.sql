-- What was never signed as VC-JWT cannot be signed here: those rows keep none.
DROP TRIGGER credentials_signed_immutable;
ALTER TABLE credentials RENAME COLUMN proof TO data_integrity;
UPDATE credentials SET data_integrity = substr(unsigned, 1, length(unsigned) - 1) || ',"proof":' || data_integrity || '}' WHERE data_integrity IS NOT NULL;
CREATE TRIGGER credentials_signed_immutable BEFORE UPDATE ON credentials
WHEN OLD.state <> 'prepared'
    AND (OLD.data_integrity, OLD.vc_jwt, OLD.issued_at) IS NOT (NEW.data_integrity, NEW.vc_jwt, NEW.issued_at)
BEGIN SELECT RAISE(ABORT, 'a signed credential never changes'); END;
