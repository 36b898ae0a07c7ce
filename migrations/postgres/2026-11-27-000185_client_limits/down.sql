DROP TABLE client_limit_changes;
ALTER TABLE api_clients DROP COLUMN jobs;
ALTER TABLE api_clients DROP COLUMN watches;
ALTER TABLE api_clients DROP COLUMN requests_per_minute;
