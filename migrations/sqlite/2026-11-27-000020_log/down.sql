DROP TABLE log_state;
DROP TABLE log_cosignatures;
DROP TABLE log_checkpoints;
DROP TABLE log_bundles;
DROP TABLE log_tiles;
DROP TABLE log_parcels;
DROP TABLE log_pending;
