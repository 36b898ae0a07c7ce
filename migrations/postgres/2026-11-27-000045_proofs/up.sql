-- A signed badge is its stored intent, byte for byte, with its proof as the last member: the proof alone is kept.
-- vc_jwt is empty where the key gives the same bytes every time: that form is signed when it is asked for.
DROP TRIGGER credentials_signed_immutable ON credentials;
ALTER TABLE credentials RENAME COLUMN data_integrity TO proof;
UPDATE credentials SET proof = substr(proof, length(unsigned) + 9, length(proof) - length(unsigned) - 9)
WHERE proof IS NOT NULL AND substr(proof, 1, length(unsigned) - 1) = substr(unsigned, 1, length(unsigned) - 1);
SET CONSTRAINTS ALL IMMEDIATE;
CREATE TRIGGER credentials_signed_immutable BEFORE UPDATE OF proof, vc_jwt, issued_at ON credentials FOR EACH ROW
    WHEN (OLD.state <> 'prepared'
          AND (OLD.proof, OLD.vc_jwt, OLD.issued_at) IS DISTINCT FROM (NEW.proof, NEW.vc_jwt, NEW.issued_at))
    EXECUTE FUNCTION refuse('a signed credential never changes');
