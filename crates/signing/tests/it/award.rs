//! Badges: Prepared → Recorded → Signed.

use chrono::TimeDelta;
use model::{chance::SystemEntropy, clock::FixedClock, id::Slug};
use serde_json::{Value, json};
use signing::{
    Draft, Identity, Intent,
    KeyAlgorithm::{Ed25519, Es256, Rs256},
    Prepared, Recorded, SigningError, Way,
};

use crate::{
    badge::{self, DID_KEY, DID_WEB, Forms, Row, Service, changed, moment, service},
    stranger::{check_data_integrity, check_jwt},
};

const CREATED: &str = "2026-03-01T09:00:00Z";

fn sign(service: &Service, draft: Draft) -> Result<Forms, SigningError> {
    badge::sign(&Row(Prepared::new(draft)?.into_intent()), service)
}

#[test]
fn a_badge_is_signed_in_both_forms_and_strangers_verify_them() {
    for url in [DID_WEB, DID_KEY] {
        for algorithm in [Es256, Rs256] {
            let service = service(url, &[Ed25519, algorithm]);
            let draft = service.draft(CREATED);
            let unsigned = draft.credential.value().clone();
            let signed = sign(&service, draft).unwrap();

            let mut document = check_data_integrity(&service, &signed.data_integrity).unwrap();
            let proof = document.as_object_mut().unwrap().remove("proof").unwrap()[0].take();
            assert_eq!(document, unsigned);
            assert_eq!(proof["created"], CREATED);
            assert_eq!(proof["proofPurpose"], "assertionMethod");
            assert_eq!(proof["cryptosuite"], "eddsa-rdfc-2022");

            let header = jose::read_compact(&signed.vc_jwt).unwrap().header;
            assert_eq!(header.alg.to_lowercase(), algorithm.as_str());
            assert_eq!(header.typ.as_deref(), Some("JWT"));
            let mut credential = check_jwt(&service, &signed.vc_jwt).unwrap();
            credential["issuer"]["id"] = unsigned["issuer"]["id"].clone();
            assert_eq!(credential, unsigned);
        }
    }
}

#[test]
fn what_a_draft_was_read_as_is_signed_as_its_text_is_and_no_other_text_by_it() {
    let service = service(DID_WEB, &[Ed25519, Es256]);
    let (keys, draft) = (service.vault.keys(), service.draft(CREATED));
    let renamed = changed(draft.clone(), |credential| credential["name"] = json!("Another name"));
    let (intent, linted) = Prepared::new(draft).unwrap().into_parts();
    let (other, others) = Prepared::new(renamed).unwrap().into_parts();
    let sign = |intent: &Intent, linted| {
        let recorded = Recorded::of(&Row(intent.clone()));
        recorded.sign_among(Way::Alone, linted, &keys, &service.site).unwrap().check().unwrap().proof
    };
    let (first, second) = (sign(&intent, None), sign(&other, None));
    assert_ne!(first, second);
    for read in [&linted, &others] {
        assert_eq!(sign(&intent, Some(read)), first);
        assert_eq!(sign(&other, Some(read)), second);
    }
    // When it is signed is part of what was checked.
    let later = Intent { created: moment("2026-03-01T09:00:01Z"), ..intent.clone() };
    assert_eq!(sign(&later, Some(&linted)), sign(&later, None));
}

#[test]
fn what_badges_of_an_achievement_have_in_common_changes_nothing_that_is_signed() {
    let service = service(DID_WEB, &[Ed25519, Es256]);
    let keys = service.vault.keys();
    for number in 0..8 {
        let draft = changed(service.draft(CREATED), |credential| {
            credential["id"] = json!(format!("https://badges.example.org/v1/credentials/{number}"));
            credential["credentialSubject"]["id"] = json!(format!("urn:example:{number}"));
        });
        let (intent, linted) = Prepared::new(draft).unwrap().into_parts();
        let recorded = Recorded::of(&Row(intent));
        let alone = recorded.sign(&keys, &service.site).unwrap().check().unwrap();
        for linted in [Some(&linted), None] {
            let signed = recorded.sign_among(Way::InCommon, linted, &keys, &service.site).unwrap();
            assert_eq!(signed.check().unwrap(), alone);
        }
        assert!(recorded.comes_to_the_same(&keys, &service.site).unwrap());
    }
}

#[test]
fn the_same_intent_gives_the_same_bytes_even_after_a_rotation() {
    for algorithm in [Es256, Rs256] {
        let service = service(DID_WEB, &[Ed25519, algorithm]);
        let row = Row(Prepared::new(service.draft(CREATED)).unwrap().into_intent());
        let sign = || badge::sign(&row, &service).unwrap();
        let first = sign();
        assert_eq!(sign(), first);
        let clock = FixedClock::new(moment("2026-03-01T10:00:00Z"));
        for algorithm in [Ed25519, algorithm] {
            service.vault.rotate(&service.issuer, algorithm, &clock, &SystemEntropy).unwrap();
        }
        assert_eq!(sign(), first);
    }
}

