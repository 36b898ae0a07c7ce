//! A provider states a completion anew: the badge is superseded, and nothing is lost.

use issuing::{AcceptError, Acceptance, Submission};
use model::{completion::Completion, id::CredentialId};
use registry::{Condition, CredentialState, EntryKind, Idempotency, Issued, LedgerPage};
use testkit::{
    CompletionBuilder, TestService, academy, at, backends,
    catalogue::{CERTIFICATE, CORE, INTRODUCTION, hours},
    completion, noon, submission, trust,
};

use crate::support::{AT_ONCE, break_table, count, data_integrity, mend_table, sian};

fn referenced() -> CompletionBuilder {
    sian().reference("R-1")
}

fn revoked(service: &TestService, id: CredentialId) -> Option<String> {
    match service.db.credential(id).unwrap().unwrap().state {
        CredentialState::Revoked { reason, .. } => Some(reason),
        CredentialState::Issued => None,
    }
}

fn meant(
    service: &TestService,
    completion: Completion,
    condition: Condition,
) -> Result<Acceptance, AcceptError> {
    service.accept(&trust(), Submission::of(completion).on(condition))
}

/// The kinds and amounts in a ledger.
fn lines(service: &TestService, issued: &Issued) -> Vec<(EntryKind, String)> {
    let lines = service.db.ledger(issued.learner_id, &LedgerPage::default()).unwrap();
    lines.into_iter().map(|line| (line.kind, line.amount.to_string())).collect()
}

fn all_is_well(service: &TestService) {
    assert_eq!(service.db.audit(noon()).unwrap().findings, []);
    assert_eq!(service.db.compare_log().unwrap().findings, []);
}

