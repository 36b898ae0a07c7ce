-- Who took a group on last. Another counts as a try: the one before did not live to finish it.
ALTER TABLE verification_job_groups ADD COLUMN taken_by text;
