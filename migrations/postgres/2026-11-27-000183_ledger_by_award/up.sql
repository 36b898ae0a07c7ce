-- SQLite writes whole pages of its indexes and finds the lines of the ledger by their award (its migration of this name
-- says why); PostgreSQL writes what has changed of them, and finds those lines by their credential as before.
SELECT 1;
