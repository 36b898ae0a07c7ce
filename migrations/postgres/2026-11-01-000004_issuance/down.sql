DROP TABLE idempotency_records;
DROP TABLE credentials;
DROP TABLE status_lists;
DROP TABLE award_components;
DROP TABLE awards;
DROP TABLE completions;
