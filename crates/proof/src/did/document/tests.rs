//! Good and lying documents, one line each.

use serde_json::json;

use super::*;

const DID: &str = "did:web:badges.example.org";
const ED25519: &str = "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK";
const P256: &str = "zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169";

/// The same key as [`ED25519`], as `Ed25519VerificationKey2018` writes it.
fn base58() -> String {
    let PublicKey::Ed25519(key) = PublicKey::from_multibase(ED25519).unwrap() else { panic!() };
    bs58::encode(key.as_bytes()).into_string()
}

fn method(kind: &str, member: &str, key: impl Into<Value>) -> Value {
    let mut method = json!({"id": format!("{DID}#key-1"), "type": kind, "controller": DID});
    method[member] = key.into();
    method
}

fn jwk() -> Value {
    PublicKey::from_multibase(P256).unwrap().to_jwk()
}

#[test]
fn every_type_of_method_gives_its_key() {
    for (kind, member, key, expected) in [
        ("Multikey", "publicKeyMultibase", json!(ED25519), ED25519),
        ("Multikey", "publicKeyMultibase", json!(P256), P256),
        ("Ed25519VerificationKey2020", "publicKeyMultibase", json!(ED25519), ED25519),
        ("Ed25519VerificationKey2018", "publicKeyBase58", json!(base58()), ED25519),
        ("JsonWebKey", "publicKeyJwk", jwk(), P256),
        ("JsonWebKey2020", "publicKeyJwk", jwk(), P256),
    ] {
        let listed = json!({"id": DID, "verificationMethod": [method(kind, member, key.clone())], "assertionMethod": ["#key-1"]});
        let embedded = json!({"id": DID, "assertionMethod": [method(kind, member, key)]});
        for document in [listed, embedded] {
            let read = read(&document).unwrap();
            let found = read.asserting(&format!("{DID}#key-1")).unwrap();
            assert_eq!(found.public_key().unwrap().to_multibase(), expected, "{document}");
        }
    }
}

/// A method serves what the document says it serves, and nothing else.
#[test]
fn a_key_under_another_relationship_does_not_assert() {
    let key = method("Multikey", "publicKeyMultibase", ED25519);
    let other = "did:web:other.example.org#key-1";
    for (document, asserts, authenticates) in [
        (json!({"verificationMethod": [key], "assertionMethod": ["#key-1"]}), true, false),
        (json!({"verificationMethod": key, "assertionMethod": "#key-1"}), true, false),
        (json!({"verificationMethod": [key], "authentication": ["#key-1"]}), false, true),
        (json!({"verificationMethod": [key], "keyAgreement": ["#key-1"]}), false, false),
        (json!({"verificationMethod": [key]}), false, false),
        (json!({"assertionMethod": [key], "authentication": [key]}), true, true),
        // Embedded: for that relationship alone, whoever refers to it.
        (json!({"authentication": [key], "assertionMethod": ["#key-1"]}), false, true),
        (json!({"assertionMethod": [key], "authentication": ["#key-1"]}), true, false),
        (json!({"keyAgreement": [key], "assertionMethod": ["#key-1"]}), false, false),
        (json!({"verificationMethod": [key], "assertionMethod": [other, "#key-2"]}), false, false),
    ] {
        let mut document = document;
        document["id"] = DID.into();
        let read = read(&document).unwrap();
        let id = format!("{DID}#key-1");
        assert_eq!(read.asserting(&id).is_some(), asserts, "{document}");
        assert_eq!(read.authentication.contains(&id), authenticates, "{document}");
        assert!(read.asserting(other).is_none());
    }
}

#[test]
fn lying_documents_are_refused_by_the_member() {
    let good = || method("Multikey", "publicKeyMultibase", ED25519);
    let with = |member: &str, value: Value| {
        let mut method = good();
        method[member] = value;
        method
    };
    let jwk_with = |member: &str| {
        let mut jwk = jwk();
        jwk[member] = "AA".into();
        method("JsonWebKey", "publicKeyJwk", jwk)
    };
    let first = "/verificationMethod/0";
    for (method, place) in [
        (with("secretKeyMultibase", json!("z1")), format!("{first}/secretKeyMultibase")),
        (with("privateKeyMultibase", json!("z1")), format!("{first}/privateKeyMultibase")),
        (with("privateKeyBase58", json!("1")), format!("{first}/privateKeyBase58")),
        (with("privateKeyJwk", json!({})), format!("{first}/privateKeyJwk")),
        (with("id", json!("key-1")), format!("{first}/id")),
        (with("id", json!("#")), format!("{first}/id")),
        (with("id", json!("?versionId=1#key-1")), format!("{first}/id")),
        (with("id", json!("//badges.example.org#key-1")), format!("{first}/id")),
        (with("id", Value::Null), format!("{first}/id")),
        (with("controller", Value::Null), format!("{first}/controller")),
        (with("expires", json!("2026-05-01T10:00:00")), format!("{first}/expires")),
        (with("revoked", json!(1_700_000_000)), format!("{first}/revoked")),
        (jwk_with("d"), format!("{first}/publicKeyJwk")),
        (jwk_with("p"), format!("{first}/publicKeyJwk")),
        (jwk_with("k"), format!("{first}/publicKeyJwk")),
        (
            method("JsonWebKey", "publicKeyJwk", json!({"kty": "oct", "k": "AA"})),
            format!("{first}/publicKeyJwk"),
        ),
        (
            method("JsonWebKey", "publicKeyJwk", json!({"kty": "RSA", "n": "AA", "e": "AQAB", "qi": "AA"})),
            format!("{first}/publicKeyJwk"),
        ),
        (
            method("Ed25519VerificationKey2020", "publicKeyMultibase", P256),
            format!("{first}/publicKeyMultibase"),
        ),
        (
            method("Ed25519VerificationKey2018", "publicKeyBase58", ED25519),
            format!("{first}/publicKeyBase58"),
        ),
        (
            method("Ed25519VerificationKey2018", "publicKeyBase58", "1".repeat(40)),
            format!("{first}/publicKeyBase58"),
        ),
        (
            method("Ed25519VerificationKey2018", "publicKeyBase58", "1".repeat(100_000)),
            format!("{first}/publicKeyBase58"),
        ),
        (
            method("Ed25519VerificationKey2018", "publicKeyMultibase", ED25519),
            format!("{first}/publicKeyBase58"),
        ),
    ] {
        let document = json!({"id": DID, "verificationMethod": [method]});
        match read(&document) {
            Err(DidError::Document { pointer, .. } | DidError::Key { place: pointer, .. }) => {
                assert_eq!(pointer, place, "{document}");
            }
            other => panic!("{document}: {other:?}"),
        }
    }
    let twice = |second: Value| json!({"id": DID, "verificationMethod": [good(), second]});
    assert!(read(&twice(good())).is_ok(), "the same method twice is one");
    for other in [
        with("publicKeyMultibase", json!(P256)),
        with("controller", json!("did:web:other.example.org")),
        with("revoked", json!("2026-05-01T10:00:00Z")),
        method("JsonWebKey", "publicKeyJwk", jwk()),
    ] {
        assert!(read(&twice(other)).unwrap_err().to_string().contains("this id"));
    }
    let reference = json!({"id": DID, "verificationMethod": [good()], "assertionMethod": ["key-1"]});
    assert!(read(&reference).unwrap_err().to_string().starts_with("/assertionMethod/0"));
    for id in [json!("badges"), json!("#me"), json!(7), Value::Null] {
        let error = read(&json!({"id": id})).unwrap_err();
        assert!(error.to_string().starts_with("/id"), "{error}");
    }
}
