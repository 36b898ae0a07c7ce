DROP TABLE passport_claims;
DROP TABLE passport_accesses;
DROP TABLE passport_consents;
DROP TABLE core_skills;
