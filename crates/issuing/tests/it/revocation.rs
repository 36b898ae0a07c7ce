use issuing::RevokeError;
use model::id::CredentialId;
use proof::status::BitString;
use registry::{EntryKind, LedgerPage};
use serde_json::Value;
use testkit::{
    TestService, academy, at, backends,
    catalogue::{ACADEMY, slug},
    noon, trust, university,
};

use crate::support::{count, data_integrity, sian, verified, verified_jwt};

/// The bit of `badge` in the list, which holds in both forms.
fn bit(service: &TestService, badge: &Value) -> bool {
    let entry = &badge["credentialStatus"];
    let place = entry["statusListCredential"].as_str().unwrap().split_once("/status/").unwrap().1;
    let place: Vec<&str> = place.split('/').collect();
    let keys = place.get(1).map(|first| (*first, place[2]));
    let list = service.status_list(place[0].parse().unwrap(), keys).unwrap().unwrap();
    let document = verified(service, &list.data_integrity);
    let (_, from_jwt) = verified_jwt(service, &list.vc_jwt);
    assert_eq!(document["credentialSubject"], from_jwt["credentialSubject"]);
    assert_eq!(document["id"], entry["statusListCredential"]);
    let bits = document["credentialSubject"]["encodedList"].as_str().unwrap();
    let bits = BitString::decode(bits, 1 << 20).unwrap();
    assert_eq!(bits.len(), proof::status::MIN_ENTRIES);
    bits.get(entry["statusListIndex"].as_str().unwrap().parse().unwrap()).unwrap()
}

backends! {
    fn a_revoked_badge_s_bit_is_set_at_once(db: TestDb) {
        let service = TestService::new(db);
        let issued = service.post(sian().build()).unwrap().issued;
        let other = service.post(sian().achievement("equality-diversity-inclusion").build()).unwrap().issued;
        let badge = data_integrity(&service, issued.credential_id);
        let list = service.db.credential(issued.credential_id).unwrap().unwrap().status_list;
        assert!(!bit(&service, &badge));
        let before = service.status_list(list, None).unwrap().unwrap();
        service.clock.set(at("2026-07-01T18:00:00Z"));
        assert_eq!(service.status_list(list, None).unwrap().unwrap(), before, "the same bytes while nothing changes");

        let revocation = service.revoke(&trust(), issued.credential_id, "  Wrong person ").unwrap();
        assert_eq!((revocation.was_already, revocation.reason.as_str()), (false, "Wrong person"));
        assert!(bit(&service, &badge));
        assert!(!bit(&service, &data_integrity(&service, other.credential_id)));
        let after = service.status_list(list, None).unwrap().unwrap();
        assert_eq!(after.revision, before.revision + 1);
        assert_ne!((&after.data_integrity, &after.vc_jwt), (&before.data_integrity, &before.vc_jwt));

        let lines = service.db.ledger(issued.learner_id, &LedgerPage::default()).unwrap();
        let reversal = lines.iter().find(|line| line.kind == EntryKind::Reversal).unwrap();
        assert_eq!(reversal.amount.to_string(), "-7.5");
        assert_eq!(reversal.credential_id(), Some(issued.credential_id));
        assert_eq!(service.db.audit(noon()).unwrap().findings, []);
    }

    fn revoking_again_changes_nothing(db: TestDb) {
        let service = TestService::new(db);
        let id = service.post(sian().build()).unwrap().issued.credential_id;
        let first = service.revoke(&trust(), id, "Wrong person").unwrap();
        let list = service.status_list(first.status_list, None).unwrap().unwrap();
        service.clock.set(at("2026-07-02T12:00:00Z"));
        let again = service.revoke(&academy(), id, "Another reason").unwrap();
        assert!(again.was_already);
        assert_eq!((again.at, again.reason), (first.at, first.reason));
        assert_eq!(service.status_list(first.status_list, None).unwrap().unwrap(), list);
        assert_eq!(count(&service.db, "ledger_entries"), 2);
        assert!(service.post(sian().build()).unwrap().replayed, "posting again does not bring it back");
    }

    fn only_the_provider_and_the_academy_may_revoke(db: TestDb) {
        let service = TestService::new(db);
        let id = service.post(sian().build()).unwrap().issued.credential_id;
        let unknown = CredentialId::random(&*service.entropy);
        for (caller, id) in [(university(), id), (university(), unknown), (academy(), unknown)] {
            let refused = service.revoke(&caller, id, "A reason");
            assert!(matches!(refused, Err(RevokeError::NotFound)), "{refused:?}");
        }
        assert_eq!(count(&service.db, "ledger_entries"), 1);
        assert!(!service.revoke(&academy(), id, "A reason").unwrap().was_already);
    }

    fn a_reason_is_one_that_can_be_kept(db: TestDb) {
        let service = TestService::new(db);
        let id = service.post(sian().build()).unwrap().issued.credential_id;
        let long = "x".repeat(501);
        for (reason, code) in [
            ("", "reason-required"),
            (" \n ", "reason-required"),
            (long.as_str(), "too-long"),
            ("a\0b", "control-character"),
            ("a\u{1b}[2Jb", "control-character"),
        ] {
            let refused = service.revoke(&trust(), id, reason);
            let Err(RevokeError::Invalid(faults)) = refused else { panic!("{reason:?}: {refused:?}") };
            assert_eq!((faults[0].pointer.as_str(), faults[0].code), ("/reason", code));
        }
        assert_eq!(count(&service.db, "ledger_entries"), 1);
        service.revoke(&trust(), id, &format!("{}\nyn Gymraeg: ŵ", "é".repeat(485))).unwrap();
    }

    fn a_rotation_signs_the_list_anew(db: TestDb) {
        let service = TestService::with_own_keys(db);
        let id = service.post(sian().build()).unwrap().issued.credential_id;
        let list = service.db.credential(id).unwrap().unwrap().status_list;
        let before = service.status_list(list, None).unwrap().unwrap();
        service.clock.set(at("2026-07-01T13:00:00Z"));
        service.rotate();
        let after = service.status_list(list, None).unwrap().unwrap();
        assert_eq!(after.revision, before.revision);
        assert_ne!(after.data_integrity, before.data_integrity);
        verified(&service, &after.data_integrity);
        verified(&service, &before.data_integrity);
        assert!(!bit(&service, &data_integrity(&service, id)), "the badge of the old key stands");
    }

    fn a_compromised_key_signs_no_list_the_next_one_does(db: TestDb) {
        let service = TestService::with_own_keys(db);
        let id = service.post(sian().build()).unwrap().issued.credential_id;
        let list = service.db.credential(id).unwrap().unwrap().status_list;
        let before = service.status_list(list, None).unwrap().unwrap();
        let stolen = service.identity(&slug(ACADEMY)).unwrap();
        let now = at("2026-07-02T12:00:00Z");
        service.clock.set(now);
        service.compromise(&stolen.data_integrity.key_id, noon());
        service.compromise(&stolen.jwt.key_id, noon());
        let after = service.status_list(list, None).unwrap().unwrap();
        for (before, after) in [(&before.data_integrity, &after.data_integrity), (&before.vc_jwt, &after.vc_jwt)] {
            assert_ne!(before, after);
        }
        assert!(!after.data_integrity.contains(&stolen.data_integrity.key_id));
        verified(&service, &after.data_integrity);
    }

    fn an_unknown_list_is_none(db: TestDb) {
        let service = TestService::new(db);
        let unknown = model::id::StatusListId::random(&*service.entropy);
        assert_eq!(service.status_list(unknown, None).unwrap(), None);
    }
}
