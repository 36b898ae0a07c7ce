DROP TABLE passport_hosts;
