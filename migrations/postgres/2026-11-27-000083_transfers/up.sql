-- Credentials of others whose credit is in the ledger. Two keyed digests, of what names a credential and of its
-- content, keep one from counting twice, for whomever, and tell nothing by themselves.
CREATE TABLE transfers (
    entry_id text NOT NULL PRIMARY KEY,
    learner_id text NOT NULL REFERENCES learners (id),
    name_digest text NOT NULL UNIQUE,
    content_digest text NOT NULL UNIQUE,
    recorded_at timestamp NOT NULL
);

CREATE TRIGGER transfers_immutable BEFORE UPDATE OR DELETE ON transfers FOR EACH ROW
    EXECUTE FUNCTION refuse('what was transferred stays');

CREATE FUNCTION transfer_has_its_origin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM transfers WHERE entry_id = NEW.id AND learner_id = NEW.learner_id) THEN
        RAISE EXCEPTION 'a transfer is written only with the credential it comes from' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER ledger_entries_transferred BEFORE INSERT ON ledger_entries FOR EACH ROW
    WHEN (NEW.kind = 'transfer') EXECUTE FUNCTION transfer_has_its_origin();
