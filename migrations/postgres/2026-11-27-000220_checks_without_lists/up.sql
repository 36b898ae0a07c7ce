-- PostgreSQL looks a value up in a list without more: this is for SQLite alone.
SELECT 1;
