-- The natural key of a reference says first where in the index it lies, so that references that follow one another lie
-- together. Of those that are there already only the half is kept that tells them apart: they are asked for by it as
-- long as this index holds any.
UPDATE completions SET natural_key = substr(natural_key, 1, 32)
WHERE source = 'completion' AND length(natural_key) = 64;
CREATE INDEX completions_former_keys ON completions (natural_key) WHERE length(natural_key) = 32;