#[test]
fn one_changed_character_anywhere_is_refused() {
    let service = service(DID_WEB, &[Ed25519, Es256]);
    let signed = sign(&service, service.draft(CREATED)).unwrap();
    let mut refused = 0;
    for place in (0..signed.data_integrity.len()).step_by(5) {
        let old = signed.data_integrity.as_bytes()[place];
        let new = if old == b'7' { "8" } else { "7" };
        let mut changed = signed.data_integrity.clone();
        changed.replace_range(place..=place, new);
        let found = check_data_integrity(&service, &changed);
        assert!(found.is_err(), "{place}: {changed}");
        refused += 1;
    }
    assert!(refused > 300);
    let mut swapped = signed.vc_jwt.clone();
    swapped.replace_range(100..101, if &swapped[100..101] == "A" { "B" } else { "A" });
    assert!(check_jwt(&service, &swapped).is_err());
}

#[test]
fn old_badges_verify_after_a_rotation_and_new_ones_use_the_new_key() {
    for url in [DID_WEB, DID_KEY] {
        let service = service(url, &[Ed25519, Es256]);
        let old = sign(&service, service.draft(CREATED)).unwrap();
        let clock = FixedClock::new(moment("2026-04-01T09:00:00Z"));
        let replaced = Identity::of(&service.site, &service.issuer, &service.vault.keys()).unwrap();
        for algorithm in [Ed25519, Es256] {
            service.vault.rotate(&service.issuer, algorithm, &clock, &SystemEntropy).unwrap();
        }
        let active = Identity::of(&service.site, &service.issuer, &service.vault.keys()).unwrap();
        assert_ne!(active.data_integrity.key_id, replaced.data_integrity.key_id);
        assert_ne!(active.jwt.key_id, replaced.jwt.key_id);
        let new = sign(&service, service.draft("2026-04-01T09:00:01Z")).unwrap();
        assert!(new.data_integrity.contains(&active.data_integrity.verification_method));
        for signed in [old, new] {
            check_data_integrity(&service, &signed.data_integrity).unwrap();
            check_jwt(&service, &signed.vc_jwt).unwrap();
        }
    }
}

#[test]
fn a_retired_key_signs_only_what_was_prepared_before() {
    let service = service(DID_WEB, &[Ed25519, Es256]);
    let draft = |created: &str| Draft { created: moment(created), ..service.draft(CREATED) };
    let (before, within_grace, after) =
        (draft(CREATED), draft("2026-03-01T10:01:00Z"), draft("2026-03-01T10:01:01Z"));
    let identity = Identity::of(&service.site, &service.issuer, &service.vault.keys()).unwrap();
    let clock = FixedClock::new(moment("2026-03-01T10:00:00Z"));
    service.vault.retire(&identity.data_integrity.key_id, &clock, &SystemEntropy).unwrap();
    assert!(sign(&service, before).is_ok());
    assert!(sign(&service, within_grace).is_ok());
    let refused = sign(&service, after).unwrap_err();
    assert!(
        matches!(&refused, SigningError::Retired { key, .. } if *key == identity.data_integrity.key_id),
        "{refused}"
    );
    let none = Identity::of(&service.site, &service.issuer, &service.vault.keys()).unwrap_err();
    assert!(matches!(&none, SigningError::NoActiveKey { algorithm: "ed25519", .. }), "{none}");
}

#[test]
fn a_compromised_key_signs_nothing_not_even_what_was_prepared_before() {
    let service = service(DID_WEB, &[Ed25519, Es256]);
    let identity = Identity::of(&service.site, &service.issuer, &service.vault.keys()).unwrap();
    let (before, again) = (service.draft(CREATED), service.draft(CREATED));
    let clock = FixedClock::new(moment("2026-03-01T10:00:00Z"));
    let stolen = &identity.jwt.key_id;
    service.vault.compromise(stolen, moment("2026-03-01T09:59:00Z"), &clock, &SystemEntropy).unwrap();
    for draft in [before, Draft { created: moment("2026-03-01T09:00:01Z"), ..again }] {
        let refused = sign(&service, draft).unwrap_err();
        assert!(matches!(&refused, SigningError::Compromised { key, .. } if key == stolen), "{refused}");
    }
    assert!(sign(&service, service.draft("2026-03-01T10:00:01Z")).is_ok(), "by the next key");
}

/// What `change` makes of a good draft is refused, and the reason names `pointer`.
fn refused(service: &Service, pointer: &str, change: impl FnOnce(&mut Value)) {
    match sign(service, changed(service.draft(CREATED), change)) {
        Err(SigningError::Lint(faults)) => {
            assert!(faults.iter().any(|fault| fault.pointer.starts_with(pointer)), "{pointer}: {faults:?}");
        }
        other => panic!("{pointer}: {other:?}"),
    }
}

