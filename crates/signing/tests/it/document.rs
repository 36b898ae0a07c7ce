//! Status lists and endorsements.

use serde_json::{Value, json};
use signing::{
    Draft, Identity,
    KeyAlgorithm::{Ed25519, Es256},
    Prepared, Signed, SigningError, sign_document,
};

use crate::{
    badge::{DID_KEY, DID_WEB, Service, moment, service},
    stranger::{check_data_integrity, check_jwt},
};

const CREATED: &str = "2026-03-01T09:00:00Z";

fn sign(service: &Service, document: &Value) -> Result<Signed, SigningError> {
    let keys = service.vault.keys();
    let identity = Identity::of(&service.site, &service.issuer, &keys)?;
    sign_document(document, identity, moment(CREATED), &keys, &service.site)
}

fn issuer_id(service: &Service) -> String {
    Identity::of(&service.site, &service.issuer, &service.vault.keys()).unwrap().data_integrity.issuer_id
}

fn status_list(service: &Service) -> Value {
    let id = format!("{}/status/0b6d2b0e-6a0c-4f0f-9d0a-0d2f6b2d9c11", service.site.base());
    let mut bits = proof::status::BitString::new(proof::status::MIN_ENTRIES);
    bits.set(94_567, true);
    json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": id,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer_id(service),
        "validFrom": CREATED,
        "credentialSubject": {
            "id": format!("{id}#list"),
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": bits.encode()
        }
    })
}

fn endorsement(service: &Service) -> Value {
    json!({
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
        ],
        "id": "urn:uuid:2d8bb2f4-1a0a-4bb8-8a53-0c52b0a6c7de",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "Sample endorsement",
        "issuer": {"id": issuer_id(service), "type": ["Profile"], "name": "Sample Academy"},
        "validFrom": CREATED,
        "validUntil": "2027-03-01T09:00:00Z",
        "credentialSubject": {
            "id": "https://provider.example.org",
            "type": ["EndorsementSubject"],
            "endorsementComment": "May award the sample module."
        }
    })
}

#[test]
fn status_lists_and_endorsements_are_signed_in_both_forms() {
    for url in [DID_WEB, DID_KEY] {
        let service = service(url, &[Ed25519, Es256]);
        for document in [status_list(&service), endorsement(&service)] {
            let signed = sign(&service, &document).unwrap();
            let mut read = check_data_integrity(&service, &signed.data_integrity).unwrap();
            read.as_object_mut().unwrap().remove("proof");
            assert_eq!(read, document);
            let read = check_jwt(&service, &signed.vc_jwt).unwrap();
            assert_eq!(read["credentialSubject"], document["credentialSubject"]);
            assert_eq!(sign(&service, &document).unwrap(), signed);
        }
    }
}

#[test]
fn a_badge_cannot_take_the_way_round_its_record() {
    let service = service(DID_WEB, &[Ed25519, Es256]);
    let badge = service.draft(CREATED).credential.value().clone();
    assert!(matches!(sign(&service, &badge), Err(SigningError::Lint(_))));
    let mut disguised = badge;
    disguised["type"].as_array_mut().unwrap().push("EndorsementCredential".into());
    assert!(matches!(sign(&service, &disguised), Err(SigningError::Lint(_))));
    let nothing = json!({"type": ["VerifiableCredential"]});
    assert!(matches!(sign(&service, &nothing), Err(SigningError::Lint(_))));
}

#[test]
fn a_faulty_status_list_is_refused_with_the_place_of_the_fault() {
    let service = service(DID_WEB, &[Ed25519, Es256]);
    for (pointer, value) in [
        ("/credentialSubject/encodedList", json!("H4sI")),
        ("/credentialSubject/statusPurpose", json!("gossip")),
        ("/credentialSubject/type", json!("StatusList2021")),
        ("/credentialSubject/id", json!(1)),
        ("/issuer", json!("did:web:other.example.org")),
        ("/id", json!("7")),
        ("/validFrom", json!("soon")),
        ("/@context", json!(["https://www.w3.org/2018/credentials/v1"])),
    ] {
        let mut list = status_list(&service);
        *list.pointer_mut(pointer).unwrap() = value;
        match sign(&service, &list) {
            Err(SigningError::Lint(faults)) => {
                assert!(faults.iter().any(|fault| fault.pointer.starts_with(pointer)), "{faults:?}");
            }
            other => panic!("{pointer}: {other:?}"),
        }
    }
}

/// A CPD statement, which is a badge by its type.
fn statement(service: &Service) -> Value {
    let scheme = format!("{}/v1/schemes/sample", service.site.base());
    let as_of = format!("{scheme}#as-of");
    json!({
        "@context": endorsement(service)["@context"],
        "id": "urn:uuid:2d8bb2f4-1a0a-4bb8-8a53-0c52b0a6c7df",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": issuer_id(service), "type": ["Profile"], "name": "Sample Academy"},
        "validFrom": CREATED,
        "credentialSubject": {
            "id": "urn:uuid:2d8bb2f4-1a0a-4bb8-8a53-0c52b0a6c7dc",
            "type": ["AchievementSubject"],
            "achievement": {
                "id": scheme, "type": ["Achievement"], "name": "CPD statement", "description": "Derived.",
                "criteria": {"narrative": "At least 20 hours."}, "achievementType": signing::STATEMENT,
                "resultDescription": [
                    {"id": as_of, "type": ["ResultDescription"], "name": "As of", "resultType": signing::AS_OF}
                ]
            },
            "result": [{"type": ["Result"], "resultDescription": as_of, "value": CREATED}]
        }
    })
}

#[test]
fn a_statement_is_signed_and_never_taken_for_an_award() {
    let service = service(DID_WEB, &[Ed25519, Es256]);
    let document = statement(&service);
    let signed = sign(&service, &document).unwrap();
    check_data_integrity(&service, &signed.data_integrity).unwrap();
    check_jwt(&service, &signed.vc_jwt).unwrap();
    let refused = |pointer: &str, value: Value, code: &str| {
        let mut changed = document.clone();
        let (parent, member) = pointer.rsplit_once('/').unwrap();
        changed.pointer_mut(parent).unwrap()[member] = value;
        let SigningError::Lint(faults) = sign(&service, &changed).unwrap_err() else { panic!("{changed}") };
        assert!(faults.iter().any(|fault| fault.code == code), "{pointer}: {faults:?}");
    };
    let awarded = format!("{}/achievements/sample-module/1", service.site.base());
    refused("/credentialSubject/achievement/achievementType", "Course".into(), "not-a-document");
    refused("/credentialSubject/achievement/id", awarded.into(), "an-award's-achievement");
    refused("/credentialSubject/result", json!([]), "no-as-of");
    refused(
        "/credentialStatus",
        json!({"id": "urn:x:1", "type": "BitstringStatusListEntry"}),
        "statement-with-status",
    );
    let draft = Draft { credential: document.into(), ..service.draft(CREATED) };
    assert!(matches!(Prepared::new(draft), Err(SigningError::Lint(_))), "nor is it stored as one");
}
