-- SQLite looks for what a row names without a journey or a lock: this is for PostgreSQL alone.
SELECT 1;
