DROP TABLE cpd_statements;
