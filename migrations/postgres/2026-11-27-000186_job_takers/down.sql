ALTER TABLE verification_job_groups DROP COLUMN taken_by;
