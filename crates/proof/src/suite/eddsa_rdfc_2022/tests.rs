use chrono::{DateTime, Utc};
use ed25519_dalek::{Signer as _, SigningKey};
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::canon::canonical_nquads;
use crate::sample::badge;
use crate::suite::signing::{read_signature, write_signature};
use crate::suite::{self, ASSERTION_METHOD};

/// A throw-away key.
fn keys() -> (SigningKey, PublicKey) {
    let secret = SigningKey::from_bytes(&[7; 32]);
    let public = PublicKey::ed25519(secret.verifying_key().to_bytes()).unwrap();
    (secret, public)
}

fn options() -> ProofOptions {
    let created: DateTime<Utc> = "2026-03-01T09:00:00Z".parse().unwrap();
    ProofOptions {
        verification_method: "did:web:badges.example.org#key-1".into(),
        created,
        proof_purpose: ASSERTION_METHOD,
    }
}

fn signed() -> Value {
    let input = signing_input(&badge(), &options()).unwrap();
    let signature = keys().0.sign(input.as_ref()).to_bytes();
    attach(badge(), &options(), &signature)
}

fn verdict(document: &Value) -> Result<(), ProofError> {
    suite::verify(document, &document["proof"], &keys().1)
}

#[test]
fn the_sample_badge_has_a_stable_canonical_form() {
    insta::assert_snapshot!(canonical_nquads(&badge()).unwrap());
}

#[test]
fn the_proof_has_the_members_of_the_standard_in_order() {
    insta::assert_json_snapshot!(signed()["proof"]);
}

#[test]
fn what_was_signed_verifies_whatever_the_order_of_its_members() {
    assert_eq!(verdict(&signed()), Ok(()));
    let sorted: Value = {
        let members: std::collections::BTreeMap<String, Value> = serde_json::from_value(signed()).unwrap();
        serde_json::to_value(members).unwrap()
    };
    assert_ne!(sorted.to_string(), signed().to_string());
    assert_eq!(verdict(&sorted), Ok(()));
}

#[test]
fn one_proof_of_several_is_verified_by_itself() {
    let mut document = signed();
    let proof = document["proof"].clone();
    document["proof"] = json!([{"type": "DataIntegrityProof"}, proof]);
    assert_eq!(suite::verify(&document, &document["proof"][1], &keys().1), Ok(()));
    assert!(suite::verify(&document, &document["proof"][0], &keys().1).is_err());
}

#[test]
fn a_changed_document_or_proof_is_refused() {
    for (pointer, value) in [
        ("/name", json!("Another name")),
        ("/credentialSubject/creditsEarned", json!(60.5)),
        ("/credentialSubject/achievement/resultDescription/0/allowedValue", json!(["pass", "fail", "merit"])),
        ("/proof/created", json!("2026-03-01T09:00:01Z")),
        ("/proof/verificationMethod", json!("did:web:badges.example.org#key-2")),
    ] {
        let mut document = signed();
        *document.pointer_mut(pointer).unwrap() = value;
        assert_eq!(verdict(&document), Err(ProofError::SignatureMismatch), "{pointer}");
    }
    let mut document = signed();
    document["proof"]["expires"] = json!("2030-01-01T00:00:00Z");
    assert_eq!(verdict(&document), Err(ProofError::SignatureMismatch));
    document["proof"]["expires"] = json!("next year");
    assert!(matches!(verdict(&document), Err(ProofError::Member { member: "expires", .. })));
}

