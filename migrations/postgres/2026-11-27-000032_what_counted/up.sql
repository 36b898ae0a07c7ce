-- What counted under which version, where in its rule, and by which counting rule. `alone`: it counts in no
-- other programme, but in the one that this one builds on.
ALTER TABLE award_components ADD COLUMN programme_version text NOT NULL DEFAULT '0';
ALTER TABLE award_components ADD COLUMN alone boolean NOT NULL DEFAULT false;
ALTER TABLE award_components ADD COLUMN builds_on text;
ALTER TABLE award_components ADD COLUMN on_revocation text NOT NULL DEFAULT 'review'
    CHECK (on_revocation IN ('review', 'revoke'));
ALTER TABLE award_components ADD COLUMN path text NOT NULL DEFAULT '';

CREATE FUNCTION component_is_free() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM award_components o
        WHERE o.component_id = NEW.component_id AND o.programme <> NEW.programme
          AND (o.alone OR NEW.alone) AND o.programme IS DISTINCT FROM NEW.builds_on
    ) THEN
        RAISE EXCEPTION 'an award counts in another programme, and in only one it may' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER award_components_alone BEFORE INSERT ON award_components FOR EACH ROW
    EXECUTE FUNCTION component_is_free();

ALTER TABLE award_components ADD FOREIGN KEY (programme, programme_version) REFERENCES programme_versions (slug, version);
