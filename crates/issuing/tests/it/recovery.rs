use chrono::{DateTime, TimeDelta, Utc};
use issuing::AcceptError;
use model::{id::CredentialId, vc::with_proof};
use registry::Pending;
use signing::{Recorded, StoredIntent};
use testkit::{
    TestService, at, backends,
    catalogue::{CERTIFICATE, CORE, INTRODUCTION},
    completion, noon, submission, trust,
};

use crate::support::{AT_ONCE, break_table, count, data_integrity, mend_table, sian};

/// A message that the registry takes for a trouble that passes.
const PASSING: &str = "disk I/O error: could not write";

struct Kept<'a>(&'a Pending);

impl StoredIntent for Kept<'_> {
    fn unsigned(&self) -> &str {
        self.0.unsigned()
    }

    fn data_integrity_key(&self) -> &str {
        self.0.data_integrity_key()
    }

    fn jwt_key(&self) -> &str {
        self.0.jwt_key()
    }

    fn created(&self) -> DateTime<Utc> {
        self.0.created()
    }

    fn profile_version(&self) -> &str {
        self.0.profile_version()
    }

    fn disclosure_seed(&self) -> Option<&str> {
        self.0.disclosure_seed()
    }
}

/// A badge in both forms.
type Forms = (String, String);

fn sign(service: &TestService, pending: &Pending) -> Forms {
    let (recorded, keys) = (Recorded::of(&Kept(pending)), service.vault().keys());
    let signed = recorded.sign(&keys, service.site()).unwrap().check().unwrap();
    let vc_jwt = recorded.sign_jwt(&keys, service.site()).unwrap();
    (with_proof(pending.unsigned(), &signed.proof), vc_jwt)
}

fn served(service: &TestService, id: CredentialId) -> Forms {
    let record = service.db.credential(id).unwrap().unwrap();
    let vc_jwt = service.vc_jwt(&record).unwrap();
    (record.data_integrity, vc_jwt)
}

/// Posts for `people` with the second transaction failing: their intents stay.
fn left_behind(service: &TestService, people: &[&str]) -> Vec<Pending> {
    break_table(&service.db, "ledger_entries", "NEW.id IS NOT NULL", PASSING);
    let rows =
        people.iter().map(|name| submission(completion(name).email(&format!("{name}@example.org")).build()));
    for answer in service.accept_many(&trust(), rows.collect()) {
        assert!(matches!(&answer, Err(AcceptError::Internal(error)) if error.is_temporary()), "{answer:?}");
    }
    mend_table(&service.db, "ledger_entries");
    let pending = service.db.pending_issuances(noon(), 1000).unwrap();
    assert_eq!(pending.len(), people.len());
    pending
}

backends! {
    fn what_a_crash_left_is_signed_with_the_same_bytes(db: TestDb) {
        let service = TestService::with_own_keys(db);
        let pending = left_behind(&service, &["sian", "ali"]);
        let expected: Vec<Forms> = pending.iter().map(|one| sign(&service, one)).collect();
        assert_eq!(service.reconcile(TimeDelta::seconds(1)).unwrap(), 0, "a request may be at work on it");

        service.clock.set(at("2026-07-01T15:00:00Z"));
        service.rotate();
        let again: Vec<Forms> = pending.iter().map(|one| sign(&service, one)).collect();
        assert_eq!(again, expected, "whatever key signs by now");

        assert_eq!(service.reconcile(TimeDelta::seconds(1)).unwrap(), 2);
        for (pending, expected) in pending.iter().zip(&expected) {
            assert_eq!(served(&service, pending.credential_id()), *expected);
            let record = service.db.credential(pending.credential_id()).unwrap().unwrap();
            assert_eq!(record.valid_from, noon());
            data_integrity(&service, pending.credential_id());
        }
        assert_eq!(service.reconcile(AT_ONCE).unwrap(), 0);
        assert_eq!(service.db.audit(noon()).unwrap().findings, []);
    }

    fn an_intent_from_before_the_third_form_is_finished_in_two(db: TestDb) {
        let service = TestService::with_own_keys(db);
        let pending = left_behind(&service, &["sian", "ali"]);
        let old = pending[0].credential_id();
        let expected = sign(&service, &pending[0]);
        service.db.tamper(&format!(
            "UPDATE credentials SET profile_version = '1', disclosure_seed = NULL WHERE id = '{old}'"
        ));
        assert_eq!(service.reconcile(AT_ONCE).unwrap(), 2);
        assert_eq!(served(&service, old), expected);
        let record = service.db.credential(old).unwrap().unwrap();
        assert_eq!((record.has_selective, service.selective(old).unwrap()), (false, None));
        let new = pending[1].credential_id();
        assert!(service.db.credential(new).unwrap().unwrap().has_selective);
        let form = service.selective(new).unwrap().unwrap();
        // Later, and by then under another key.
        service.clock.set(at("2026-07-01T15:00:00Z"));
        service.rotate();
        assert_eq!(service.selective(new).unwrap(), Some(form));
        assert_eq!(service.db.audit(noon()).unwrap().findings, []);
    }

    fn what_cannot_be_signed_does_not_block_the_rest(db: TestDb) {
        let service = TestService::new(db);
        let names: Vec<String> = (0..202).map(|n| format!("person-{n}")).collect();
        let pending = left_behind(&service, &names.iter().map(String::as_str).collect::<Vec<_>>());
        // The oldest first, and more of them than are looked at together.
        let good = pending[201].credential_id();
        service.db.tamper(&format!("UPDATE credentials SET jwt_key = 'lost' WHERE id <> '{good}'"));
        assert_eq!(service.reconcile(AT_ONCE).unwrap(), 1);
        data_integrity(&service, good);
        assert_eq!(service.db.pending_issuances(noon(), 1000).unwrap().len(), 201);
    }

    fn a_programme_left_unevaluated_is_evaluated(db: TestDb) {
        let service = TestService::new(db);
        service.post(sian().achievement(CORE).build()).unwrap();
        let ali = completion("Ali Example").email("ali@example.org");
        service.post(ali.clone().achievement(CORE).build()).unwrap();
        // As if the process had died after the second transaction.
        break_table(&service.db, "award_components", "NEW.award_id IS NOT NULL", PASSING);
        service.post(sian().achievement(INTRODUCTION).build()).unwrap();
        service.post(ali.achievement(INTRODUCTION).build()).unwrap();
        mend_table(&service.db, "award_components");
        assert_eq!(service.db.jobs_pending(10).unwrap().len(), 2);
        assert_eq!(service.reconcile(TimeDelta::seconds(1)).unwrap(), 0, "a request may be at work on them");

        // The first learner's records are damaged: the second still gets theirs.
        let first = service.db.jobs_pending(1).unwrap()[0].learner_id;
        service.db.tamper(&format!("UPDATE completions SET body = '{{' WHERE learner_id = '{first}'"));
        assert_eq!(service.reconcile(AT_ONCE).unwrap(), 1);
        let left = service.db.jobs_pending(10).unwrap();
        assert_eq!(left.iter().map(|job| job.learner_id).collect::<Vec<_>>(), [first]);
        let certificates = format!("awards WHERE achievement = '{CERTIFICATE}'");
        assert_eq!(count(&service.db, &certificates), 1);
    }
}
