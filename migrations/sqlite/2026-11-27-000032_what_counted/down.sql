DROP TRIGGER award_components_version;
DROP TRIGGER award_components_alone;
ALTER TABLE award_components DROP COLUMN path;
ALTER TABLE award_components DROP COLUMN on_revocation;
ALTER TABLE award_components DROP COLUMN builds_on;
ALTER TABLE award_components DROP COLUMN alone;
ALTER TABLE award_components DROP COLUMN programme_version;
