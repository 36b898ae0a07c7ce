-- Credentials of others whose credit is in the ledger. Two keyed digests, of what names a credential and of its
-- content, keep one from counting twice, for whomever, and tell nothing by themselves.
CREATE TABLE transfers (
    entry_id text NOT NULL PRIMARY KEY,
    learner_id text NOT NULL REFERENCES learners (id),
    name_digest text NOT NULL UNIQUE,
    content_digest text NOT NULL UNIQUE,
    recorded_at text NOT NULL
) STRICT;

CREATE TRIGGER transfers_immutable BEFORE UPDATE ON transfers
BEGIN SELECT RAISE(ABORT, 'what was transferred stays'); END;
CREATE TRIGGER transfers_stay BEFORE DELETE ON transfers
BEGIN SELECT RAISE(ABORT, 'what was transferred stays'); END;

CREATE TRIGGER ledger_entries_transferred BEFORE INSERT ON ledger_entries
WHEN NEW.kind = 'transfer'
    AND NOT EXISTS (SELECT 1 FROM transfers WHERE entry_id = NEW.id AND learner_id = NEW.learner_id)
BEGIN SELECT RAISE(ABORT, 'a transfer is written only with the credential it comes from'); END;
