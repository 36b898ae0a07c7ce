DROP TRIGGER award_reviews_once;
DROP TRIGGER award_reviews_stay;
