use model::completion::{Completion, WhichCompletion};
use registry::{BeginOutcome, Corrected, Intake, LedgerPage, WithdrawalOutcome};
use testkit::{
    at, backends,
    catalogue::{INTRODUCTION, TRUST, UNIVERSITY, slug},
    completion, noon,
};

use crate::support::{begin, begun, complete, entropy, intake, issue, keyed, replayed};

fn corrected(outcome: BeginOutcome) -> Corrected {
    match outcome {
        BeginOutcome::Correcting(_, corrected) => corrected,
        other => panic!("expected Correcting, found {other:?}"),
    }
}

fn texts(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

backends! {
    fn a_key_replays_the_first_answer_and_refuses_another_body(db: TestDb) {
        let db = db.with_catalogue();
        let stated = completion("Siân Example").email("sian@example.org").reference("r-1").build();
        let pending = begun(begin(&db, keyed(&stated, "a", "key", "body")));
        assert_eq!(
            begin(&db, keyed(&stated, "a", "key", "body")),
            BeginOutcome::InFlight(pending.credential_id())
        );
        assert_eq!(begin(&db, keyed(&stated, "a", "key", "other")), BeginOutcome::KeyReused);
        let issued = complete(&db, &pending);
        assert_eq!(replayed(begin(&db, keyed(&stated, "a", "key", "body"))), issued);
        assert_eq!(begin(&db, keyed(&stated, "a", "key", "other")), BeginOutcome::KeyReused);

        let another = completion("Ali Example").email("ali@example.org").reference("r-2").build();
        assert_eq!(begin(&db, keyed(&another, "a", "key", "other")), BeginOutcome::KeyReused);
        assert_eq!(db.number("SELECT count(*) AS number FROM credentials"), 1);
    }

    /// As completions were known before occasions began with their learner.
    fn what_was_recorded_before_occasions_named_their_learner_is_known_again(db: TestDb) {
        const NAMED: &str = include_str!(
            "../../../../migrations/sqlite/2026-11-27-000182_occasions_by_learner/up.sql"
        );
        let db = db.with_catalogue();
        let nameless = completion("Siân Example").email("sian@example.org").build();
        let named = completion("Ali Example").email("ali@example.org").reference("r-1").build();
        let first = issue(&db, &nameless);
        let second = issue(&db, &named);
        let whole = "substr(occasion, 38) || '0123456789abcdef0123456789abcdef'";
        db.sql(&format!("UPDATE completions SET natural_key = {whole} WHERE natural_key = occasion")).unwrap();
        db.sql(&format!("UPDATE completions SET occasion = {whole}")).unwrap();
        let digests = "SELECT count(*) AS number FROM completions WHERE length(occasion) = 64";
        assert_eq!(db.number(digests), 2);

        db.sql(NAMED).unwrap();
        assert_eq!(db.number(digests), 0);
        assert_eq!(replayed(begin(&db, intake(&nameless))), first);
        assert_eq!(replayed(begin(&db, intake(&named))), second);
        let other = completion("Ali Example").email("ali@example.org").reference("r-2").build();
        assert!(matches!(begin(&db, intake(&other)), BeginOutcome::Conflict { .. }), "the same occasion");
        db.sql(NAMED).unwrap();
        assert_eq!(replayed(begin(&db, intake(&nameless))), first, "done twice it changes nothing");
    }

    /// As completions were known before references that follow one another lay together.
    fn what_was_recorded_when_references_lay_anywhere_is_known_again(db: TestDb) {
        const SHORTENED: &str = include_str!(
            "../../../../migrations/sqlite/2026-11-27-000210_references_in_order/up.sql"
        );
        let (shorten, _) = SHORTENED.split_once("CREATE INDEX").unwrap();
        let db = db.with_catalogue();
        let stated = completion("Siân Example").email("sian@example.org").reference("r-1").build();
        let taken_back = completion("Ali Example").email("ali@example.org").reference("r-2").build();
        let first = issue(&db, &stated);
        issue(&db, &taken_back);
        db.sql("UPDATE completions SET natural_key = substr(natural_key, 9) || '0123456789abcdef0123456789abcdef'")
            .unwrap();
        let former = |length: u32| {
            db.number(&format!("SELECT count(*) AS number FROM completions WHERE length(natural_key) = {length}"))
        };
        assert_eq!(former(64), 2);
        db.sql(shorten).unwrap();
        assert_eq!((former(64), former(32)), (0, 2));
        assert_eq!(replayed(begin(&db, intake(&stated))), first);

        let which = WhichCompletion::Reference("r-2".to_owned());
        let outcome = db.withdraw(&slug(TRUST), &which, "never taken", "trust", noon(), entropy()).unwrap();
        assert!(matches!(outcome, WithdrawalOutcome::Withdrawn(..)), "{outcome:?}");
        assert!(matches!(begin(&db, intake(&taken_back)), BeginOutcome::Withdrawn(_)));

        let changed = Completion { cohort: Some("Autumn".to_owned()), ..stated.clone() };
        let BeginOutcome::Correcting(pending, corrected) = begin(&db, intake(&changed)) else {
            panic!("it is known by its reference")
        };
        assert_eq!(corrected.credential_id, first.credential_id);
        complete(&db, &pending);
        assert_eq!((former(32), former(40)), (1, 1), "who corrects one is known by the key of today");
        assert!(matches!(begin(&db, intake(&stated)), BeginOutcome::Superseded(_)));
    }

    fn references_that_follow_one_another_lie_together(db: TestDb) {
        let db = db.with_catalogue();
        for (name, reference) in [("a", "R-1000"), ("b", "R-1999"), ("c", "R-2000"), ("d", "7")] {
            let email = format!("{name}@example.org");
            issue(&db, &completion(name).email(&email).reference(reference).build());
        }
        let of = |digits: u32| {
            db.number(&format!("SELECT count(DISTINCT substr(natural_key, 1, {digits})) AS number FROM completions"))
        };
        assert_eq!((of(8), of(40)), (3, 4));
    }

    fn another_clients_same_key_is_its_own(db: TestDb) {
        let db = db.with_catalogue();
        let stated = completion("Siân Example").email("sian@example.org").reference("r-1").build();
        let ours = complete(&db, &begun(begin(&db, keyed(&stated, "a", "key", "body"))));
        let theirs = Intake { provider: slug(UNIVERSITY), ..keyed(&stated, "b", "key", "other body") };
        let theirs = complete(&db, &begun(begin(&db, theirs)));
        assert_ne!(ours.credential_id, theirs.credential_id);
    }

    fn a_new_key_for_the_same_completion_replays_and_is_remembered(db: TestDb) {
        let db = db.with_catalogue();
        let stated = completion("Siân Example").email("sian@example.org").build();
        let issued = complete(&db, &begun(begin(&db, keyed(&stated, "a", "first", "body"))));
        assert_eq!(replayed(begin(&db, keyed(&stated, "a", "second", "body"))), issued);
        assert_eq!(begin(&db, keyed(&stated, "a", "second", "other")), BeginOutcome::KeyReused);
    }

    fn a_refused_request_does_not_use_its_key_up(db: TestDb) {
        let db = db.with_catalogue();
        let wrong = completion("Siân Example").email("sian@example.org").achievement("no-such-thing").build();
        assert!(matches!(begin(&db, keyed(&wrong, "a", "key", "wrong")), BeginOutcome::Refused(_)));
        let right = completion("Siân Example").email("sian@example.org").achievement(INTRODUCTION).build();
        begun(begin(&db, keyed(&right, "a", "key", "right")));
    }

    fn a_reference_stands_for_one_content(db: TestDb) {
        let db = db.with_catalogue();
        let stated = || completion("Siân Example").email("sian@example.org").reference("r-1");
        let issued = complete(&db, &begun(begin(&db, intake(&stated().build()))));
        assert_eq!(replayed(begin(&db, intake(&stated().build()))), issued);
        let changed = stated().cohort("Winter 2026").completed_at(at("2026-06-29T09:00:00Z")).build();
        let corrected = corrected(begin(&db, intake(&changed)));
        assert_eq!((corrected.credential_id, corrected.differing), (issued.credential_id, texts(&["completedAt", "cohort"])));
        let other = stated().cohort("Spring 2027").build();
        assert!(matches!(begin(&db, intake(&other)), BeginOutcome::Busy(_)), "the correction must be visible first");
        let elsewhere = stated().build();
        let elsewhere = Intake { provider: slug(UNIVERSITY), ..intake(&elsewhere) };
        begun(begin(&db, elsewhere));
    }

    fn without_a_reference_learner_achievement_and_time_stand_for_one_content(db: TestDb) {
        let db = db.with_catalogue();
        let stated = || completion("Siân Example").email("sian@example.org");
        let issued = complete(&db, &begun(begin(&db, intake(&stated().build()))));
        assert_eq!(replayed(begin(&db, intake(&stated().build()))), issued);
        let changed = stated().cohort("Winter 2026").build();
        let corrected = corrected(begin(&db, intake(&changed)));
        assert_eq!((corrected.credential_id, corrected.differing), (issued.credential_id, texts(&["cohort"])));
        let again = stated().completed_at(at("2026-06-30T15:30:01Z")).build();
        begun(begin(&db, intake(&again)));
    }

    fn one_occasion_is_one_completion_whatever_its_reference(db: TestDb) {
        let db = db.with_catalogue();
        let stated = || completion("Siân Example").email("sian@example.org");
        let first = complete(&db, &begun(begin(&db, intake(&stated().reference("r-1").build()))));
        let conflict = BeginOutcome::Conflict {
            existing: first.credential_id,
            differing: vec!["reference".to_owned()],
        };
        assert_eq!(begin(&db, intake(&stated().reference("r-2").build())), conflict);
        assert_eq!(begin(&db, intake(&stated().build())), conflict);
        // The credit was counted once.
        assert_eq!(db.ledger(first.learner_id, &LedgerPage::default()).unwrap().len(), 1);
        // Another hour is another occasion, and so is another provider's.
        let later = stated().reference("r-2").completed_at(at("2026-06-30T16:30:00Z")).build();
        begun(begin(&db, intake(&later)));
        let elsewhere = stated().reference("r-1").build();
        begun(begin(&db, Intake { provider: slug(UNIVERSITY), ..intake(&elsewhere) }));
    }
}
