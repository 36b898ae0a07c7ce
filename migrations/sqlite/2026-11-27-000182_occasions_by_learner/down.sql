-- The digests cannot be made whole again: what is posted again is known by its reference, or taken for another occasion.
SELECT 1;
