DROP TABLE award_successions;
