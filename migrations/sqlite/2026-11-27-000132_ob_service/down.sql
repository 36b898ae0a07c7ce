DROP TABLE passport_profiles;
DROP TABLE passport_credentials;
DROP TABLE passport_grants;
DROP TABLE passport_clients;
