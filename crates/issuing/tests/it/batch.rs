use issuing::{AcceptError, Acceptance};
use model::completion::Completion;
use testkit::{
    TestService, at, backends,
    catalogue::{CORE, INTRODUCTION, hours},
    completion, noon, submission, trust,
};

use crate::support::{AT_ONCE, break_table, count, data_integrity, faults, mend_table, sian};

fn post(
    service: &TestService,
    rows: impl IntoIterator<Item = Completion>,
) -> Vec<Result<Acceptance, AcceptError>> {
    service.accept_many(&trust(), rows.into_iter().map(submission).collect())
}

fn person(name: &str) -> testkit::CompletionBuilder {
    completion(&format!("{name} Example")).email(&format!("{name}@example.org"))
}

backends! {
    fn answers_come_in_the_order_of_the_rows(db: TestDb) {
        let service = TestService::new(db);
        let before = service.post(person("before").build()).unwrap().issued;
        let answers = post(&service, [
            person("one").reference("R-1").build(),
            person("two").achievement("no-such-thing").build(),
            person("three").build(),
            person("one").reference("R-1").build(),
            person("one").reference("R-1").cohort("Other").build(),
            person("four").evidence("https://example.org/?q={x}").build(),
            person("before").build(),
            person("four").completed_at(at("2027-01-01T00:00:00Z")).build(),
            completion("Somebody Else").email("three@example.org").build(),
            person("five").build(),
        ]);
        let shown: Vec<String> = answers
            .iter()
            .map(|answer| match answer {
                Ok(accepted) => {
                    let badge = data_integrity(&service, accepted.issued.credential_id);
                    let name = &badge["credentialSubject"]["identifier"][0]["identityHash"];
                    format!("{name} replayed: {}", accepted.replayed)
                }
                Err(AcceptError::Invalid(faults)) => faults[0].code.to_owned(),
                Err(AcceptError::Conflict { differing, .. }) => differing.join(" "),
                Err(other) => other.to_string(),
            })
            .collect();
        insta::assert_debug_snapshot!("answers", shown);
        assert_eq!(answers[3].as_ref().unwrap().issued, answers[0].as_ref().unwrap().issued);
        assert_eq!(answers[6].as_ref().unwrap().issued, before);
        assert_eq!(answers[4].as_ref().unwrap().issued.supersedes, Some(answers[0].as_ref().unwrap().issued.credential_id));
        assert_eq!(count(&service.db, "credentials"), 5);
        assert_eq!(count(&service.db, "learners"), 4, "a refused row leaves no learner");
        assert_eq!(service.db.audit(noon()).unwrap().findings, []);
    }

    fn a_row_that_cannot_be_issued_does_not_harm_the_others(db: TestDb) {
        let service = TestService::new(db);
        break_table(&service.db, "ledger_entries", "NEW.amount = '3'", "broken");
        let rows = [person("one").build(), person("two").credit(hours("3")).build(), person("three").build()];
        let answers = post(&service, rows.clone());
        assert!(answers[0].is_ok() && answers[2].is_ok(), "{answers:?}");
        assert!(matches!(answers[1], Err(AcceptError::Internal(_))), "{answers:?}");
        mend_table(&service.db, "ledger_entries");
        assert_eq!(service.reconcile(AT_ONCE).unwrap(), 1);
        assert!(post(&service, rows).into_iter().all(|answer| answer.unwrap().replayed));
        assert_eq!(service.db.audit(noon()).unwrap().findings, []);
    }

    fn a_database_that_does_not_answer_is_every_row_s_trouble(db: TestDb) {
        let service = TestService::new(db);
        let message = "server closed the connection, or disk I/O error";
        break_table(&service.db, "completions", "NEW.id IS NOT NULL", message);
        let answers = post(&service, [person("one").build(), person("two").build()]);
        assert_eq!(answers.len(), 2);
        for answer in answers {
            assert!(matches!(&answer, Err(AcceptError::Internal(error)) if error.is_temporary()), "{answer:?}");
        }
        assert_eq!(count(&service.db, "learners"), 0);
    }

    fn the_last_of_a_learner_s_rows_brings_the_programme(db: TestDb) {
        let service = TestService::new(db);
        let answers = post(&service, [
            sian().achievement(CORE).build(),
            person("other").build(),
            sian().achievement(INTRODUCTION).build(),
        ]);
        let awards: Vec<usize> = answers.into_iter().map(|answer| answer.unwrap().programme_awards.len()).collect();
        assert_eq!(awards, [0, 0, 1]);
        assert_eq!(service.db.jobs_pending(10).unwrap(), []);
        assert_eq!(post(&service, []).len(), 0);
        let unknown = post(&service, [person("x").achievement("nothing").build()]).remove(0);
        assert_eq!(faults(unknown), [("/achievement".to_owned(), "unknown-achievement")]);
    }
}
