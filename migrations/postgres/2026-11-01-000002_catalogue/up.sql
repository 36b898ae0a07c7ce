-- Entries that leave the catalogue stay, no longer current: what was awarded under them still names them.
CREATE TABLE organisations (
    slug text NOT NULL PRIMARY KEY,
    body text NOT NULL,
    current boolean NOT NULL
);

CREATE TABLE achievements (
    slug text NOT NULL,
    version text NOT NULL,
    body text NOT NULL,
    withdrawn_on date,
    current boolean NOT NULL,
    published_at timestamp NOT NULL,
    PRIMARY KEY (slug, version)
);

CREATE UNIQUE INDEX achievements_one_current ON achievements (slug) WHERE current;

CREATE TABLE programmes (
    slug text NOT NULL PRIMARY KEY,
    body text NOT NULL,
    current boolean NOT NULL
);

CREATE TABLE accreditations (
    provider text NOT NULL REFERENCES organisations (slug),
    achievement text NOT NULL,
    valid_from date NOT NULL,
    valid_until date,
    accredited_by text NOT NULL REFERENCES organisations (slug),
    place integer NOT NULL,
    current boolean NOT NULL,
    PRIMARY KEY (provider, achievement, valid_from, accredited_by),
    CHECK (valid_until IS NULL OR valid_from <= valid_until)
);

CREATE TABLE job_families (
    slug text NOT NULL PRIMARY KEY,
    body text NOT NULL,
    current boolean NOT NULL
);

CREATE TABLE catalogue_state (
    id integer NOT NULL PRIMARY KEY CHECK (id = 1),
    revision bigint NOT NULL CHECK (revision >= 0)
);

INSERT INTO catalogue_state (id, revision) VALUES (1, 0);

CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER achievements_stay BEFORE DELETE ON achievements FOR EACH ROW
    EXECUTE FUNCTION refuse('a published achievement version is never deleted');
CREATE TRIGGER achievements_immutable BEFORE UPDATE ON achievements FOR EACH ROW
    WHEN ((OLD.slug, OLD.version, OLD.body, OLD.published_at) IS DISTINCT FROM (NEW.slug, NEW.version, NEW.body, NEW.published_at))
    EXECUTE FUNCTION refuse('a published achievement version never changes');
