DROP TRIGGER award_reviews_once ON award_reviews;
DROP TRIGGER award_reviews_stay ON award_reviews;
