-- Reviews are in the log from here on: when they were opened, and what was decided. Neither changes afterwards.
-- Rows that were there before are taken up by whoever runs this.
CREATE TRIGGER award_reviews_stay BEFORE DELETE ON award_reviews FOR EACH ROW
    EXECUTE FUNCTION refuse('a review is never deleted');
CREATE TRIGGER award_reviews_once BEFORE UPDATE ON award_reviews FOR EACH ROW
    WHEN (OLD.decision IS NOT NULL
        OR (OLD.award_id, OLD.component_id, OLD.opened_at)
            IS DISTINCT FROM (NEW.award_id, NEW.component_id, NEW.opened_at))
    EXECUTE FUNCTION refuse('a review is decided once');
