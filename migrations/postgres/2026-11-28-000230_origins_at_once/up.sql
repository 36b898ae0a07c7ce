-- A foreign key asks for each row by itself, and locks the row that it finds, which writes it: some 60 us a
-- completion, a third of what the server does for it. Rows of these four tables come by the thousand, and what
-- they name is never deleted, renamed or truncated (below). So one question for all rows of a statement says the
-- same, and no lock is needed to keep the answer true.
--
-- OFFSET 0 keeps each EXISTS a look into an index: otherwise a plan made while a table is small may read all of
-- it first, and is kept while it grows.

CREATE FUNCTION completions_have_origins() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    orphan text;
BEGIN
    SELECT n.id INTO orphan FROM lines n
    WHERE NOT EXISTS (SELECT FROM learners l WHERE l.id = n.learner_id OFFSET 0)
        OR NOT EXISTS (SELECT FROM organisations o WHERE o.slug = n.provider OFFSET 0)
        OR NOT EXISTS (SELECT FROM achievements a
                       WHERE a.slug = n.achievement AND a.version = n.achievement_version OFFSET 0)
        OR n.programme IS NOT NULL AND NOT EXISTS (SELECT FROM programmes p WHERE p.slug = n.programme OFFSET 0)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'completion % names a learner, provider, achievement or programme that is not there', orphan
            USING ERRCODE = 'foreign_key_violation', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION awards_have_origins() RETURNS trigger LANGUAGE plpgsql AS $$
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

CREATE FUNCTION credentials_have_origins() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    orphan text;
BEGIN
    SELECT n.id INTO orphan FROM lines n
    WHERE NOT EXISTS (SELECT FROM awards a WHERE a.id = n.award_id OFFSET 0)
        OR NOT EXISTS (SELECT FROM organisations o WHERE o.slug = n.issuer OFFSET 0)
        OR NOT EXISTS (SELECT FROM status_lists s WHERE s.id = n.status_list_id OFFSET 0)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'credential % names an award, issuer or status list that is not there', orphan
            USING ERRCODE = 'foreign_key_violation', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION ledger_entries_have_origins() RETURNS trigger LANGUAGE plpgsql AS $$
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

CREATE TRIGGER completions_origins AFTER INSERT ON completions REFERENCING NEW TABLE AS lines
    FOR EACH STATEMENT EXECUTE FUNCTION completions_have_origins();
CREATE TRIGGER awards_origins AFTER INSERT ON awards REFERENCING NEW TABLE AS lines
    FOR EACH STATEMENT EXECUTE FUNCTION awards_have_origins();
CREATE TRIGGER credentials_origins AFTER INSERT ON credentials REFERENCING NEW TABLE AS lines
    FOR EACH STATEMENT EXECUTE FUNCTION credentials_have_origins();
CREATE TRIGGER ledger_entries_origins AFTER INSERT ON ledger_entries REFERENCING NEW TABLE AS lines
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_entries_have_origins();

-- What a row names it names for good: the triggers that keep intents, awards, completions and the ledger see to it.
ALTER TABLE completions
    DROP CONSTRAINT completions_learner_id_fkey,
    DROP CONSTRAINT completions_provider_fkey,
    DROP CONSTRAINT completions_achievement_achievement_version_fkey,
    DROP CONSTRAINT completions_programme_fkey;
ALTER TABLE awards
    DROP CONSTRAINT awards_completion_id_fkey,
    DROP CONSTRAINT awards_learner_id_fkey,
    DROP CONSTRAINT awards_achievement_achievement_version_fkey;
ALTER TABLE credentials
    DROP CONSTRAINT credentials_award_id_fkey,
    DROP CONSTRAINT credentials_issuer_fkey,
    DROP CONSTRAINT credentials_status_list_id_fkey;
ALTER TABLE ledger_entries
    DROP CONSTRAINT ledger_entries_learner_id_fkey,
    DROP CONSTRAINT ledger_entries_award_id_fkey,
    DROP CONSTRAINT ledger_entries_credential_id_fkey,
    DROP CONSTRAINT ledger_entries_provider_fkey;

-- What is named stays, under its name. Awards, credentials and achievements cannot be deleted or change their
-- names already.
CREATE TRIGGER learners_stay BEFORE DELETE ON learners FOR EACH ROW
    EXECUTE FUNCTION refuse('a learner stays recorded');
CREATE TRIGGER organisations_stay BEFORE DELETE ON organisations FOR EACH ROW
    EXECUTE FUNCTION refuse('an organisation stays recorded');
CREATE TRIGGER programmes_stay BEFORE DELETE ON programmes FOR EACH ROW
    EXECUTE FUNCTION refuse('a programme stays recorded');
CREATE TRIGGER completions_stay BEFORE DELETE ON completions FOR EACH ROW
    EXECUTE FUNCTION refuse('a completion stays recorded');
CREATE TRIGGER status_lists_stay BEFORE DELETE ON status_lists FOR EACH ROW
    EXECUTE FUNCTION refuse('a status list stays recorded');
CREATE TRIGGER learners_named BEFORE UPDATE OF id ON learners FOR EACH ROW
    WHEN (OLD.id <> NEW.id) EXECUTE FUNCTION refuse('a learner keeps its id');
CREATE TRIGGER organisations_named BEFORE UPDATE OF slug ON organisations FOR EACH ROW
    WHEN (OLD.slug <> NEW.slug) EXECUTE FUNCTION refuse('an organisation keeps its slug');
CREATE TRIGGER programmes_named BEFORE UPDATE OF slug ON programmes FOR EACH ROW
    WHEN (OLD.slug <> NEW.slug) EXECUTE FUNCTION refuse('a programme keeps its slug');
CREATE TRIGGER status_lists_named BEFORE UPDATE OF id ON status_lists FOR EACH ROW
    WHEN (OLD.id <> NEW.id) EXECUTE FUNCTION refuse('a status list keeps its id');
CREATE TRIGGER learners_no_truncate BEFORE TRUNCATE ON learners FOR EACH STATEMENT
    EXECUTE FUNCTION refuse('a learner stays recorded');
CREATE TRIGGER organisations_no_truncate BEFORE TRUNCATE ON organisations FOR EACH STATEMENT
    EXECUTE FUNCTION refuse('an organisation stays recorded');
CREATE TRIGGER programmes_no_truncate BEFORE TRUNCATE ON programmes FOR EACH STATEMENT
    EXECUTE FUNCTION refuse('a programme stays recorded');
CREATE TRIGGER achievements_no_truncate BEFORE TRUNCATE ON achievements FOR EACH STATEMENT
    EXECUTE FUNCTION refuse('a published achievement stays recorded');
CREATE TRIGGER completions_no_truncate BEFORE TRUNCATE ON completions FOR EACH STATEMENT
    EXECUTE FUNCTION refuse('a completion stays recorded');
CREATE TRIGGER awards_no_truncate BEFORE TRUNCATE ON awards FOR EACH STATEMENT
    EXECUTE FUNCTION refuse('an award stays recorded');
CREATE TRIGGER credentials_no_truncate BEFORE TRUNCATE ON credentials FOR EACH STATEMENT
    EXECUTE FUNCTION refuse('a credential stays recorded');
CREATE TRIGGER status_lists_no_truncate BEFORE TRUNCATE ON status_lists FOR EACH STATEMENT
    EXECUTE FUNCTION refuse('a status list stays recorded');
