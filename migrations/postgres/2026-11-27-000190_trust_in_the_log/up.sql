-- What the registrar decides of whom to trust is held by the log from here on; what was decided before is taken up by
-- whoever runs this.
COMMENT ON TABLE trust_entries IS 'Decisions on whom to trust; the log holds each.';
