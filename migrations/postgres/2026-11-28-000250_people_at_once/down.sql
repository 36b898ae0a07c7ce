DROP TRIGGER idempotency_records_named ON idempotency_records;
DROP TRIGGER learner_identifiers_named ON learner_identifiers;

ALTER TABLE learner_identifiers ADD FOREIGN KEY (learner_id) REFERENCES learners (id);
ALTER TABLE person_keys ADD FOREIGN KEY (learner_id) REFERENCES learners (id);
ALTER TABLE idempotency_records ADD FOREIGN KEY (credential_id) REFERENCES credentials (id);

CREATE FUNCTION person_is_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM erasures WHERE learner_id = NEW.learner_id) THEN
        RAISE EXCEPTION 'who was erased gets no key' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER person_keys_once BEFORE INSERT ON person_keys FOR EACH ROW EXECUTE FUNCTION person_is_erased();

DROP TRIGGER learner_identifiers_origins ON learner_identifiers;
DROP TRIGGER person_keys_origins ON person_keys;
DROP TRIGGER idempotency_records_origins ON idempotency_records;
DROP FUNCTION learner_identifiers_have_origins();
DROP FUNCTION person_keys_have_origins();
DROP FUNCTION idempotency_records_have_origins();
