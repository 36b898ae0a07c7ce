use issuing::{AcceptError, Acceptance, Authority, Caller, Submission};
use model::completion::Completion;
use registry::Idempotency;
use testkit::{
    TestService, academy, at, backends, catalogue::TRUST, catalogue::slug, completion, noon, trust,
};

use crate::support::{AT_ONCE, break_table, count, faults, mend_table, sample, sian};

fn keyed(
    service: &TestService,
    completion: Completion,
    key: &str,
    body: &str,
) -> Result<Acceptance, AcceptError> {
    let idempotency = Idempotency { key: key.to_owned(), body: body.as_bytes().to_vec() };
    service.accept(&trust(), Submission { idempotency: Some(idempotency), ..Submission::of(completion) })
}

backends! {
    fn a_repeated_post_gets_the_first_answer(db: TestDb) {
        let service = TestService::new(db);
        let first = keyed(&service, sian().build(), "key-1", "body").unwrap();
        let mut replay = first.clone();
        replay.replayed = true;
        service.clock.set(at("2026-07-02T12:00:00Z"));
        assert_eq!(keyed(&service, sian().build(), "key-1", "body").unwrap(), replay);
        assert_eq!(keyed(&service, sian().build(), "key-2", "body").unwrap(), replay);
        assert_eq!(service.post(sian().build()).unwrap(), replay);
        assert_eq!(count(&service.db, "credentials"), 1);
        assert_eq!(count(&service.db, "ledger_entries"), 1);
    }

    fn a_repeated_post_gets_the_first_answer_whatever_the_catalogue_says_since(db: TestDb) {
        let service = TestService::new(db);
        let referenced = |reference| completion("Ali Example").email("ali@example.org").reference(reference);
        let first = keyed(&service, sian().build(), "key-1", "body").unwrap();
        let second = service.post(referenced("R-1").build()).unwrap();
        let mut withdrawn = sample();
        withdrawn.accreditations.clear();
        service.db.load_catalogue(&withdrawn, noon()).unwrap();
        let replay = |accepted: &Acceptance| Acceptance { replayed: true, ..accepted.clone() };
        assert_eq!(keyed(&service, sian().build(), "key-1", "body").unwrap(), replay(&first));
        assert_eq!(service.post(sian().build()).unwrap(), replay(&first));
        assert_eq!(service.post(referenced("R-1").build()).unwrap(), replay(&second));
        let refused = keyed(&service, sian().build(), "key-1", "other body");
        assert!(matches!(refused, Err(AcceptError::IdempotencyKeyReused)), "{refused:?}");
        let new = referenced("R-2").completed_at(at("2026-06-29T10:00:00Z"));
        assert_eq!(faults(service.post(new.build())), [("/achievement".to_owned(), "provider-not-accredited")]);
        assert_eq!(count(&service.db, "credentials"), 2);
    }

    fn a_key_with_another_body_is_refused(db: TestDb) {
        let service = TestService::new(db);
        keyed(&service, sian().build(), "key-1", "body").unwrap();
        let again = keyed(&service, sian().cohort("Another").build(), "key-1", "other body");
        assert!(matches!(again, Err(AcceptError::IdempotencyKeyReused)), "{again:?}");
        // Another client's keys are its own.
        let other = Caller { client: "other".to_owned(), authority: Authority::Provider(slug(TRUST)) };
        let idempotency = Some(Idempotency { key: "key-1".to_owned(), body: b"other body".to_vec() });
        let submission = Submission { idempotency, ..Submission::of(completion("Ali Example").email("ali@example.org").build()) };
        assert!(!service.accept(&other, submission).unwrap().replayed);
    }

    fn two_people_with_one_email_are_told_apart_or_refused(db: TestDb) {
        let service = TestService::new(db);
        service.post(sian().build()).unwrap();
        let other = completion("Ali Example").email("sian@example.org");
        let refused = service.post(other.clone().build());
        let Err(AcceptError::LearnerConflict { expected, .. }) = refused else { panic!("{refused:?}") };
        assert!(expected.contains("staff number"), "{expected}");
        let accepted = service.post(other.staff_number("A2").build()).unwrap();
        assert!(!accepted.replayed);
        assert_eq!(count(&service.db, "learners"), 2);
    }

    fn what_is_still_unsigned_is_in_flight(db: TestDb) {
        let service = TestService::new(db);
        break_table(&service.db, "ledger_entries", "NEW.amount = '7.5'", "broken");
        let failed = service.post(sian().build());
        assert!(matches!(&failed, Err(AcceptError::Internal(error)) if !error.is_temporary()), "{failed:?}");
        let again = service.post(sian().build());
        let Err(AcceptError::InFlight(id)) = again else { panic!("{again:?}") };
        assert_eq!(service.db.credential(id).unwrap(), None, "nothing is visible before the ledger holds it");
        mend_table(&service.db, "ledger_entries");
        assert_eq!(service.reconcile(AT_ONCE).unwrap(), 1);
        let replayed = service.post(sian().build()).unwrap();
        assert!(replayed.replayed);
        assert_eq!(replayed.issued.credential_id, id);
    }

    fn the_academy_posts_no_completions(db: TestDb) {
        let service = TestService::new(db);
        let submission = Submission::of(sian().build());
        let answers = service.accept_many(&academy(), vec![submission.clone(), submission]);
        assert!(answers.iter().all(|answer| matches!(answer, Err(AcceptError::Forbidden))), "{answers:?}");
        assert_eq!(answers.len(), 2);
    }

    fn a_hundred_posts_at_once_make_one_credential(db: TestDb) {
        let service = TestService::new(db);
        let answers: Vec<_> = std::thread::scope(|scope| {
            let posts: Vec<_> = (0..100).map(|_| scope.spawn(|| service.post(sian().build()))).collect();
            posts.into_iter().map(|post| post.join().unwrap()).collect()
        });
        let mut first = 0;
        for answer in answers {
            match answer {
                Ok(accepted) => first += usize::from(!accepted.replayed),
                Err(AcceptError::InFlight(_)) => {}
                Err(other) => panic!("{other}"),
            }
        }
        assert_eq!(first, 1);
        for table in ["completions", "awards", "credentials", "ledger_entries", "learners", "outbox"] {
            assert_eq!(count(&service.db, table), 1, "{table}");
        }
        assert_eq!(service.db.audit(noon()).unwrap().findings, []);
    }
}
