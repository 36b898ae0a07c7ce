-- What was never signed as VC-JWT cannot be signed here: those rows keep none.
DROP TRIGGER credentials_signed_immutable ON credentials;
ALTER TABLE credentials RENAME COLUMN proof TO data_integrity;
UPDATE credentials SET data_integrity = substr(unsigned, 1, length(unsigned) - 1) || ',"proof":' || data_integrity || '}' WHERE data_integrity IS NOT NULL;
SET CONSTRAINTS ALL IMMEDIATE;
CREATE TRIGGER credentials_signed_immutable BEFORE UPDATE ON credentials FOR EACH ROW
    WHEN (OLD.state <> 'prepared'
          AND (OLD.data_integrity, OLD.vc_jwt, OLD.issued_at) IS DISTINCT FROM (NEW.data_integrity, NEW.vc_jwt, NEW.issued_at))
    EXECUTE FUNCTION refuse('a signed credential never changes');
