DROP TABLE used_assertions;
DROP TABLE access_tokens;
DROP TABLE api_keys;
DROP TABLE api_clients;
