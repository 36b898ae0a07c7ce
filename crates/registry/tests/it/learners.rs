use model::{id::LearnerId, learner::Identifier};
use registry::BeginOutcome;
use testkit::{CompletionBuilder, TestDb, backends, completion};

use crate::support::{begin, begun, complete, intake};

/// Posts a completion under a reference and at a time of its own.
fn post(db: &TestDb, number: u32, stated: CompletionBuilder) -> BeginOutcome {
    begin(db, intake(&stated.number(number).build()))
}

fn learner(db: &TestDb, number: u32, stated: CompletionBuilder) -> LearnerId {
    complete(db, &begun(post(db, number, stated))).learner_id
}

fn assert_conflict(outcome: &BeginOutcome) {
    assert!(matches!(outcome, BeginOutcome::LearnerConflict { .. }), "{outcome:?}");
    let text = format!("{outcome:?}");
    assert!(!text.contains("Example") && !text.contains("example.org"), "it names somebody: {text}");
}

backends! {
    fn a_strong_identifier_decides_whatever_the_name_and_email(db: TestDb) {
        let db = db.with_catalogue();
        let first = learner(&db, 1, completion("Siân Example").email("sian@example.org").staff_number("A1"));
        let married = completion("Siân Sample").email("new@example.org").staff_number("A1").registration("F1");
        assert_eq!(learner(&db, 2, married), first);
        // What came with the known identifier is known from now on.
        assert_eq!(learner(&db, 3, completion("S. Sample").registration("F1")), first);
        assert_eq!(learner(&db, 4, completion("Siân Example").email("new@example.org")), first);
    }

    fn strong_identifiers_of_two_learners_conflict(db: TestDb) {
        let db = db.with_catalogue();
        let first = learner(&db, 1, completion("Siân Example").staff_number("A1"));
        let second = learner(&db, 2, completion("Ali Example").registration("F1"));
        assert_ne!(first, second);
        assert_conflict(&post(&db, 3, completion("Siân Example").staff_number("A1").registration("F1")));
    }

    fn a_staff_number_counts_only_within_its_organisation(db: TestDb) {
        let db = db.with_catalogue();
        let number = |organisation: &str| Identifier::StaffNumber {
            value: "A1".to_owned(),
            organisation: organisation.to_owned(),
        };
        let first = learner(&db, 1, completion("Siân Example").identifier(number("RX1")));
        let second = learner(&db, 2, completion("Siân Example").identifier(number("RX2")));
        assert_ne!(first, second);
        assert_eq!(learner(&db, 3, completion("Siân Example").identifier(number(" rx1"))), first);
    }

    fn email_and_name_together_decide_folded(db: TestDb) {
        let db = db.with_catalogue();
        let first = learner(&db, 1, completion("Siân Example").email("sian@example.org"));
        assert_eq!(learner(&db, 2, completion("SIÂN  EXAMPLE").email("sian@example.org")), first);
    }

    fn two_learners_may_share_an_email_if_something_strong_tells_them_apart(db: TestDb) {
        let db = db.with_catalogue();
        let first = learner(&db, 1, completion("Siân Example").email("ward@example.org"));
        assert_conflict(&post(&db, 2, completion("Ali Example").email("ward@example.org")));
        let second = learner(&db, 3, completion("Ali Example").email("ward@example.org").staff_number("A2"));
        assert_ne!(first, second);
        // From now on each is told by name.
        assert_eq!(learner(&db, 4, completion("Siân Example").email("ward@example.org")), first);
        assert_eq!(learner(&db, 5, completion("Ali Example").email("ward@example.org")), second);
        assert_conflict(&post(&db, 6, completion("Bo Example").email("ward@example.org")));
    }

    fn namesakes_with_one_mailbox_are_told_apart_by_number(db: TestDb) {
        let db = db.with_catalogue();
        let stated = || completion("Siân Example").email("ward@example.org");
        let first = learner(&db, 1, stated().staff_number("A1"));
        let second = learner(&db, 2, stated().staff_number("A2"));
        assert_ne!(first, second);
        assert_conflict(&post(&db, 3, stated()));
        assert_eq!(learner(&db, 4, stated().staff_number("A2")), second);
    }

    fn a_learner_is_given_with_all_identifiers_and_the_latest_name(db: TestDb) {
        let db = db.with_catalogue();
        let id = learner(&db, 1, completion("Siân Example").email("sian@example.org").staff_number("A1"));
        let record = db.learner(id).unwrap().unwrap();
        assert_eq!(record.stated.name, "Siân Example");
        assert_eq!(record.stated.identifiers.len(), 2);
        assert_eq!(learner(&db, 2, completion("Siân Example").staff_number("A1").did("did:example:1")), id);
        let kinds: Vec<_> = db.learner(id).unwrap().unwrap().stated.identifiers;
        assert_eq!(kinds.iter().map(Identifier::kind).collect::<std::collections::BTreeSet<_>>().len(), 3);
        assert_eq!(db.learner(LearnerId::random(crate::support::entropy())).unwrap(), None);
    }

    fn identifiers_are_nowhere_kept_under_a_plain_hash(db: TestDb) {
        let db = db.with_catalogue();
        learner(&db, 1, completion("Siân Example").email("sian@example.org").staff_number("A1"));
        // SHA-256 of `sian@example.org`, as anybody could compute it.
        let plain = "b587a1020edabaab1eb7f52bcc5f52f6d3e8912b9724b09835e8d5a33dc36092";
        let found = db.number(&format!(
            "SELECT count(*) AS number FROM learner_identifiers \
             WHERE digest LIKE '%sian%' OR digest = '{plain}' OR scope_digest LIKE '%RX1%' OR length(digest) <> 64"
        ));
        assert_eq!(found, 0);
    }
}
