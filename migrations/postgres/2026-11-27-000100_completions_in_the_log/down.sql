DROP TRIGGER completions_stated ON completions;
