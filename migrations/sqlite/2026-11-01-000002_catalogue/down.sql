DROP TABLE catalogue_state;
DROP TABLE job_families;
DROP TABLE accreditations;
DROP TABLE programmes;
DROP TABLE achievements;
DROP TABLE organisations;
