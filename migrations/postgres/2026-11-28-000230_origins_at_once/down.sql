DROP TRIGGER learners_no_truncate ON learners;
DROP TRIGGER organisations_no_truncate ON organisations;
DROP TRIGGER programmes_no_truncate ON programmes;
DROP TRIGGER achievements_no_truncate ON achievements;
DROP TRIGGER completions_no_truncate ON completions;
DROP TRIGGER awards_no_truncate ON awards;
DROP TRIGGER credentials_no_truncate ON credentials;
DROP TRIGGER status_lists_no_truncate ON status_lists;
DROP TRIGGER learners_named ON learners;
DROP TRIGGER organisations_named ON organisations;
DROP TRIGGER programmes_named ON programmes;
DROP TRIGGER status_lists_named ON status_lists;
DROP TRIGGER learners_stay ON learners;
DROP TRIGGER organisations_stay ON organisations;
DROP TRIGGER programmes_stay ON programmes;
DROP TRIGGER completions_stay ON completions;
DROP TRIGGER status_lists_stay ON status_lists;

ALTER TABLE completions
    ADD FOREIGN KEY (provider) REFERENCES organisations (slug),
    ADD FOREIGN KEY (learner_id) REFERENCES learners (id),
    ADD FOREIGN KEY (programme) REFERENCES programmes (slug),
    ADD FOREIGN KEY (achievement, achievement_version) REFERENCES achievements (slug, version);
ALTER TABLE awards
    ADD FOREIGN KEY (completion_id) REFERENCES completions (id),
    ADD FOREIGN KEY (learner_id) REFERENCES learners (id),
    ADD FOREIGN KEY (achievement, achievement_version) REFERENCES achievements (slug, version);
ALTER TABLE credentials
    ADD FOREIGN KEY (award_id) REFERENCES awards (id),
    ADD FOREIGN KEY (issuer) REFERENCES organisations (slug),
    ADD FOREIGN KEY (status_list_id) REFERENCES status_lists (id);
ALTER TABLE ledger_entries
    ADD FOREIGN KEY (learner_id) REFERENCES learners (id),
    ADD FOREIGN KEY (award_id) REFERENCES awards (id),
    ADD FOREIGN KEY (credential_id) REFERENCES credentials (id),
    ADD FOREIGN KEY (provider) REFERENCES organisations (slug);

DROP TRIGGER completions_origins ON completions;
DROP TRIGGER awards_origins ON awards;
DROP TRIGGER credentials_origins ON credentials;
DROP TRIGGER ledger_entries_origins ON ledger_entries;
DROP FUNCTION completions_have_origins();
DROP FUNCTION awards_have_origins();
DROP FUNCTION credentials_have_origins();
DROP FUNCTION ledger_entries_have_origins();
