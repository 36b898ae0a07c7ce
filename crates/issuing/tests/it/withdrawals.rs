//! A provider takes back what it stated.

use issuing::{AcceptError, Submission, WithdrawError, Withdrawal};
use model::{
    completion::WhichCompletion,
    id::{CompletionId, CredentialId},
};
use registry::Condition;
use testkit::{
    CompletionBuilder, TestService, academy, at, backends,
    catalogue::{CORE, hours},
    noon, trust, university,
};

use crate::support::{AT_ONCE, break_table, count, mend_table, sian};

fn referenced() -> CompletionBuilder {
    sian().reference("R-1")
}

fn of(reference: &str) -> WhichCompletion {
    WhichCompletion::Reference(reference.to_owned())
}

fn withdraw(service: &TestService, reference: &str) -> Result<Withdrawal, WithdrawError> {
    service.withdraw(&trust(), &of(reference), "The assessment was marked wrongly")
}

fn all_is_well(service: &TestService) {
    assert_eq!(service.db.audit(noon()).unwrap().findings, []);
    assert_eq!(service.db.compare_log().unwrap().findings, []);
}

backends! {
    fn a_withdrawal_takes_badge_and_credit_back_once(db: TestDb) {
        let service = TestService::new(db);
        let issued = service.post(referenced().build()).unwrap().issued;
        let first = withdraw(&service, "R-1").unwrap();
        assert_eq!(first.completion_id, issued.completion_id);
        assert_eq!(first.revocation.credential_id, issued.credential_id);
        assert!(!first.revocation.was_already);
        service.clock.set(at("2026-07-02T12:00:00Z"));
        let again = service.withdraw(&trust(), &WhichCompletion::Id(issued.completion_id), "Another reason").unwrap();
        assert!(again.revocation.was_already);
        assert_eq!((again.revocation.at, &again.revocation.reason), (first.revocation.at, &first.revocation.reason));
        assert_eq!(count(&service.db, "ledger_entries"), 2);
        assert_eq!(count(&service.db, "completion_withdrawals"), 1);
        all_is_well(&service);
    }

    fn what_was_withdrawn_comes_back_only_if_that_is_meant(db: TestDb) {
        let service = TestService::new(db);
        let first = service.post(referenced().build()).unwrap().issued;
        withdraw(&service, "R-1").unwrap();
        let unchanged = service.post(referenced().build());
        assert!(matches!(unchanged, Err(AcceptError::Withdrawn(id)) if id == first.credential_id), "{unchanged:?}");
        let meant = Submission::of(referenced().build()).on(Condition::Corrects(first.credential_id));
        let back = service.accept(&trust(), meant).unwrap();
        assert!(back.is_correction() && back.differing.is_empty());
        assert_eq!(back.issued.supersedes, Some(first.credential_id));
        withdraw(&service, "R-1").unwrap();
        let changed = service.post(referenced().credit(hours("5")).build()).unwrap();
        assert_eq!(changed.differing, ["credit"]);
        assert_eq!(changed.issued.supersedes, Some(back.issued.credential_id));
        all_is_well(&service);
    }

    fn its_occasion_may_be_stated_under_another_reference(db: TestDb) {
        let service = TestService::new(db);
        service.post(referenced().build()).unwrap();
        let conflict = service.post(referenced().reference("R-2").build());
        assert!(matches!(conflict, Err(AcceptError::Conflict { .. })), "{conflict:?}");
        withdraw(&service, "R-1").unwrap();
        let second = service.post(referenced().reference("R-2").build()).unwrap();
        assert!(!second.replayed);
        let back = service.post(referenced().cohort("Autumn").build());
        assert!(matches!(back, Err(AcceptError::Conflict { existing, .. }) if existing == second.issued.credential_id), "{back:?}");
        // The same without any reference.
        let plain = sian().achievement(CORE);
        let first = service.post(plain.clone().build()).unwrap().issued;
        service.withdraw(&trust(), &WhichCompletion::Id(first.completion_id), "A reason").unwrap();
        assert!(matches!(service.post(plain.clone().build()), Err(AcceptError::Withdrawn(_))));
        service.post(plain.reference("R-3").build()).unwrap();
        all_is_well(&service);
    }

    fn only_its_provider_withdraws_a_completion(db: TestDb) {
        let service = TestService::new(db);
        let issued = service.post(referenced().build()).unwrap().issued;
        for which in [of("R-1"), WhichCompletion::Id(issued.completion_id)] {
            let refused = service.withdraw(&university(), &which, "A reason");
            assert!(matches!(refused, Err(WithdrawError::NotFound)), "{refused:?}");
            let refused = service.withdraw(&academy(), &which, "A reason");
            assert!(matches!(refused, Err(WithdrawError::Forbidden)), "{refused:?}");
        }
        let unknown = [of("R-2"), WhichCompletion::Id(CompletionId::random(service.entropy.as_ref()))];
        for which in unknown {
            let refused = service.withdraw(&trust(), &which, "A reason");
            assert!(matches!(refused, Err(WithdrawError::NotFound)), "{refused:?}");
        }
        let refused = service.withdraw(&trust(), &of("R-1"), " ");
        assert!(matches!(&refused, Err(WithdrawError::Invalid(faults)) if faults[0].code == "reason-required"), "{refused:?}");
        assert_eq!(count(&service.db, "ledger_entries"), 1);
    }

    fn what_was_corrected_or_is_in_flight_or_was_revoked_is_told(db: TestDb) {
        let service = TestService::new(db);
        let first = service.post(referenced().build()).unwrap().issued;
        let second = service.post(referenced().cohort("Autumn").build()).unwrap().issued;
        let refused = service.withdraw(&trust(), &WhichCompletion::Id(first.completion_id), "A reason");
        assert!(matches!(refused, Err(WithdrawError::Superseded(id)) if id == second.credential_id), "{refused:?}");

        break_table(&service.db, "outbox", "NEW.topic = 'credential.issued'", "broken");
        service.post(referenced().cohort("Winter").build()).unwrap_err();
        mend_table(&service.db, "outbox");
        let refused = withdraw(&service, "R-1");
        assert!(matches!(refused, Err(WithdrawError::InFlight(_))), "{refused:?}");
        service.reconcile(AT_ONCE).unwrap();
        withdraw(&service, "R-1").unwrap();

        let other = service.post(sian().achievement(CORE).reference("R-2").build()).unwrap().issued;
        service.revoke(&academy(), other.credential_id, "Not earned").unwrap();
        let told = withdraw(&service, "R-2").unwrap().revocation;
        assert_eq!((told.was_already, told.reason.as_str()), (true, "Not earned"));
        assert_eq!(count(&service.db, "completion_withdrawals"), 1, "what was revoked stays revoked");
        let refused = service.post(sian().achievement(CORE).reference("R-2").cohort("Autumn").build());
        assert!(matches!(refused, Err(AcceptError::Revoked(_))), "{refused:?}");
        all_is_well(&service);
    }

    fn a_programme_in_which_it_counted_is_looked_at(db: TestDb) {
        let service = TestService::new(db);
        service.post(sian().achievement(CORE).build()).unwrap();
        let certificate = service.post(referenced().build()).unwrap().programme_awards.remove(0);
        let withdrawn = withdraw(&service, "R-1").unwrap().revocation;
        assert_eq!((withdrawn.to_review, withdrawn.with_it), (vec![certificate.award_id], Vec::<CredentialId>::new()));
        all_is_well(&service);
    }
}
