DROP TRIGGER maintained_awards_joined;
DROP TRIGGER maintained_awards_credited;
DROP TRIGGER maintained_awards_issued;
DROP TABLE maintenance_state;
DROP TABLE maintenance_notices;
DROP TABLE maintained_awards;
DROP TABLE maintenance_policies;
