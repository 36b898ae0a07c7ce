-- The occasion of a completion begins with its learner and ends with half of the digest that it was: an index of
-- digests alone has no place where what is written together lies together, and each row of an import changes a page of
-- it. The natural key of a completion without a reference is its occasion. What was corrected or withdrawn has none.
UPDATE completions SET natural_key = learner_id || ':' || substr(occasion, 1, 32)
WHERE natural_key = occasion AND length(occasion) = 64 AND occasion NOT LIKE '%:%';
UPDATE completions SET occasion = learner_id || ':' || substr(occasion, 1, 32)
WHERE length(occasion) = 64 AND occasion NOT LIKE '%:%';
