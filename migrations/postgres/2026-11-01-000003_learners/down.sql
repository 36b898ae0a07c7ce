DROP TABLE learner_identifiers;
DROP TABLE learners;
