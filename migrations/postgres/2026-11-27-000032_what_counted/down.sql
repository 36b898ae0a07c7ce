ALTER TABLE award_components DROP CONSTRAINT award_components_programme_programme_version_fkey;
DROP TRIGGER award_components_alone ON award_components;
DROP FUNCTION component_is_free();
ALTER TABLE award_components DROP COLUMN path;
ALTER TABLE award_components DROP COLUMN on_revocation;
ALTER TABLE award_components DROP COLUMN builds_on;
ALTER TABLE award_components DROP COLUMN alone;
ALTER TABLE award_components DROP COLUMN programme_version;
