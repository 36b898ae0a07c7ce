DROP TABLE passport_claims;
DROP TABLE passport_accesses;
DROP TABLE passport_consents;
DROP FUNCTION goes_with_the_person();
DROP TABLE core_skills;
