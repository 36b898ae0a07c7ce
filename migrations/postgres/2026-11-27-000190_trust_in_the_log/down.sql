COMMENT ON TABLE trust_entries IS NULL;
