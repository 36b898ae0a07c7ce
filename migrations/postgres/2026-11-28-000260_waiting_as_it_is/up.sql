-- What waits for its place in the log is mostly digests, which do not get smaller, and it does not stay.
ALTER TABLE log_pending ALTER COLUMN bundle SET STORAGE EXTERNAL;
