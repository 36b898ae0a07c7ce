-- Every version of every programme. `programmes` says which ones the catalogue has now.
CREATE TABLE programme_versions (
    slug text NOT NULL REFERENCES programmes (slug),
    version text NOT NULL,
    body text NOT NULL,
    published_at text NOT NULL,
    PRIMARY KEY (slug, version)
) STRICT;

-- What was published before programmes had versions.
INSERT INTO programme_versions (slug, version, body, published_at)
    SELECT slug, '0', body, '1970-01-01 00:00:00' FROM programmes;

CREATE TRIGGER programme_versions_immutable BEFORE UPDATE ON programme_versions
BEGIN SELECT RAISE(ABORT, 'a published programme version never changes'); END;
CREATE TRIGGER programme_versions_stay BEFORE DELETE ON programme_versions
BEGIN SELECT RAISE(ABORT, 'a published programme version never changes'); END;
