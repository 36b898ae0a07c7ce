DROP TABLE accreditation_versions;
