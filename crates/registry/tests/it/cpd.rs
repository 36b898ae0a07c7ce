//! Lines of the ledger that no credential stands behind.

use model::{
    cpd::activity::{Activity, Adjustment, Details},
    id::{AdjustmentId, LearnerId},
};
use registry::{EntryKind, LedgerPage, Origin, Transfer, Transferred, Undecided};
use testkit::{
    at, backends,
    catalogue::{SCHEME, hours, slug},
    completion, noon,
};

use crate::support::{entropy, issue};

fn activity(amount: &str) -> Activity {
    Activity {
        title: "Read a book on data ethics".to_owned(),
        credit: hours(amount),
        finished_at: at("2026-03-01T10:00:00Z"),
        category: Some(slug("reading")),
        reflection: Some("Consent is a process.".to_owned()),
        evidence: None,
    }
}

fn adjustment(amount: &str) -> Adjustment {
    Adjustment {
        amount: amount.parse().unwrap(),
        unit: "hours".parse().unwrap(),
        earned_on: "2026-03-01".parse().unwrap(),
        category: None,
        reason: "Counted twice".to_owned(),
    }
}

backends! {
    fn what_is_declared_is_a_line_that_nobody_can_change(db: TestDb) {
        let db = db.with_catalogue();
        let learner = issue(&db, &completion("Siân Example").email("sian@example.org").build()).learner_id;
        let entry = db.record_activity(learner, &activity("2.5"), "portal", noon(), entropy()).unwrap().unwrap();
        assert_eq!((entry.kind, entry.amount.to_string().as_str()), (EntryKind::Activity, "2.5"));
        let Origin::Stated(details) = &entry.origin else { panic!("{entry:?}") };
        assert_eq!((details.title.as_str(), details.stated_by.as_str()), ("Read a book on data ethics", "portal"));
        let lines = db.ledger(learner, &LedgerPage::default()).unwrap();
        assert_eq!((lines.len(), &lines[1]), (2, &entry));
        assert!(db.sql("UPDATE ledger_entries SET details = '{}' WHERE kind = 'activity'").is_err());
        let stranger = LearnerId::random(entropy());
        assert_eq!(db.record_activity(stranger, &activity("1"), "portal", noon(), entropy()).unwrap(), None);
        assert_eq!(db.audit(noon()).unwrap().findings, []);
    }

    fn the_ledger_of_a_past_moment_is_what_was_written_by_then(db: TestDb) {
        let db = db.with_catalogue();
        let learner = issue(&db, &completion("Siân Example").email("sian@example.org").build()).learner_id;
        let later = at("2026-08-01T00:00:00Z");
        db.record_activity(learner, &activity("2.5"), "portal", later, entropy()).unwrap().unwrap();
        let as_of = |moment| db.ledger(learner, &LedgerPage { as_of: Some(moment), ..LedgerPage::default() }).unwrap().len();
        assert_eq!((as_of(at("2026-07-31T23:59:59Z")), as_of(later)), (1, 2), "the moment itself counts");
    }

    fn an_adjustment_takes_two_people(db: TestDb) {
        let db = db.with_catalogue();
        let learner = issue(&db, &completion("Siân Example").email("sian@example.org").build()).learner_id;
        let asked = db.request_adjustment(learner, &adjustment("-1.5"), "anna", noon(), entropy()).unwrap().unwrap();
        assert_eq!(db.ledger(learner, &LedgerPage::default()).unwrap().len(), 1, "nothing is written yet");
        assert_eq!(db.adjustments_waiting(10).unwrap(), std::slice::from_ref(&asked));
        let decide = |approve, by| db.decide_adjustment(asked.id, approve, by, noon(), entropy()).unwrap();
        assert_eq!(decide(true, "anna"), Err(Undecided::SamePerson));
        let approved = decide(true, "bo").unwrap();
        let entry = approved.decision.as_ref().unwrap().entry.unwrap();
        let lines = db.ledger(learner, &LedgerPage::default()).unwrap();
        assert_eq!((lines[1].id, lines[1].kind, lines[1].amount.to_string().as_str()), (entry, EntryKind::Adjustment, "-1.5"));
        let Origin::Stated(details) = &lines[1].origin else { panic!("{lines:?}") };
        assert_eq!((details.stated_by.as_str(), details.approved_by.as_deref()), ("anna", Some("bo")));
        assert_eq!(decide(true, "bo").unwrap(), approved, "again gives the first answer");
        assert!(matches!(decide(false, "bo"), Err(Undecided::Decided(_))));
        assert_eq!(db.ledger(learner, &LedgerPage::default()).unwrap().len(), 2);
        assert_eq!(db.adjustments_waiting(10).unwrap(), []);
        let unknown = db.decide_adjustment(AdjustmentId::random(entropy()), true, "bo", noon(), entropy()).unwrap();
        assert_eq!(unknown, Err(Undecided::Unknown));
    }

    fn a_refused_adjustment_writes_nothing(db: TestDb) {
        let db = db.with_catalogue();
        let learner = issue(&db, &completion("Siân Example").email("sian@example.org").build()).learner_id;
        let asked = db.request_adjustment(learner, &adjustment("3"), "anna", noon(), entropy()).unwrap().unwrap();
        let refused = db.decide_adjustment(asked.id, false, "bo", noon(), entropy()).unwrap().unwrap();
        assert_eq!(refused.decision.unwrap().entry, None);
        assert_eq!(db.ledger(learner, &LedgerPage::default()).unwrap().len(), 1);
    }

    fn the_database_itself_wants_two_people(db: TestDb) {
        let db = db.with_catalogue();
        let learner = issue(&db, &completion("Siân Example").email("sian@example.org").build()).learner_id;
        let asked = db.request_adjustment(learner, &adjustment("3"), "anna", noon(), entropy()).unwrap().unwrap();
        let decide = "UPDATE ledger_adjustments SET decided_by = 'anna', decided_at = requested_at, decision = 'refused'";
        assert!(db.sql(decide).is_err(), "the same person");
        let line = format!(
            "INSERT INTO ledger_entries (id, kind, learner_id, amount, unit, earned_at, recorded_at, details) \
             SELECT '{}', 'adjustment', '{learner}', '3', 'hours', earned_at, recorded_at, '{{}}' FROM ledger_entries",
            asked.id
        );
        assert!(db.sql(&line).is_err(), "no approved adjustment stands behind it");
        let bare = line.replace("'adjustment'", "'activity'").replace("'{}'", "NULL");
        assert!(db.sql(&bare).is_err(), "nothing is said of it");
        assert!(db.sql("DELETE FROM ledger_adjustments").is_err());
    }

    fn two_at_once_decide_once(db: TestDb) {
        let db = db.with_catalogue();
        let learner = issue(&db, &completion("Siân Example").email("sian@example.org").build()).learner_id;
        let asked = db.request_adjustment(learner, &adjustment("3"), "anna", noon(), entropy()).unwrap().unwrap();
        let decided = std::thread::scope(|scope| {
            let each: Vec<_> = ["bo", "carys", "dilys", "emyr"]
                .map(|by| scope.spawn(|| db.decide_adjustment(asked.id, true, by, noon(), entropy()).unwrap()))
                .into_iter()
                .collect();
            each.into_iter().flat_map(|thread| thread.join().unwrap()).count()
        });
        assert_eq!(decided, 1);
        assert_eq!(db.ledger(learner, &LedgerPage::default()).unwrap().len(), 2);
    }

    fn the_latest_statement_of_a_membership_holds(db: TestDb) {
        let db = db.with_catalogue();
        let learner = issue(&db, &completion("Siân Example").email("sian@example.org").build()).learner_id;
        let scheme = slug(SCHEME);
        let joined = |moment| db.joined_scheme(learner, &scheme, moment).unwrap().map(|day| day.to_string());
        assert_eq!(joined(noon()), None);
        for (day, moment) in [("2026-01-01", noon()), ("2026-02-01", at("2026-08-01T00:00:00Z"))] {
            assert!(db.join_scheme(learner, &scheme, day.parse().unwrap(), "portal", moment, entropy()).unwrap());
        }
        assert_eq!(joined(noon()).as_deref(), Some("2026-01-01"), "as it was known then");
        assert_eq!(joined(at("2026-09-01T00:00:00Z")).as_deref(), Some("2026-02-01"));
        assert!(db.sql("UPDATE cpd_memberships SET joined_on = '2020-01-01'").is_err());
    }
}

