DROP TABLE suspension_changes;
DROP TABLE suspension_entries;
DROP TABLE suspension_lists;
