//! The learner record of an award: signed only as what the award's intent says.

use serde_json::{Value, json};
use signing::{
    KeyAlgorithm::{Ed25519, Es256},
    Prepared, Recorded, SigningError,
};

use crate::badge::{DID_KEY, DID_WEB, Row, Service, service, sign};

const CREATED: &str = "2026-03-01T09:00:00Z";

/// A record of the badge, which holds it.
fn record(badge: &Value, signed: &str) -> Value {
    let mut record = badge.clone();
    record["@context"] = json!([
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
    ]);
    record["id"] = format!("{}/clr", badge["id"].as_str().unwrap()).into();
    record["type"] = json!(["VerifiableCredential", "ClrCredential"]);
    record["credentialSubject"] = json!({
        "id": badge["credentialSubject"]["id"],
        "type": ["ClrSubject"],
        "verifiableCredential": [serde_json::from_str::<Value>(signed).unwrap()],
    });
    record
}

struct World {
    service: Service,
    recorded: Recorded,
    record: Value,
}

fn world(url: &str) -> World {
    let service = service(url, &[Ed25519, Es256]);
    let draft = service.draft(CREATED);
    let badge = draft.credential.value().clone();
    let row = Row(Prepared::new(draft).unwrap().into_intent());
    let (recorded, signed) = (Recorded::of(&row), sign(&row, &service).unwrap());
    let record = record(&badge, &signed.data_integrity);
    World { service, recorded, record }
}

impl World {
    fn sign(&self, record: &Value) -> Result<signing::Signed, SigningError> {
        self.recorded.sign_learner_record(record, &self.service.vault.keys(), &self.service.site)
    }

    /// Where a record that was changed is refused.
    fn refused(&self, change: impl FnOnce(&mut Value)) -> Vec<String> {
        let mut changed = self.record.clone();
        change(&mut changed);
        match self.sign(&changed) {
            Err(SigningError::Lint(faults)) => faults.into_iter().map(|fault| fault.pointer).collect(),
            other => panic!("expected a refusal, found {other:?}"),
        }
    }
}

#[test]
fn it_is_signed_in_both_forms_and_comes_out_the_same_however_often() {
    for url in [DID_WEB, DID_KEY] {
        let world = world(url);
        let signed = world.sign(&world.record).unwrap();
        assert_eq!(world.sign(&world.record).unwrap(), signed);
        let document: Value = serde_json::from_str(&signed.data_integrity).unwrap();
        assert_eq!(document["proof"][0]["created"], CREATED);
        let jwt = jose::read_compact(&signed.vc_jwt).unwrap();
        let inside = jose::credential_of(serde_json::from_slice(&jwt.payload).unwrap()).unwrap();
        assert_eq!(inside["credentialSubject"], document["credentialSubject"]);
    }
}

#[test]
fn it_says_nothing_of_the_award_that_the_intent_does_not() {
    let world = world(DID_WEB);
    let refused = |pointer: &'static str, value: Value| {
        let found = world.refused(|record| *record.pointer_mut(pointer).unwrap() = value);
        assert_eq!(found, [pointer]);
    };
    refused("/name", "A grander name".into());
    refused("/validFrom", "2026-02-01T09:00:00Z".into());
    refused("/awardedDate", "2026-02-26T16:30:00Z".into());
    refused("/credentialSubject/id", "urn:uuid:00000000-0000-4000-8000-000000000000".into());
    assert_eq!(
        world.refused(|record| record["credentialStatus"]["id"] = "https://badges.example.org/s#1".into()),
        ["/credentialStatus"]
    );
    assert_eq!(
        world.refused(|record| record["issuer"]["id"] = "did:web:other.example.org".into()),
        ["/issuer"]
    );
    assert_eq!(world.refused(|record| record["validUntil"] = "2036-02-01T09:00:00Z".into()), ["/validUntil"]);
}

#[test]
fn it_is_a_record_and_of_the_right_shape() {
    let world = world(DID_WEB);
    let badge = world.record["credentialSubject"]["verifiableCredential"][0].clone();
    assert_eq!(world.refused(|record| *record = badge), ["/type"]);
    let empty = |record: &mut Value| record["credentialSubject"]["verifiableCredential"] = json!([]);
    assert!(world.refused(empty).iter().any(|pointer| pointer.contains("verifiableCredential")));
    let undefined = |record: &mut Value| record["credentialSubject"]["undefinedTerm"] = "dropped".into();
    let mut changed = world.record.clone();
    undefined(&mut changed);
    assert!(world.sign(&changed).is_err(), "a term that would be dropped");
}