backends! {
    fn what_a_learner_writes_is_kept_as_it_was_written(db: TestDb) {
        let db = db.with_catalogue();
        let learner = issue(&db, &completion("Siân Example").email("sian@example.org").build()).learner_id;
        let (scheme, day) = (slug(SCHEME), "2026-03-01".parse().unwrap());
        let write = |text, at| db.write_statement(learner, (&scheme, day), text, "portal", at, entropy()).unwrap();
        assert!(write("First words.", noon()) && write("Better words.", at("2026-08-01T00:00:00Z")));
        let written = |as_of| {
            let all = db.written_statements(learner, &scheme, as_of).unwrap();
            all.into_iter().map(|(_, words)| words.text).collect::<Vec<_>>()
        };
        assert_eq!(written(at("2026-09-01T00:00:00Z")), ["Better words.", "First words."]);
        assert_eq!(written(noon()), ["First words."]);
        assert_eq!(db.written_statements(learner, &slug("another-scheme"), noon()).unwrap(), []);
        let stranger = LearnerId::random(entropy());
        assert!(!db.write_statement(stranger, (&scheme, day), "Nobody's.", "portal", noon(), entropy()).unwrap());
        assert!(db.sql("UPDATE cpd_statements SET body = 'Other words.'").is_err());
        assert!(db.sql("DELETE FROM cpd_statements").is_err());
    }
}

