DROP TRIGGER watch_told;
DROP TRIGGER watch_renewed;
DROP TRIGGER watch_suspension;
DROP TRIGGER watch_revocation;
DROP TABLE watch_attempts;
DROP TABLE watch_events;
DROP TABLE watch_lists;
DROP TABLE watches;
