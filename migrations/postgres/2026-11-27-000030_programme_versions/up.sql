-- Every version of every programme. `programmes` says which ones the catalogue has now.
CREATE TABLE programme_versions (
    slug text NOT NULL REFERENCES programmes (slug),
    version text NOT NULL,
    body text NOT NULL,
    published_at timestamp NOT NULL,
    PRIMARY KEY (slug, version)
);

-- What was published before programmes had versions.
INSERT INTO programme_versions (slug, version, body, published_at)
    SELECT slug, '0', body, '1970-01-01 00:00:00' FROM programmes;

CREATE TRIGGER programme_versions_immutable BEFORE UPDATE OR DELETE ON programme_versions FOR EACH ROW
    EXECUTE FUNCTION refuse('a published programme version never changes');