backends! {
    fn a_credential_of_others_counts_once_for_whomever(db: TestDb) {
        let db = db.with_catalogue();
        let learner = |name: &str, email: &str| issue(&db, &completion(name).email(email).build()).learner_id;
        let (first, second) = (learner("Siân Example", "sian@example.org"), learner("Bo Example", "bo@example.org"));
        let details = Details {
            title: "Data ethics".to_owned(),
            category: None,
            reflection: None,
            evidence: None,
            stated_by: "registrar".to_owned(),
            approved_by: None,
            origin: None,
        };
        let credit = hours("3");
        let bring = |learner, name, content| {
            let transfer = Transfer {
                credit: &credit,
                earned_at: at("2026-03-01T10:00:00Z"),
                details: &details,
                name: ("did:example:elsewhere", name),
                content,
            };
            db.transfer_in(learner, &transfer, noon(), entropy()).unwrap()
        };
        let Transferred::New(entry) = bring(first, "urn:x:1", "aa") else { panic!("it is new") };
        assert_eq!((entry.kind, entry.amount.to_string().as_str()), (EntryKind::Transfer, "3"));
        for (name, content) in [("urn:x:1", "aa"), ("urn:x:1", "bb"), ("urn:x:2", "aa")] {
            assert_eq!(bring(first, name, content), Transferred::Before(entry.clone()), "{name} {content}");
            assert_eq!(bring(second, name, content), Transferred::Elsewhere, "{name} {content}");
        }
        assert_eq!(bring(LearnerId::random(entropy()), "urn:x:3", "cc"), Transferred::NoLearner);
        let brought = std::thread::scope(|scope| {
            let each: Vec<_> = [first, second, first, second]
                .map(|learner| scope.spawn(move || bring(learner, "urn:x:4", "dd")))
                .into_iter()
                .collect();
            let done = each.into_iter().map(|thread| thread.join().unwrap());
            done.filter(|done| matches!(done, Transferred::New(_))).count()
        });
        assert_eq!(brought, 1, "of four at once");
        let line = format!(
            "INSERT INTO ledger_entries (id, kind, learner_id, amount, unit, earned_at, recorded_at, details) \
             SELECT '{}', 'transfer', learner_id, '3', 'hours', earned_at, recorded_at, '{{}}' \
             FROM ledger_entries WHERE id = '{}'",
            LearnerId::random(entropy()),
            entry.id
        );
        assert!(db.sql(&line).is_err(), "nothing stands behind it");
        assert!(db.sql("DELETE FROM transfers").is_err());
        assert_eq!(db.audit(noon()).unwrap().findings, []);
    }
}
