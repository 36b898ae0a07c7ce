-- SQLite has it so already: this is for PostgreSQL alone.
SELECT 1;
