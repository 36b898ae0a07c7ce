DROP TRIGGER completions_stated;
