-- What a completion states is held by the log from here on, with its award, and so are endorsements, transfers and
-- what learners write of a period; rows of these three that were there before are taken up by whoever runs this.
-- What lay open may be sealed, once.
CREATE TRIGGER completions_stated BEFORE UPDATE OF body, evidenced ON completions
WHEN OLD.evidenced <> NEW.evidenced
    OR (OLD.body <> NEW.body AND (substr(OLD.body, 1, 1) <> '{' OR substr(NEW.body, 1, 1) <> char(2)))
BEGIN SELECT RAISE(ABORT, 'what a completion stated never changes'); END;
