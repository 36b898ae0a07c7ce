-- Places in status lists that belong to credentials of the VC API, which are not
-- kept here: a digest of the credential's id finds the entry again.
CREATE TABLE vc_status_entries (
    status_list_id text NOT NULL REFERENCES status_lists (id),
    status_index integer NOT NULL CHECK (status_index >= 0),
    credential_digest text,
    created_at text NOT NULL,
    revoked_at text,
    PRIMARY KEY (status_list_id, status_index)
) STRICT;

CREATE INDEX vc_status_entries_credential ON vc_status_entries (credential_digest);

CREATE TRIGGER vc_status_entries_stay BEFORE DELETE ON vc_status_entries
BEGIN SELECT RAISE(ABORT, 'a status entry is never deleted'); END;
CREATE TRIGGER vc_status_entries_forward BEFORE UPDATE ON vc_status_entries
WHEN OLD.revoked_at IS NOT NULL OR NEW.revoked_at IS NULL
    OR (OLD.status_list_id, OLD.status_index, OLD.credential_digest, OLD.created_at)
        IS NOT (NEW.status_list_id, NEW.status_index, NEW.credential_digest, NEW.created_at)
BEGIN SELECT RAISE(ABORT, 'a status entry changes once, from standing to revoked'); END;