backends! {
    fn a_changed_completion_supersedes_the_badge(db: TestDb) {
        let service = TestService::new(db);
        let first = service.post(referenced().build()).unwrap().issued;
        let changed = referenced().cohort("Autumn").credit(hours("5")).build();
        let again = service.post(changed.clone()).unwrap();
        assert!(again.is_correction());
        assert_eq!(again.differing, ["cohort", "credit"]);
        assert_eq!(again.issued.supersedes, Some(first.credential_id));
        assert_ne!(again.issued.award_id, first.award_id);
        assert_eq!(revoked(&service, first.credential_id).as_deref(), Some("superseded"));
        assert_eq!(revoked(&service, again.issued.credential_id), None);
        assert_eq!(
            lines(&service, &first),
            [
                (EntryKind::Award, "7.5".to_owned()),
                (EntryKind::Reversal, "-7.5".to_owned()),
                (EntryKind::Award, "5".to_owned()),
            ]
        );
        data_integrity(&service, again.issued.credential_id);

        let before = service.db.lineage(first.completion_id).unwrap();
        let after = service.db.lineage(again.issued.completion_id).unwrap();
        assert_eq!(before.superseded_by.map(|one| one.credential_id), Some(again.issued.credential_id));
        assert_eq!(after.supersedes.map(|one| (one.credential_id, one.same_holder)), Some((first.credential_id, true)));
        // What was stated first is still there.
        assert_eq!(count(&service.db, "completions"), 2);

        let replay = service.post(changed).unwrap();
        assert!(replay.replayed && !replay.is_correction());
        assert_eq!(replay.issued, again.issued);
        all_is_well(&service);
    }

    fn a_correction_is_corrected_in_its_turn(db: TestDb) {
        let service = TestService::new(db);
        let badges: Vec<Issued> = ["Spring", "Summer", "Autumn"]
            .map(|cohort| service.post(referenced().cohort(cohort).build()).unwrap().issued)
            .into();
        assert_eq!(badges[2].supersedes, Some(badges[1].credential_id));
        let last = service.db.lineage(badges[0].completion_id).unwrap().superseded_by.unwrap();
        assert_eq!(last.credential_id, badges[2].credential_id, "the last is named");
        for stale in ["Spring", "Summer"] {
            let late = service.post(referenced().cohort(stale).build());
            assert!(matches!(late, Err(AcceptError::Superseded(id)) if id == badges[2].credential_id), "{late:?}");
        }
        let back = meant(&service, referenced().cohort("Spring").build(), Condition::Corrects(badges[2].credential_id));
        assert_eq!(back.unwrap().differing, ["cohort"]);
        assert_eq!(count(&service.db, "completions"), 4);
        all_is_well(&service);
    }

    fn the_wrong_learner_is_corrected(db: TestDb) {
        let service = TestService::new(db);
        let of = |name: &str, number: &str| completion(name).staff_number(number).reference("R-1").build();
        let wrong = service.post(of("Ali Example", "A1")).unwrap().issued;
        let right = service.post(of("Bo Example", "B1")).unwrap();
        assert_eq!(right.differing, ["learner"]);
        assert_ne!(right.issued.learner_id, wrong.learner_id);
        assert_eq!(lines(&service, &wrong).len(), 2);
        assert_eq!(lines(&service, &right.issued), [(EntryKind::Award, "7.5".to_owned())]);
        let later = service.db.lineage(wrong.completion_id).unwrap().superseded_by.unwrap();
        assert!(!later.same_holder, "whoever holds the wrong badge is not led to another's");
        // What Ali did on that occasion can now be stated.
        let of_ali = completion("Ali Example").staff_number("A1").reference("R-2").build();
        assert_eq!(service.post(of_ali).unwrap().issued.learner_id, wrong.learner_id);
        all_is_well(&service);
    }

    fn a_misspelt_name_or_number_makes_nobody_new(db: TestDb) {
        let service = TestService::new(db);
        let first = service.post(completion("Sian Exmaple").email("sian@example.org").reference("R-1").build()).unwrap().issued;
        let right = completion("Siân Example").email("sian@example.org").staff_number("12").reference("R-1");
        let named = service.post(right.build()).unwrap().issued;
        assert_eq!(named.learner_id, first.learner_id);
        let right = completion("Siân Example").email("sian@example.org").staff_number("21").reference("R-1");
        let numbered = service.post(right.build()).unwrap().issued;
        assert_eq!(numbered.learner_id, first.learner_id);
        // The name and the number as they are now tell her; the wrong number does not.
        let other = |number: &str| completion("Siân Example").staff_number(number).achievement(CORE).build();
        assert_eq!(service.post(other("21")).unwrap().issued.learner_id, first.learner_id);
        assert_ne!(service.post(other("12")).unwrap().issued.learner_id, first.learner_id);
        let stated = service.db.learner(first.learner_id).unwrap().unwrap().stated;
        assert_eq!(stated.name, "Siân Example");
        all_is_well(&service);
    }

    fn a_name_is_not_changed_by_a_correction_where_more_is_known_of_the_person(db: TestDb) {
        let service = TestService::new(db);
        service.post(sian().build()).unwrap();
        service.post(sian().achievement(CORE).reference("R-1").build()).unwrap();
        let other = completion("Ali Example").email("sian@example.org").achievement(CORE).reference("R-1").build();
        let refused = service.post(other);
        assert!(matches!(refused, Err(AcceptError::LearnerConflict { .. })), "{refused:?}");
        all_is_well(&service);
    }

    fn without_a_reference_the_occasion_tells_what_is_corrected(db: TestDb) {
        let service = TestService::new(db);
        let first = service.post(sian().build()).unwrap().issued;
        let again = service.post(sian().cohort("Autumn").build()).unwrap();
        assert_eq!(again.issued.supersedes, Some(first.credential_id));
        // Under a reference it is another statement of the same occasion.
        let named = service.post(referenced().cohort("Autumn").build());
        let Err(AcceptError::Conflict { existing, differing }) = named else { panic!("{named:?}") };
        assert_eq!((existing, differing), (again.issued.credential_id, vec!["reference".to_owned()]));
        all_is_well(&service);
    }

    fn a_correction_onto_an_occasion_that_is_stated_already_is_a_conflict(db: TestDb) {
        let service = TestService::new(db);
        let first = service.post(referenced().build()).unwrap().issued;
        let second = service.post(referenced().reference("R-2").achievement(CORE).build()).unwrap().issued;
        let onto = service.post(referenced().achievement(CORE).build());
        assert!(matches!(onto, Err(AcceptError::Conflict { existing, .. }) if existing == second.credential_id), "{onto:?}");
        assert_eq!(revoked(&service, first.credential_id), None);
        all_is_well(&service);
    }

    fn what_a_provider_asks_for_is_kept_to(db: TestDb) {
        let service = TestService::new(db);
        let first = service.post(referenced().build()).unwrap().issued;
        let changed = || referenced().cohort("Autumn").build();
        let unmet = |answer| match answer {
            Err(AcceptError::Unmet { existing, differing }) => (existing, differing),
            other => panic!("{other:?}"),
        };
        let cohort = vec!["cohort".to_owned()];
        assert_eq!(unmet(meant(&service, changed(), Condition::New)), (Some(first.credential_id), cohort.clone()));
        let other = Condition::Corrects(CredentialId::random(service.entropy.as_ref()));
        assert_eq!(unmet(meant(&service, changed(), other)), (Some(first.credential_id), cohort));
        assert_eq!(unmet(meant(&service, sian().reference("R-9").achievement(CORE).build(), other)), (None, Vec::new()));
        assert!(meant(&service, referenced().build(), Condition::New).unwrap().replayed);
        let this = Condition::Corrects(first.credential_id);
        assert!(meant(&service, referenced().build(), this).unwrap().replayed);
        let again = meant(&service, changed(), this).unwrap();
        assert!(again.is_correction());
        // Of two who read the same and corrected it, one comes too late.
        let late = meant(&service, referenced().cohort("Winter").build(), this);
        assert_eq!(unmet(late).0, Some(again.issued.credential_id));
        assert_eq!(count(&service.db, "completions"), 2);
        all_is_well(&service);
    }

    fn an_idempotency_key_gives_the_first_answer_whatever_was_corrected_since(db: TestDb) {
        let service = TestService::new(db);
        let keyed = |completion: Completion, key: &str| {
            let idempotency = Idempotency { key: key.to_owned(), body: completion.cohort.clone().unwrap().into_bytes() };
            service.accept(&trust(), Submission { idempotency: Some(idempotency), ..Submission::of(completion) })
        };
        let first = keyed(referenced().build(), "1").unwrap();
        let second = keyed(referenced().cohort("Autumn").build(), "2").unwrap();
        assert!(second.is_correction());
        for (key, content, before) in [("1", referenced(), &first), ("2", referenced().cohort("Autumn"), &second)] {
            let again = keyed(content.build(), key).unwrap();
            assert!(again.replayed);
            assert_eq!(again.issued, before.issued);
        }
        let reused = keyed(referenced().cohort("Winter").build(), "2");
        assert!(matches!(reused, Err(AcceptError::IdempotencyKeyReused)), "{reused:?}");
    }

    fn what_somebody_else_revoked_is_not_corrected(db: TestDb) {
        let service = TestService::new(db);
        let first = service.post(referenced().build()).unwrap().issued;
        service.revoke(&academy(), first.credential_id, "Not earned").unwrap();
        let changed = || referenced().cohort("Autumn").build();
        for condition in [Condition::None, Condition::Corrects(first.credential_id)] {
            let refused = meant(&service, changed(), condition);
            assert!(matches!(refused, Err(AcceptError::Revoked(id)) if id == first.credential_id), "{refused:?}");
        }
        let own = sian().reference("R-2").achievement(CORE);
        let second = service.post(own.clone().build()).unwrap().issued;
        service.revoke(&trust(), second.credential_id, "Posted by mistake").unwrap();
        assert!(service.post(own.clone().build()).unwrap().replayed, "posting again does not bring it back");
        let again = service.post(own.cohort("Autumn").build()).unwrap();
        assert_eq!(again.issued.supersedes, Some(second.credential_id));
        assert_eq!(revoked(&service, second.credential_id).as_deref(), Some("Posted by mistake"));
        all_is_well(&service);
    }

    fn nothing_is_superseded_before_its_correction_is_visible(db: TestDb) {
        let service = TestService::new(db);
        let first = service.post(referenced().build()).unwrap().issued;
        break_table(&service.db, "outbox", "NEW.topic = 'credential.issued'", "broken");
        let failed = service.post(referenced().cohort("Autumn").build());
        assert!(matches!(failed, Err(AcceptError::Internal(_))), "{failed:?}");
        assert_eq!(revoked(&service, first.credential_id), None, "all or nothing");
        assert_eq!(lines(&service, &first).len(), 1);
        let same = service.post(referenced().cohort("Autumn").build());
        let other = service.post(referenced().cohort("Winter").build());
        let stale = service.post(referenced().build());
        let Err(AcceptError::InFlight(id)) = same else { panic!("{same:?}") };
        for answer in [other, stale] {
            assert!(matches!(answer, Err(AcceptError::InFlight(found)) if found == id), "{answer:?}");
        }
        mend_table(&service.db, "outbox");
        let unsigned = service.db.pending_issuances(noon(), 10).unwrap()[0].unsigned().to_owned();
        assert_eq!(service.reconcile(AT_ONCE).unwrap(), 1);
        assert_eq!(revoked(&service, first.credential_id).as_deref(), Some("superseded"));
        let badge = data_integrity(&service, id);
        let mut without_proof = badge.clone();
        without_proof.as_object_mut().unwrap().remove("proof");
        let intended: serde_json::Value = serde_json::from_str(&unsigned).unwrap();
        assert_eq!(without_proof["id"], intended["id"], "what was stored is what was signed");
        assert!(service.post(referenced().cohort("Winter").build()).unwrap().is_correction());
        all_is_well(&service);
    }

    fn rows_of_one_group_correct_each_other_in_their_order(db: TestDb) {
        let service = TestService::new(db);
        let cohorts = ["Spring", "Summer", "Summer", "Autumn"];
        let rows = cohorts.map(|cohort| submission(referenced().cohort(cohort).build()));
        let answers: Vec<Acceptance> =
            service.accept_many(&trust(), rows.into()).into_iter().map(Result::unwrap).collect();
        let outcomes: Vec<(bool, bool)> =
            answers.iter().map(|one| (one.replayed, one.is_correction())).collect();
        assert_eq!(outcomes, [(false, false), (false, true), (true, false), (false, true)]);
        assert_eq!(answers[3].issued.supersedes, Some(answers[1].issued.credential_id));
        all_is_well(&service);
    }

    fn corrections_in_a_stream_come_in_its_order(db: TestDb) {
        let service = TestService::new(db);
        let row = |n: usize| {
            let person = n % 3;
            let content = completion("Siân Example").staff_number(&format!("A{person}"));
            submission(content.reference(&format!("R-{person}")).cohort(&format!("cohort {}", n / 3)).build())
        };
        let groups = (0..20).map(|group| (group, (0..6).map(|n| row(group * 6 + n)).collect()));
        let mut answers = Vec::new();
        let processors = issuing::Processors { cores: std::num::NonZeroUsize::MIN, step_back: || () };
        service.accept_stream(&trust(), groups, processors, |_, group| {
            answers.extend(group);
            std::ops::ControlFlow::Continue(())
        });
        assert_eq!(answers.len(), 120);
        let answers: Vec<Acceptance> = answers.into_iter().map(Result::unwrap).collect();
        assert_eq!(answers.iter().filter(|answer| answer.is_correction()).count(), 117);
        assert_eq!(count(&service.db, "completion_corrections"), 117);
        assert_eq!(service.db.number("SELECT count(*) AS number FROM credentials WHERE state = 'issued'"), 3);
        for last in &answers[117..] {
            let record = service.db.credential(last.issued.credential_id).unwrap().unwrap();
            assert_eq!(record.state, CredentialState::Issued, "the last of each stands");
        }
        all_is_well(&service);
    }

    fn of_many_corrections_at_once_each_supersedes_another(db: TestDb) {
        let service = TestService::new(db);
        service.post(referenced().build()).unwrap();
        std::thread::scope(|scope| {
            for n in 0..16 {
                let service = &service;
                scope.spawn(move || loop {
                    match service.post(referenced().cohort(&format!("cohort {n}")).build()) {
                        Ok(_) => break,
                        Err(AcceptError::InFlight(_)) => std::thread::yield_now(),
                        Err(other) => panic!("{other}"),
                    }
                });
            }
        });
        assert_eq!(count(&service.db, "completion_corrections"), 16);
        assert_eq!(service.db.number("SELECT count(*) AS number FROM credentials WHERE state = 'issued'"), 1);
        all_is_well(&service);
    }

    fn a_correction_takes_its_place_in_the_programme_where_it_fits(db: TestDb) {
        let service = TestService::new(db);
        let core = sian().achievement(CORE).reference("core");
        service.post(core.clone().build()).unwrap();
        let certificate = service.post(referenced().build()).unwrap().programme_awards.remove(0);
        assert_eq!(certificate.achievement.as_str(), CERTIFICATE);
        let corrected = service.post(core.cohort("Autumn").build()).unwrap();
        assert_eq!(revoked(&service, certificate.credential_id), None);
        assert_eq!(service.db.reviews(None, 10).unwrap(), [], "there is nothing to look at");
        let awards = service.db.awards_of(certificate.learner_id).unwrap();
        let counted: Vec<_> = awards.iter().filter(|award| !award.counted_in.is_empty()).map(|award| award.award_id).collect();
        assert!(counted.len() == 2 && counted.contains(&corrected.issued.award_id), "{awards:?}");
        let record = service.learner_record(certificate.credential_id).unwrap().unwrap();
        assert!(record.data_integrity.contains(&corrected.issued.credential_id.to_string()));
        all_is_well(&service);
        // What took the place falls like what had it.
        let revoked = service.revoke(&academy(), corrected.issued.credential_id, "Not earned").unwrap();
        assert_eq!(revoked.to_review, [certificate.award_id]);
        all_is_well(&service);
    }

    fn where_a_correction_does_not_fit_the_programme_s_award_is_looked_at(db: TestDb) {
        let service = TestService::new(db);
        service.post(sian().achievement(CORE).build()).unwrap();
        let certificate = service.post(referenced().build()).unwrap().programme_awards.remove(0);
        let less = service.post(referenced().credit(hours("1")).build()).unwrap();
        assert!(less.is_correction());
        let reviews = service.db.reviews(None, 10).unwrap();
        assert_eq!(reviews.iter().map(|one| one.award_id).collect::<Vec<_>>(), [certificate.award_id]);
        assert_eq!(reviews[0].corrected_to, Some(less.issued.credential_id));
        assert_eq!(revoked(&service, certificate.credential_id), None);
        all_is_well(&service);
    }

    fn a_correction_may_complete_a_programme(db: TestDb) {
        let service = TestService::new(db);
        service.post(sian().achievement(CORE).build()).unwrap();
        let early = referenced().completed_at(at("2022-06-30T15:30:00Z")).achievement(INTRODUCTION);
        assert_eq!(service.post(early.build()).unwrap().programme_awards, []);
        let brought = service.post(referenced().build()).unwrap().programme_awards;
        assert_eq!(brought.len(), 1);
        all_is_well(&service);
    }
}
