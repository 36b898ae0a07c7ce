//! Who is erased is remembered away from the database, and the log goes on.

use issuing::{AcceptError, IssuingError};
use registry::RegistryError;
use testkit::{
    TestService, academy, backends,
    catalogue::{CORE, INTRODUCTION},
    completion, noon, submission, trust,
};

use crate::{
    log::{checkpoint, findings},
    support::{AT_ONCE, data_integrity, sian},
};

fn is_erased<T: std::fmt::Debug>(result: &Result<T, IssuingError>) {
    assert!(matches!(result, Err(IssuingError::Registry(RegistryError::Erased))), "{result:?}");
}

backends! {
    fn the_log_goes_on_with_one_entry_more_and_everything_still_fits(db: TestDb) {
        let service = TestService::with_own_keys(db);
        let issued = service.post(sian().build()).unwrap().issued;
        let other = service.post(completion("Ali Example").email("ali@example.org").build()).unwrap().issued;
        let kept = data_integrity(&service, issued.credential_id);
        service.sequence_log().unwrap();
        let (before, _) = checkpoint(&service);
        let erasure = service.erase(&academy(), issued.learner_id, false).unwrap().unwrap();
        assert_eq!((erasure.at, erasure.was_already, erasure.revoked), (noon(), false, vec![]));
        service.sequence_log().unwrap();
        let (after, _) = checkpoint(&service);
        assert_eq!(after.size, before.size + 2, "the erasure, and the line that ends the ledger");
        assert_eq!(findings(&service), []);
        assert_eq!(service.db.audit(noon()).unwrap().findings, []);
        is_erased(&service.pathways(issued.learner_id, None).map_err(IssuingError::from));
        is_erased(&service.balances(issued.learner_id, None));
        is_erased(&service.learner_record(issued.credential_id));
        assert!(service.pathways(other.learner_id, None).unwrap().is_some());
        data_integrity(&service, other.credential_id);
        // What somebody kept still holds with the key that is published.
        crate::support::verified(&service, &kept.to_string());
        assert!(matches!(service.post(sian().build()), Err(AcceptError::Erased)));
    }

    fn programmes_are_not_evaluated_for_somebody_erased(db: TestDb) {
        let service = TestService::with_own_keys(db);
        let first = service.post(sian().build()).unwrap().issued;
        crate::support::break_table(&service.db, "award_components", "NEW.award_id IS NOT NULL", "disk I/O error");
        let last = sian().achievement(CORE).build();
        service.post(last).unwrap();
        crate::support::mend_table(&service.db, "award_components");
        assert_eq!(service.db.jobs_pending(9).unwrap().len(), 1);
        service.erase(&academy(), first.learner_id, true).unwrap().unwrap();
        assert_eq!(service.db.jobs_pending(9).unwrap(), []);
        assert_eq!(service.reconcile(AT_ONCE).unwrap(), 0);
        assert_eq!(service.db.audit(noon()).unwrap().findings, []);
        let rows = [sian().build(), completion("Bo Example").email("bo@example.org").achievement(INTRODUCTION).build()];
        let answers = service.accept_many(&trust(), rows.into_iter().map(submission).collect());
        assert!(matches!(answers[0], Err(AcceptError::Erased)), "{:?}", answers[0]);
        assert!(answers[1].is_ok(), "{:?}", answers[1]);
    }

    fn who_comes_back_with_an_old_backup_is_erased_again(db: TestDb) {
        let service = TestService::with_own_keys(db);
        let learner = service.post(sian().build()).unwrap().issued.learner_id;
        let other = service.post(completion("Ali Example").email("ali@example.org").build()).unwrap().issued.learner_id;
        assert_eq!(service.erase_again().unwrap(), 0);
        // What the vault has remembered since the backup was made.
        let note = service.db.erasure_note(learner);
        let forged = format!("{other} {}", "0".repeat(64));
        service.vault().keep_erased(&format!("{note}\n{forged}\n"), service.entropy.as_ref()).unwrap();
        assert_eq!(issuing::undone_erasures(&service.db, service.vault()).unwrap(), [learner]);
        assert_eq!(service.erase_again().unwrap(), 1);
        assert!(matches!(service.db.learner(learner), Err(RegistryError::Erased)));
        assert!(service.db.learner(other).unwrap().is_some(), "a line that nobody wrote erases nobody");
        assert_eq!(service.erase_again().unwrap(), 0);
        // And the other way round: what the table has, the vault is told.
        service.vault().keep_erased("", service.entropy.as_ref()).unwrap();
        service.erase_again().unwrap();
        assert_eq!(service.vault().erased().unwrap().unwrap(), format!("{note}\n"));
    }
}
