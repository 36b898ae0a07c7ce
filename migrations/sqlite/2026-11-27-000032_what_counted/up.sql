-- What counted under which version, where in its rule, and by which counting rule. `alone`: it counts in no
-- other programme, but in the one that this one builds on.
ALTER TABLE award_components ADD COLUMN programme_version text NOT NULL DEFAULT '0';
ALTER TABLE award_components ADD COLUMN alone integer NOT NULL DEFAULT 0 CHECK (alone IN (0, 1));
ALTER TABLE award_components ADD COLUMN builds_on text;
ALTER TABLE award_components ADD COLUMN on_revocation text NOT NULL DEFAULT 'review'
    CHECK (on_revocation IN ('review', 'revoke'));
ALTER TABLE award_components ADD COLUMN path text NOT NULL DEFAULT '';

CREATE TRIGGER award_components_alone BEFORE INSERT ON award_components
WHEN EXISTS (
        SELECT 1 FROM award_components o
        WHERE o.component_id = NEW.component_id AND o.programme <> NEW.programme
          AND (o.alone = 1 OR NEW.alone = 1) AND o.programme IS NOT NEW.builds_on
    )
BEGIN SELECT RAISE(ABORT, 'an award counts in another programme, and in only one it may'); END;

-- SQLite adds no foreign key of two columns to a table that is there.
CREATE TRIGGER award_components_version BEFORE INSERT ON award_components
WHEN NOT EXISTS (SELECT 1 FROM programme_versions v WHERE v.slug = NEW.programme AND v.version = NEW.programme_version)
BEGIN SELECT RAISE(ABORT, 'a programme counts in a version that was published'); END;