#[test]
fn each_fault_of_a_proof_is_named() {
    let fault = |name: &str, value: Value| {
        let mut document = signed();
        document["proof"][name] = value;
        match verdict(&document) {
            Err(ProofError::Member { member, .. }) => member.to_owned(),
            Err(ProofError::UnknownSuite(suite)) => format!("suite {suite}"),
            Err(ProofError::Configuration(error)) => error.to_string(),
            other => panic!("{name}: {other:?}"),
        }
    };
    assert_eq!(fault("type", json!("eddsa-rdfc-2022")), "type");
    assert_eq!(fault("type", json!("Ed25519Signature2020")), "cryptosuite");
    assert_eq!(fault("cryptosuite", json!("Ed25519Signature2020")), "type");
    assert_eq!(fault("cryptosuite", json!("eddsa-2049")), "suite eddsa-2049");
    assert_eq!(fault("cryptosuite", json!(1)), "cryptosuite");
    assert_eq!(fault("proofPurpose", json!("authentication")), "proofPurpose");
    assert_eq!(fault("verificationMethod", Value::Null), "verificationMethod");
    assert_eq!(fault("created", json!("2026-03-01T09:00:00")), "created");
    assert_eq!(fault("previousProof", json!("urn:uuid:1")), "previousProof");
    assert_eq!(fault("@context", json!("https://www.w3.org/ns/credentials/v2")), "@context");
    assert!(fault("note", json!("x")).contains("`note` is not defined"));
    assert!(fault("verificationMethod", json!("key-1")).contains("relative IRI"));
    for value in [json!("abc"), json!("z"), json!("u1234"), json!(format!("z{}", "1".repeat(63))), json!(1)] {
        assert_eq!(fault("proofValue", value), "proofValue");
    }
    let text = signed()["proof"]["proofValue"].as_str().unwrap().to_owned();
    assert_eq!(fault("proofValue", json!(format!("{text}1"))), "proofValue");
}

#[test]
fn the_key_must_fit() {
    let document = signed();
    let other = PublicKey::ed25519(SigningKey::from_bytes(&[8; 32]).verifying_key().to_bytes()).unwrap();
    assert_eq!(suite::verify(&document, &document["proof"], &other), Err(ProofError::SignatureMismatch));
    let p256 = PublicKey::from_multibase("zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169").unwrap();
    assert!(matches!(suite::verify(&document, &document["proof"], &p256), Err(ProofError::KeyType { .. })));
}

/// The order of the group, added to `s`: the equation still holds, the
/// signature is another.
#[test]
fn a_malleated_signature_is_refused() {
    const ORDER: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let input = signing_input(&badge(), &options()).unwrap();
    let mut signature = keys().0.sign(input.as_ref()).to_bytes();
    let mut carry = 0;
    for (byte, order) in signature[32..].iter_mut().zip(ORDER) {
        let sum = u16::from(*byte) + u16::from(order) + carry;
        *byte = u8::try_from(sum & 0xff).unwrap();
        carry = sum >> 8;
    }
    let document = attach(badge(), &options(), &signature);
    assert_eq!(verdict(&document), Err(ProofError::SignatureMismatch));
}

#[test]
fn only_objects_are_signed() {
    assert_eq!(signing_input(&json!([badge()]), &options()), Err(ProofError::NotAnObject));
}

proptest! {
    #[test]
    fn proof_values_are_read_back(high in any::<[u8; 32]>(), low in any::<[u8; 32]>(), zeros in 0..40_usize) {
        let mut signature: [u8; 64] = [high, low].concat().try_into().unwrap();
        signature[..zeros].fill(0);
        let text = write_signature(&signature);
        prop_assert_eq!(&text, &format!("z{}", bs58::encode(signature).into_string()));
        prop_assert_eq!(read_signature::<64>(&text), Ok(signature));
    }

    #[test]
    fn any_name_survives_signing(name in "\\PC{0,20}") {
        let mut document = badge();
        document["name"] = name.into();
        let input = signing_input(&document, &options()).unwrap();
        let document = attach(document, &options(), &keys().0.sign(input.as_ref()).to_bytes());
        let text = document.to_string();
        let read = crate::json::parse(text.as_bytes(), &crate::json::Limits::default()).unwrap();
        prop_assert_eq!(verdict(&read), Ok(()));
    }
}
