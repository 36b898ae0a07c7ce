-- Credentials whose status clients want to be told of. One of our own is known by its award, and what it is now by
-- `current_id`; of another's what is needed to look at it lies sealed, under a key of the watch's own, as the secret.
CREATE TABLE watches (
    id text NOT NULL PRIMARY KEY,
    client text NOT NULL REFERENCES api_clients (id),
    award_id text REFERENCES awards (id),
    credential_id text REFERENCES credentials (id),
    current_id text REFERENCES credentials (id),
    key blob NOT NULL,
    statement text,
    endpoint text NOT NULL,
    secret text NOT NULL,
    previous_secret text,
    previous_until text,
    status text NOT NULL CHECK (status IN ('active', 'suspended', 'revoked', 'superseded', 'expired')),
    created_at text NOT NULL,
    expires_at text,
    -- When it is to be looked at next: at its end, or because another's list may say something new.
    look_at text,
    disabled_at text,
    disabled_reason text CHECK (disabled_reason IN ('gone', 'failing')),
    CHECK ((award_id IS NULL) = (credential_id IS NULL) AND (award_id IS NULL) = (current_id IS NULL)),
    CHECK ((award_id IS NULL) = (statement IS NOT NULL)),
    CHECK ((previous_secret IS NULL) = (previous_until IS NULL)),
    CHECK ((disabled_at IS NULL) = (disabled_reason IS NULL))
) STRICT;

CREATE INDEX watches_client ON watches (client, id);
CREATE INDEX watches_award ON watches (award_id) WHERE award_id IS NOT NULL;
CREATE INDEX watches_looking ON watches (look_at) WHERE look_at IS NOT NULL;

-- The lists of our own that others' credentials name, which say at once when they change.
CREATE TABLE watch_lists (
    watch_id text NOT NULL REFERENCES watches (id),
    list_id text NOT NULL,
    PRIMARY KEY (watch_id, list_id)
) STRICT;

CREATE INDEX watch_lists_list ON watch_lists (list_id);

-- What clients are to be told, in order. Written in the transaction that made it true.
CREATE TABLE watch_events (
    sequence integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    id text NOT NULL UNIQUE,
    watch_id text NOT NULL REFERENCES watches (id),
    kind text NOT NULL,
    -- The credential that it is about where that is another than the watched one: its renewal.
    credential_id text,
    occurred_at text NOT NULL,
    due_at text NOT NULL,
    tries integer NOT NULL DEFAULT 0,
    -- Until then one process is at it.
    leased_until text,
    done_at text,
    outcome text CHECK (outcome IN ('delivered', 'given-up')),
    CHECK ((done_at IS NULL) = (outcome IS NULL))
) STRICT;

CREATE INDEX watch_events_due ON watch_events (due_at) WHERE done_at IS NULL;
CREATE INDEX watch_events_watch ON watch_events (watch_id, sequence);

CREATE TABLE watch_attempts (
    event_id text NOT NULL REFERENCES watch_events (id),
    number integer NOT NULL CHECK (number >= 1),
    begun_at text NOT NULL,
    milliseconds integer NOT NULL CHECK (milliseconds >= 0),
    http_status integer,
    failure text,
    next_at text,
    PRIMARY KEY (event_id, number)
) STRICT;

-- What the outbox tells of an award that is watched, the watcher is told; of its latest credential, since all of an
-- award go together, and nothing more once it is gone.
CREATE TRIGGER watch_told AFTER INSERT ON outbox
WHEN NEW.topic IN ('credential.revoked', 'maintenance.ended', 'maintenance.lapsed', 'maintenance.expired')
BEGIN
    INSERT INTO watch_events (id, watch_id, kind, occurred_at, due_at)
    SELECT 'evt_' || replace(NEW.id || w.id, '-', ''), w.id,
        CASE WHEN NEW.topic = 'credential.revoked' AND k.revoked_reason = 'superseded' THEN 'credential.superseded' ELSE NEW.topic END,
        NEW.created_at, NEW.created_at
    FROM watches w JOIN credentials k ON k.id = w.current_id
    WHERE w.award_id = NEW.payload ->> 'awardId' AND w.current_id = NEW.payload ->> 'credentialId'
        AND w.status NOT IN ('revoked', 'superseded') AND w.disabled_at IS NULL
        AND (w.expires_at IS NULL OR w.expires_at > NEW.created_at);
    UPDATE watches SET look_at = NULL,
        status = CASE WHEN (SELECT revoked_reason FROM credentials k WHERE k.id = current_id) = 'superseded' THEN 'superseded' ELSE 'revoked' END
    WHERE NEW.topic = 'credential.revoked' AND award_id = NEW.payload ->> 'awardId'
        AND current_id = NEW.payload ->> 'credentialId' AND status NOT IN ('revoked', 'superseded');
END;

CREATE TRIGGER watch_renewed AFTER INSERT ON outbox
WHEN NEW.topic = 'credential.renewed'
BEGIN
    INSERT INTO watch_events (id, watch_id, kind, credential_id, occurred_at, due_at)
    SELECT 'evt_' || replace(NEW.id || w.id, '-', ''), w.id, NEW.topic, NEW.payload ->> 'credentialId', NEW.created_at, NEW.created_at
    FROM watches w
    WHERE w.award_id = NEW.payload ->> 'awardId' AND w.status NOT IN ('revoked', 'superseded') AND w.disabled_at IS NULL
        AND (w.expires_at IS NULL OR w.expires_at > NEW.created_at);
    UPDATE watches SET current_id = NEW.payload ->> 'credentialId', status = 'active',
        look_at = (SELECT valid_until FROM credentials k WHERE k.id = NEW.payload ->> 'credentialId')
    WHERE award_id = NEW.payload ->> 'awardId' AND status NOT IN ('revoked', 'superseded');
END;

-- A list of our own that says something new is looked at at once.
CREATE TRIGGER watch_suspension AFTER INSERT ON suspension_changes
BEGIN
    UPDATE watches SET look_at = NEW.changed_at
    WHERE id IN (SELECT watch_id FROM watch_lists WHERE list_id = NEW.list_id) AND disabled_at IS NULL;
END;

CREATE TRIGGER watch_revocation AFTER UPDATE OF revoked_at ON vc_status_entries
BEGIN
    UPDATE watches SET look_at = NEW.revoked_at
    WHERE id IN (SELECT watch_id FROM watch_lists WHERE list_id = NEW.status_list_id) AND disabled_at IS NULL;
END;
