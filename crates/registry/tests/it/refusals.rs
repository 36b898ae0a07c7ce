//! What the databases themselves refuse, whatever the code does.

use registry::WhichEntry;
use testkit::{
    TestDb, backends,
    catalogue::{ACADEMY, slug},
    completion, noon,
};

use crate::support::{begin, begun, entropy, intake, issue};

/// The statement is refused, and says why.
fn refused(db: &TestDb, sql: &str, why: &str) {
    let error = db.sql(sql).expect_err(sql).to_string();
    assert!(error.contains(why), "`{sql}` was refused with `{error}`");
}

/// Columns of a row, each with the SQL of its value.
type Columns = &'static [(&'static str, &'static str)];

fn issued(db: &TestDb) {
    issue(db, &completion("Siân Example").email("sian@example.org").build());
}

backends! {
    fn the_ledger_is_append_only(db: TestDb) {
        let db = db.with_catalogue();
        issued(&db);
        refused(&db, "UPDATE ledger_entries SET amount = '100'", "append-only");
        refused(&db, "DELETE FROM ledger_entries", "append-only");
    }

    /// What keeps each credential's lines the only ones of their kind, where they are found by
    /// their awards.
    fn a_line_of_the_ledger_names_the_award_of_its_credential(db: TestDb) {
        let db = db.with_catalogue();
        issued(&db);
        issue(&db, &completion("Ali Example").email("ali@example.org").build());
        let line = |credential: &str, award: &str| {
            format!(
                "INSERT INTO ledger_entries (id, kind, learner_id, award_id, credential_id, provider, amount, unit, \
                 earned_at, recorded_at) SELECT 'twice', kind, learner_id, {award}, {credential}, provider, amount, \
                 unit, earned_at, recorded_at FROM ledger_entries WHERE sequence = 1"
            )
        };
        let others = "(SELECT award_id FROM ledger_entries WHERE sequence = 2)";
        refused(&db, &line("credential_id", "award_id"), "");
        refused(&db, &line("credential_id", others), "");
        assert_eq!(db.number("SELECT count(*) AS number FROM ledger_entries"), 2);
    }

    /// By foreign keys on SQLite, and on PostgreSQL by one question for all rows of a statement.
    fn what_a_row_names_is_there(db: TestDb) {
        let db = db.with_catalogue();
        begun(begin(&db, intake(&completion("Siân Example").email("sian@example.org").build())));
        let copy = |table: &str, columns: &[(&str, &str)]| {
            let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
            let values: Vec<&str> = columns.iter().map(|(_, value)| *value).collect();
            let from = if table == "ledger_entries" { "awards" } else { table };
            let (names, values) = (names.join(", "), values.join(", "));
            format!("INSERT INTO {table} ({names}) SELECT {values} FROM {from} WHERE id <> 'o'")
        };
        let tables: [(&str, Columns, &[&str]); 6] = [
            (
                "completions",
                &[
                    ("id", "'o'"), ("natural_key", "'o'"), ("occasion", "'o'"), ("client", "client"),
                    ("provider", "provider"), ("learner_id", "learner_id"), ("achievement", "achievement"),
                    ("achievement_version", "achievement_version"), ("completed_at", "completed_at"),
                    ("body", "body"), ("source", "source"), ("received_at", "received_at"),
                ],
                &["provider", "learner_id", "achievement"],
            ),
            (
                "completions",
                &[
                    ("id", "'p'"), ("natural_key", "'p'"), ("client", "client"), ("provider", "provider"),
                    ("learner_id", "learner_id"), ("achievement", "achievement"),
                    ("achievement_version", "achievement_version"), ("completed_at", "completed_at"),
                    ("body", "body"), ("source", "'programme'"), ("received_at", "received_at"),
                    ("programme", "(SELECT min(slug) FROM programmes)"),
                ],
                &["programme"],
            ),
            (
                "awards",
                &[
                    ("id", "'o'"), ("completion_id", "'o'"), ("learner_id", "learner_id"),
                    ("achievement", "achievement"), ("achievement_version", "achievement_version"),
                    ("amount", "amount"), ("unit", "unit"), ("awarded_at", "awarded_at"),
                ],
                &["completion_id", "learner_id", "achievement_version"],
            ),
            (
                "credentials",
                &[
                    ("id", "'o'"), ("award_id", "'o'"), ("issue", "1"), ("issuer", "issuer"), ("state", "state"),
                    ("status_list_id", "status_list_id"), ("status_index", "status_index + 1"),
                    ("unsigned", "unsigned"), ("data_integrity_key", "data_integrity_key"),
                    ("jwt_key", "jwt_key"), ("profile_version", "profile_version"), ("disclosure_seed", "disclosure_seed"),
                    ("created_at", "created_at"), ("valid_from", "valid_from"), ("prepared_at", "prepared_at"),
                ],
                &["award_id", "issuer", "status_list_id"],
            ),
            (
                "ledger_entries",
                &[
                    ("id", "'o'"), ("kind", "'activity'"), ("learner_id", "learner_id"), ("award_id", "id"),
                    ("provider", "(SELECT min(provider) FROM completions)"), ("amount", "'1'"), ("unit", "unit"),
                    ("earned_at", "awarded_at"), ("recorded_at", "awarded_at"), ("details", "'{}'"),
                ],
                &["learner_id", "award_id", "provider"],
            ),
            (
                "ledger_entries",
                &[
                    ("id", "'p'"), ("kind", "'activity'"), ("learner_id", "learner_id"), ("award_id", "id"),
                    ("credential_id", "(SELECT min(id) FROM credentials WHERE id <> 'o')"),
                    ("amount", "'1'"), ("unit", "unit"), ("earned_at", "awarded_at"),
                    ("recorded_at", "awarded_at"), ("details", "'{}'"),
                ],
                &["credential_id"],
            ),
        ];
        for (table, columns, named) in tables {
            for name in named {
                let with = |value: &'static str| {
                    let wrong = columns.iter().map(|(column, was)| (*column, if column == name { value } else { *was }));
                    copy(table, &wrong.collect::<Vec<_>>())
                };
                let error = db.sql(&with("'none'")).expect_err(name).to_string();
                // The last of them by SQLite, of a line whose credential is of no award.
                let said = ["that is not there", "FOREIGN KEY", "names the award of its credential"];
                assert!(said.iter().any(|said| error.contains(said)), "{table}.{name}: {error}");
            }
            db.sql(&copy(table, columns)).expect(table);
        }
        let people = [
            (
                "INSERT INTO learner_identifiers (digest, learner_id, kind, scope_digest, strong, added_at) \
                 SELECT 'o', {}, kind, scope_digest, strong, added_at FROM learner_identifiers",
                "learner_id",
            ),
            // Of a learner who was given a key there is no second one.
            ("INSERT INTO person_keys (learner_id, sealed) SELECT {}, sealed FROM person_keys", ""),
            (
                "INSERT INTO idempotency_records (key_digest, body_digest, credential_id, created_at) \
                 SELECT 'o', 'o', {}, prepared_at FROM credentials WHERE id <> 'o'",
                "id",
            ),
        ];
        for (statement, right) in people {
            let error = db.sql(&statement.replace("{}", "'none'")).expect_err(statement).to_string();
            assert!(["not there", "FOREIGN KEY"].iter().any(|said| error.contains(said)), "{statement}: {error}");
            if !right.is_empty() {
                db.sql(&statement.replace("{}", right)).expect(statement);
            }
        }
        for table in ["learners", "organisations", "completions", "awards", "credentials", "status_lists"] {
            refused(&db, &format!("DELETE FROM {table}"), "");
        }
        refused(&db, "UPDATE learner_identifiers SET learner_id = 'none'", "");
        refused(&db, "UPDATE idempotency_records SET credential_id = 'none'", "");
        refused(&db, "UPDATE learners SET id = 'o'", "");
        refused(&db, "UPDATE organisations SET slug = 'o' WHERE slug = 'nhs-digital-academy'", "");
    }

    fn a_credential_is_not_issued_without_its_ledger_entry(db: TestDb) {
        let db = db.with_catalogue();
        begun(begin(&db, intake(&completion("Siân Example").email("sian@example.org").build())));
        let forms = "proof = 'x', vc_jwt = 'x', issued_at = '2026-07-01 12:00:00'";
        refused(&db, &format!("UPDATE credentials SET state = 'issued', {forms}"), "only with its ledger entry");
        refused(&db, &format!("UPDATE credentials SET {forms}"), "");
        assert_eq!(db.number("SELECT count(*) AS number FROM credentials WHERE state = 'prepared'"), 1);
    }

    fn a_credential_is_not_revoked_without_its_reversal(db: TestDb) {
        let db = db.with_catalogue();
        issued(&db);
        refused(
            &db,
            "UPDATE credentials SET state = 'revoked', revoked_at = '2026-07-01 12:00:00', \
             revoked_reason = 'x', revoked_by = 'x'",
            "only with its reversal",
        );
    }

    fn what_befell_a_suspension_entry_stays(db: TestDb) {
        let db = db.with_catalogue();
        let academy = slug(ACADEMY);
        let entry = db.add_vc_suspension(&academy, Some("urn:uuid:1"), noon(), entropy()).unwrap();
        let other = db.add_vc_suspension(&academy, Some("urn:uuid:2"), noon(), entropy()).unwrap();
        assert_eq!(entry.list, other.list);
        assert_ne!(entry.index, other.index);
        let list = || db.status_list(entry.list).unwrap().unwrap();
        assert_eq!((list().purpose.as_str(), list().revision, list().set), ("suspension", 0, vec![]));
        let suspend = |suspended| db.suspend_vc_status(WhichEntry::At(entry), suspended, noon()).unwrap();
        assert_eq!(suspend(false), Some(false), "it stands already");
        assert_eq!((suspend(true), suspend(true)), (Some(true), Some(false)));
        assert_eq!((list().revision, list().set), (1, vec![entry.index]));
        assert_eq!(suspend(false), Some(true));
        assert_eq!((list().revision, list().set), (2, vec![]));
        assert_eq!(db.suspend_vc_status(WhichEntry::Of("urn:uuid:2"), true, noon()).unwrap(), Some(true));
        assert_eq!(list().set, [other.index]);
        assert_eq!(db.suspend_vc_status(WhichEntry::Of("urn:uuid:3"), true, noon()).unwrap(), None);
        // Each purpose has lists of its own.
        assert_eq!(db.revoke_vc_status(WhichEntry::At(entry), noon()).unwrap(), None);
        let revocable = db.add_vc_status(&academy, None, noon(), entropy()).unwrap();
        assert_ne!(revocable.list, entry.list);
        assert_eq!(db.suspend_vc_status(WhichEntry::At(revocable), true, noon()).unwrap(), None);

        refused(&db, "UPDATE suspension_changes SET changed_at = created_at FROM suspension_entries", "never changes");
        refused(&db, "DELETE FROM suspension_changes", "never changes");
        refused(&db, "UPDATE suspension_entries SET credential_digest = 'x'", "never changes");
        refused(&db, "DELETE FROM suspension_entries", "never");
        refused(&db, "UPDATE suspension_lists SET next_place = next_place - 1", "never gives a place back");
        refused(&db, "DELETE FROM suspension_lists", "never deleted");
        let wrong = "INSERT INTO suspension_changes SELECT list_id, list_index, number + 7, change, changed_at \
            FROM suspension_changes WHERE number = 2";
        refused(&db, wrong, "");
    }

    fn a_signed_credential_never_changes(db: TestDb) {
        let db = db.with_catalogue();
        issued(&db);
        refused(&db, "UPDATE credentials SET proof = 'x'", "signed credential never changes");
        refused(&db, "UPDATE credentials SET vc_jwt = 'x'", "signed credential never changes");
        refused(&db, "UPDATE credentials SET unsigned = 'x'", "stored intent never changes");
        refused(&db, "UPDATE credentials SET status_index = status_index + 1", "stored intent never changes");
        refused(
            &db,
            "UPDATE credentials SET state = 'prepared', proof = NULL, vc_jwt = NULL, issued_at = NULL",
            "credential",
        );
        refused(&db, "DELETE FROM credentials", "never deleted");
        refused(&db, "UPDATE awards SET amount = '100'", "never changes");
        refused(&db, "DELETE FROM awards", "never changes");
    }

    fn a_stored_intent_never_changes(db: TestDb) {
        let db = db.with_catalogue();
        begun(begin(&db, intake(&completion("Siân Example").email("sian@example.org").build())));
        refused(&db, "UPDATE credentials SET unsigned = 'x'", "stored intent never changes");
        refused(&db, "UPDATE credentials SET data_integrity_key = 'x'", "stored intent never changes");
        refused(&db, "UPDATE credentials SET disclosure_seed = 'x'", "stored intent never changes");
        refused(&db, "UPDATE credentials SET disclosure_seed = NULL", "");
        refused(&db, "UPDATE status_lists SET next_place = 0", "never gives a place back");
    }

    fn an_award_is_made_once_for_a_completion(db: TestDb) {
        let db = db.with_catalogue();
        issued(&db);
        let copy = "SELECT 'other', completion_id, learner_id, achievement, achievement_version, amount, unit, \
                    awarded_at FROM awards";
        assert!(db.sql(&format!("INSERT INTO awards {copy}")).is_err());
        let amount = copy.replace("'other', completion_id", "'other', 'none'").replace("amount", "'-1'");
        assert!(db.sql(&format!("INSERT INTO awards {amount}")).is_err(), "a negative award");
        assert_eq!(db.number("SELECT count(*) AS number FROM awards"), 1);
    }

    fn a_published_version_never_changes(db: TestDb) {
        let db = db.with_catalogue();
        refused(&db, "UPDATE achievements SET body = '{}'", "never changes");
        refused(&db, "DELETE FROM achievements", "never deleted");
    }
}
