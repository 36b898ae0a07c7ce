-- SQLite presses nothing: this is for PostgreSQL alone.
SELECT 1;
