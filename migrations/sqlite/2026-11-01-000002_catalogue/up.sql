-- Entries that leave the catalogue stay, no longer current: what was awarded under them still names them.
CREATE TABLE organisations (
    slug text NOT NULL PRIMARY KEY,
    body text NOT NULL,
    current integer NOT NULL
) STRICT;

CREATE TABLE achievements (
    slug text NOT NULL,
    version text NOT NULL,
    body text NOT NULL,
    withdrawn_on text,
    current integer NOT NULL,
    published_at text NOT NULL,
    PRIMARY KEY (slug, version)
) STRICT;

CREATE UNIQUE INDEX achievements_one_current ON achievements (slug) WHERE current = 1;

CREATE TABLE programmes (
    slug text NOT NULL PRIMARY KEY,
    body text NOT NULL,
    current integer NOT NULL
) STRICT;

CREATE TABLE accreditations (
    provider text NOT NULL REFERENCES organisations (slug),
    achievement text NOT NULL,
    valid_from text NOT NULL,
    valid_until text,
    accredited_by text NOT NULL REFERENCES organisations (slug),
    place integer NOT NULL,
    current integer NOT NULL,
    PRIMARY KEY (provider, achievement, valid_from, accredited_by),
    CHECK (valid_until IS NULL OR valid_from <= valid_until)
) STRICT;

CREATE TABLE job_families (
    slug text NOT NULL PRIMARY KEY,
    body text NOT NULL,
    current integer NOT NULL
) STRICT;

CREATE TABLE catalogue_state (
    id integer NOT NULL PRIMARY KEY CHECK (id = 1),
    revision integer NOT NULL CHECK (revision >= 0)
) STRICT;

INSERT INTO catalogue_state (id, revision) VALUES (1, 0);

CREATE TRIGGER achievements_stay BEFORE DELETE ON achievements
BEGIN SELECT RAISE(ABORT, 'a published achievement version is never deleted'); END;
CREATE TRIGGER achievements_immutable BEFORE UPDATE ON achievements
WHEN (OLD.slug, OLD.version, OLD.body, OLD.published_at) IS NOT (NEW.slug, NEW.version, NEW.body, NEW.published_at)
BEGIN SELECT RAISE(ABORT, 'a published achievement version never changes'); END;