fn remove(value: &mut Value, member: &str) {
    value.as_object_mut().unwrap().remove(member).unwrap();
}

#[test]
fn a_faulty_badge_is_refused_with_the_place_of_the_fault() {
    let service = service(DID_WEB, &[Ed25519, Es256]);
    let refused = |pointer: &str, change: &dyn Fn(&mut Value)| refused(&service, pointer, change);
    refused("/issuer/id", &|badge| badge["issuer"]["id"] = "did:web:other.example.org".into());
    refused("/issuer", &|badge| remove(badge, "issuer"));
    refused("/credentialSubject", &|badge| remove(&mut badge["credentialSubject"], "achievement"));
    refused("/credentialStatus", &|badge| remove(badge, "credentialStatus"));
    refused("/credentialStatus/statusListIndex", &|badge| {
        badge["credentialStatus"]["statusListIndex"] = 7.into();
    });
    refused("/credentialStatus/type", &|badge| badge["credentialStatus"]["type"] = "Other".into());
    refused("/validFrom", &|badge| remove(badge, "validFrom"));
    refused("/validFrom", &|badge| badge["validFrom"] = "2026-03-01T09:00:00".into());
    refused("/validFrom", &|badge| badge["validFrom"] = "2036-03-01T09:00:00Z".into());
    refused("/validUntil", &|badge| badge["validUntil"] = CREATED.into());
    refused("/awardedDate", &|badge| badge["awardedDate"] = "2026-03-09T09:00:00Z".into());
    refused("/proof", &|badge| badge["proof"] = json!({}));
    refused("/type", &|badge| badge["type"] = json!(["VerifiableCredential"]));
    refused("/credentialSubject/achievement/endorsementJwt", &|badge| {
        badge["credentialSubject"]["achievement"]["endorsementJwt"] = json!(["a.b.c"]);
    });
}

#[test]
fn a_term_that_no_context_defines_is_never_signed() {
    let service = service(DID_WEB, &[Ed25519, Es256]);
    let draft = changed(service.draft(CREATED), |credential| {
        credential["credentialSubject"]["achievement"]["favouriteColour"] = "blue".into();
    });
    let refused = sign(&service, draft).unwrap_err();
    assert!(matches!(refused, SigningError::Proof(_) | SigningError::Lint(_)), "{refused}");
    assert!(refused.to_string().contains("favouriteColour"), "{refused}");
}

#[test]
fn keys_are_used_only_for_what_they_are_and_for_their_own_issuer() {
    let service = service(DID_WEB, &[Ed25519, Es256]);
    let good = service.draft(CREATED);
    let swapped = Draft {
        data_integrity_key: good.jwt_key.clone(),
        jwt_key: good.data_integrity_key.clone(),
        ..good.clone()
    };
    assert!(matches!(sign(&service, swapped), Err(SigningError::WrongKey { .. })));
    let both_ed25519 = Draft { jwt_key: good.data_integrity_key.clone(), ..good.clone() };
    assert!(matches!(sign(&service, both_ed25519), Err(SigningError::WrongKey { .. })));
    let unknown = Draft { jwt_key: "nobody-s".to_owned(), ..good.clone() };
    assert!(matches!(sign(&service, unknown), Err(SigningError::UnknownKey(_))));
    let other = Slug::new("other-academy").unwrap();
    let clock = FixedClock::new(moment(CREATED) - TimeDelta::hours(1));
    let [ed25519, es256] = [Ed25519, Es256]
        .map(|algorithm| service.vault.generate(&other, algorithm, &clock, &SystemEntropy).unwrap().id);
    let mixed = Draft { jwt_key: es256.clone(), ..good.clone() };
    assert!(matches!(sign(&service, mixed), Err(SigningError::WrongKey { .. })));
    let stolen = Draft { data_integrity_key: ed25519, jwt_key: es256, ..good };
    assert!(matches!(sign(&service, stolen), Err(SigningError::Lint(_))));
}

#[test]
fn an_intent_of_unknown_rules_or_unclear_json_is_not_signed() {
    let service = service(DID_WEB, &[Ed25519, Es256]);
    let intent = Prepared::new(service.draft(CREATED)).unwrap().into_intent();
    let sign = |intent| Recorded::of(&Row(intent)).sign(&service.vault.keys(), &service.site);
    let mut newer = intent.clone();
    newer.profile_version = "99".to_owned();
    assert!(matches!(sign(newer), Err(SigningError::UnknownProfile(version)) if version == "99"));
    let mut twice = intent;
    twice.unsigned = twice.unsigned.replacen('{', r#"{"name":"Another","#, 1);
    assert!(matches!(sign(twice), Err(SigningError::Json(_))));
}
