DROP TABLE trust_entries;
