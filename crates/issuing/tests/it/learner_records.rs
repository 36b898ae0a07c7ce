//! The learner record of a programme's award.

use chrono::TimeDelta;
use model::{clock::Clock, id::CredentialId};
use registry::Issued;
use serde_json::Value;
use testkit::{
    TestService, backends,
    catalogue::{CORE, INTRODUCTION},
    trust,
};

use crate::support::{sian, verified, verified_jwt};

/// The certificate and its modules.
fn certificate(service: &TestService) -> (Issued, Vec<Issued>) {
    let modules = [CORE, INTRODUCTION].map(|module| {
        let accepted = service.post(sian().achievement(module).build()).unwrap();
        // What was earned on one day stands in the order in which it came.
        service.clock.set(service.clock.now() + TimeDelta::seconds(1));
        accepted
    });
    let award = modules[1].programme_awards[0].clone();
    (award, modules.map(|accepted| accepted.issued).to_vec())
}

fn record(service: &TestService, id: CredentialId) -> (Value, Value) {
    let signed = service.learner_record(id).unwrap().unwrap();
    (verified(service, &signed.data_integrity), verified_jwt(service, &signed.vc_jwt).1)
}

backends! {
    fn it_holds_the_award_and_its_modules_each_signed_and_says_how_they_belong_together(db: TestDb) {
        let service = TestService::new(db);
        let (award, modules) = certificate(&service);
        let (document, jwt) = record(&service, award.credential_id);
        assert_eq!(document["type"], serde_json::json!(["VerifiableCredential", "ClrCredential"]));
        let subject = &document["credentialSubject"];
        assert_eq!(jwt["credentialSubject"], *subject);
        let held = subject["verifiableCredential"].as_array().unwrap();
        let ids: Vec<&str> = held.iter().map(|one| one["id"].as_str().unwrap()).collect();
        assert_eq!(held.len(), 3);
        assert!(ids[0].ends_with(&award.credential_id.to_string()), "its own comes first");
        for module in &modules {
            let id = module.credential_id.to_string();
            assert!(ids[1..].iter().any(|held| held.ends_with(&id)), "{ids:?}");
        }
        for one in held {
            verified(&service, &one.to_string());
            assert_eq!(one["credentialSubject"]["id"], subject["id"]);
        }
        let achievements: Vec<&Value> =
            subject["achievement"].as_array().unwrap().iter().map(|one| &one["id"]).collect();
        assert_eq!(achievements.len(), 3);
        for (association, part) in subject["association"].as_array().unwrap().iter().zip(&achievements[1..]) {
            assert_eq!(association["associationType"], "isPartOf");
            assert_eq!((&association["sourceId"], &association["targetId"]), (*part, achievements[0]));
        }
        assert_eq!(subject["association"].as_array().unwrap().len(), 2);
        assert_eq!(document["partial"], true);
        for shared in ["issuer", "validFrom", "awardedDate", "credentialStatus", "name"] {
            assert_eq!(document[shared], held[0][shared], "{shared}");
        }
    }

    fn a_module_repeated_is_no_part_and_a_module_has_no_record(db: TestDb) {
        let service = TestService::new(db);
        let (award, modules) = certificate(&service);
        let again = sian().achievement(CORE).completed_at(testkit::at("2026-07-01T09:00:00Z")).build();
        service.post(again).unwrap();
        let (document, _) = record(&service, award.credential_id);
        assert_eq!(document["credentialSubject"]["verifiableCredential"].as_array().unwrap().len(), 3);
        assert_eq!(service.learner_record(modules[0].credential_id).unwrap(), None);
        assert_eq!(service.learner_record(CredentialId::random(&testkit::SeededEntropy::new(5))).unwrap(), None);
    }

    fn it_stays_the_same_after_a_key_retires_and_a_part_is_taken_back(db: TestDb) {
        let service = TestService::with_own_keys(db);
        let (award, modules) = certificate(&service);
        let before = service.learner_record(award.credential_id).unwrap().unwrap();
        service.revoke(&trust(), modules[0].credential_id, "Under review").unwrap();
        service.rotate();
        assert_eq!(service.learner_record(award.credential_id).unwrap().unwrap(), before);
        record(&service, award.credential_id);
    }
}
