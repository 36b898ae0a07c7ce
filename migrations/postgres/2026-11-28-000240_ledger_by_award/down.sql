DROP TRIGGER credentials_in_ledger ON credentials;
DROP FUNCTION credentials_have_ledger_entries();
CREATE FUNCTION credential_has_ledger_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM ledger_entries WHERE credential_id = NEW.id AND kind = 'award') THEN
        RAISE EXCEPTION 'a credential is issued only with its ledger entry' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state = 'revoked' AND NOT EXISTS (SELECT 1 FROM ledger_entries WHERE credential_id = NEW.id AND kind = 'reversal') THEN
        RAISE EXCEPTION 'a credential is revoked only with its reversal in the ledger' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER credentials_in_ledger AFTER INSERT OR UPDATE OF state ON credentials
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state <> 'prepared')
    EXECUTE FUNCTION credential_has_ledger_entry();

CREATE OR REPLACE FUNCTION awards_have_origins() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    orphan text;
BEGIN
    SELECT n.id INTO orphan FROM lines n
    WHERE NOT EXISTS (SELECT FROM completions c WHERE c.id = n.completion_id OFFSET 0)
        OR NOT EXISTS (SELECT FROM learners l WHERE l.id = n.learner_id OFFSET 0)
        OR NOT EXISTS (SELECT FROM achievements a
                       WHERE a.slug = n.achievement AND a.version = n.achievement_version OFFSET 0)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'award % names a completion, learner or achievement that is not there', orphan
            USING ERRCODE = 'foreign_key_violation', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION ledger_entries_have_origins() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    orphan text;
BEGIN
    SELECT n.id INTO orphan FROM lines n
    WHERE NOT EXISTS (SELECT FROM learners l WHERE l.id = n.learner_id OFFSET 0)
        OR n.award_id IS NOT NULL AND NOT EXISTS (SELECT FROM awards a WHERE a.id = n.award_id OFFSET 0)
        OR n.credential_id IS NOT NULL
            AND NOT EXISTS (SELECT FROM credentials k WHERE k.id = n.credential_id OFFSET 0)
        OR n.provider IS NOT NULL AND NOT EXISTS (SELECT FROM organisations o WHERE o.slug = n.provider OFFSET 0)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'ledger entry % names a learner, award, credential or provider that is not there', orphan
            USING ERRCODE = 'foreign_key_violation', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;

DROP INDEX ledger_entries_once;
CREATE UNIQUE INDEX ledger_entries_once ON ledger_entries (credential_id, kind);
