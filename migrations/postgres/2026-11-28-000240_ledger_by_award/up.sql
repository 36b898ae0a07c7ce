-- Lines of the ledger are found by their award, and within it by their credential, as on SQLite: awards are numbered
-- as they come, so what is written together lies together, and credentials have random numbers. A line names its
-- credential's own award, which keeps it the only one of its kind.
CREATE UNIQUE INDEX ledger_entries_by_award ON ledger_entries (award_id, credential_id, kind);
DROP INDEX ledger_entries_once;
ALTER INDEX ledger_entries_by_award RENAME TO ledger_entries_once;

-- What names the right award names its learner and achievement too, which were looked for when that was written.
CREATE OR REPLACE FUNCTION ledger_entries_have_origins() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    orphan text;
BEGIN
    SELECT n.id INTO orphan FROM lines n
    WHERE NOT EXISTS (SELECT FROM learners l WHERE l.id = n.learner_id OFFSET 0)
        OR n.credential_id IS NOT NULL
            AND NOT EXISTS (SELECT FROM credentials k
                            WHERE k.id = n.credential_id AND k.award_id = n.award_id OFFSET 0)
        OR n.credential_id IS NULL AND n.award_id IS NOT NULL
            AND NOT EXISTS (SELECT FROM awards a WHERE a.id = n.award_id OFFSET 0)
        OR n.provider IS NOT NULL AND NOT EXISTS (SELECT FROM organisations o WHERE o.slug = n.provider OFFSET 0)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'ledger entry % names a learner, award, credential or provider that is not there, or not the award of its credential', orphan
            USING ERRCODE = 'foreign_key_violation', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION awards_have_origins() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    orphan text;
BEGIN
    SELECT n.id INTO orphan FROM lines n
    WHERE NOT EXISTS (SELECT FROM completions c
                      WHERE c.id = n.completion_id AND c.learner_id = n.learner_id AND c.achievement = n.achievement
                          AND c.achievement_version = n.achievement_version OFFSET 0)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'award % names a completion that is not there, or not its learner or achievement', orphan
            USING ERRCODE = 'foreign_key_violation', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;

-- Nothing is visible that the ledger does not hold. Its lines are written first, so one question for all credentials of
-- a statement is enough; a trigger for each row, which waits for the end of the transaction, planned one each time.
DROP TRIGGER credentials_in_ledger ON credentials;
DROP FUNCTION credential_has_ledger_entry();
CREATE FUNCTION credentials_have_ledger_entries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM lines n
    WHERE n.state <> 'prepared'
        AND NOT EXISTS (SELECT FROM ledger_entries l
                        WHERE l.award_id = n.award_id AND l.credential_id = n.id AND l.kind = 'award' OFFSET 0)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'a credential is issued only with its ledger entry' USING ERRCODE = 'restrict_violation';
    END IF;
    PERFORM FROM lines n
    WHERE n.state = 'revoked'
        AND NOT EXISTS (SELECT FROM ledger_entries l
                        WHERE l.award_id = n.award_id AND l.credential_id = n.id AND l.kind = 'reversal' OFFSET 0)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'a credential is revoked only with its reversal in the ledger' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER credentials_in_ledger AFTER UPDATE ON credentials REFERENCING NEW TABLE AS lines
    FOR EACH STATEMENT EXECUTE FUNCTION credentials_have_ledger_entries();
