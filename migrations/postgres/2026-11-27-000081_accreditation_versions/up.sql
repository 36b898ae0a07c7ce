-- Each accreditation as it stood from a moment on, so that a badge is judged by what held when it was awarded,
-- whatever became of the accreditation since.
CREATE TABLE accreditation_versions (
    provider text NOT NULL REFERENCES organisations (slug),
    achievement text NOT NULL,
    valid_from date NOT NULL,
    accredited_by text NOT NULL REFERENCES organisations (slug),
    recorded_at timestamp NOT NULL,
    valid_until date,
    stands boolean NOT NULL,
    PRIMARY KEY (provider, achievement, valid_from, accredited_by, recorded_at),
    CHECK (valid_until IS NULL OR valid_from <= valid_until)
);

-- What was there before is taken to have been recorded by its first day.
INSERT INTO accreditation_versions
SELECT provider, achievement, valid_from, accredited_by, valid_from::timestamp, valid_until, current
FROM accreditations;

CREATE TRIGGER accreditation_versions_immutable BEFORE UPDATE OR DELETE ON accreditation_versions FOR EACH ROW
    EXECUTE FUNCTION refuse('what an accreditation was stays');
