DROP TABLE verification_job_groups;
DROP TABLE verification_jobs;
