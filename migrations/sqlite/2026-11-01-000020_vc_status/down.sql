DROP TABLE vc_status_entries;
