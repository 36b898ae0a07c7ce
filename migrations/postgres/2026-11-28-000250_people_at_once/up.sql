-- As origins_at_once, for what else every completion writes: a foreign key asks for each row by itself and locks
-- what it finds, and so did the trigger that keeps the erased from getting a key. Learners and credentials are
-- never deleted, renamed or truncated.

CREATE FUNCTION learner_identifiers_have_origins() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    orphan text;
BEGIN
    SELECT n.learner_id INTO orphan FROM lines n
    WHERE NOT EXISTS (SELECT FROM learners l WHERE l.id = n.learner_id OFFSET 0)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'an identifier names learner %, who is not there', orphan
            USING ERRCODE = 'foreign_key_violation', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION person_keys_have_origins() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    orphan text;
BEGIN
    SELECT n.learner_id INTO orphan FROM lines n
    WHERE NOT EXISTS (SELECT FROM learners l WHERE l.id = n.learner_id OFFSET 0)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'a key is of learner %, who is not there', orphan
            USING ERRCODE = 'foreign_key_violation', TABLE = TG_TABLE_NAME;
    END IF;
    IF EXISTS (SELECT FROM lines n
               WHERE EXISTS (SELECT FROM erasures e WHERE e.learner_id = n.learner_id OFFSET 0)) THEN
        RAISE EXCEPTION 'who was erased gets no key' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION idempotency_records_have_origins() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    orphan text;
BEGIN
    SELECT n.credential_id INTO orphan FROM lines n
    WHERE NOT EXISTS (SELECT FROM credentials k WHERE k.id = n.credential_id OFFSET 0)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'an idempotency key stands for credential %, which is not there', orphan
            USING ERRCODE = 'foreign_key_violation', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER learner_identifiers_origins AFTER INSERT ON learner_identifiers REFERENCING NEW TABLE AS lines
    FOR EACH STATEMENT EXECUTE FUNCTION learner_identifiers_have_origins();
CREATE TRIGGER person_keys_origins AFTER INSERT ON person_keys REFERENCING NEW TABLE AS lines
    FOR EACH STATEMENT EXECUTE FUNCTION person_keys_have_origins();
CREATE TRIGGER idempotency_records_origins AFTER INSERT ON idempotency_records REFERENCING NEW TABLE AS lines
    FOR EACH STATEMENT EXECUTE FUNCTION idempotency_records_have_origins();

DROP TRIGGER person_keys_once ON person_keys;
DROP FUNCTION person_is_erased();
ALTER TABLE learner_identifiers DROP CONSTRAINT learner_identifiers_learner_id_fkey;
ALTER TABLE person_keys DROP CONSTRAINT person_keys_learner_id_fkey;
ALTER TABLE idempotency_records DROP CONSTRAINT idempotency_records_credential_id_fkey;

CREATE TRIGGER learner_identifiers_named BEFORE UPDATE OF learner_id ON learner_identifiers FOR EACH ROW
    WHEN (OLD.learner_id <> NEW.learner_id) EXECUTE FUNCTION refuse('an identifier stays with its learner');
CREATE TRIGGER idempotency_records_named BEFORE UPDATE OF credential_id ON idempotency_records FOR EACH ROW
    WHEN (OLD.credential_id <> NEW.credential_id) EXECUTE FUNCTION refuse('an idempotency key stays with its credential');
