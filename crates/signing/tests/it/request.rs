//! Requests for presentations.

use serde_json::{Value, json};
use signing::{
    KeyAlgorithm::{Ed25519, Es256},
    SigningError, sign_request, verifier_name,
};

use crate::badge::{DID_KEY, DID_WEB, Service, moment, service};

fn request(service: &Service) -> Value {
    let name = verifier_name(&service.site, &service.vault.keys()).unwrap();
    json!({"client_id": name, "response_type": "vp_token", "nonce": "n"})
}

fn sign(service: &Service, claims: &Value) -> Result<String, SigningError> {
    sign_request(claims, &service.site, &service.vault.keys(), moment("2026-03-01T09:00:00Z"))
}

#[test]
fn a_request_is_signed_under_the_name_it_states_with_and_without_a_domain() {
    for (url, method) in [(DID_WEB, "did:web:"), (DID_KEY, "did:jwk:")] {
        let service = service(url, &[Ed25519, Es256]);
        let claims = request(&service);
        let name = claims["client_id"].as_str().unwrap().strip_prefix("decentralized_identifier:").unwrap();
        assert!(name.starts_with(method), "{name}");
        let read = jose::read_request_object(&sign(&service, &claims).unwrap()).unwrap();
        assert!(read.header.kid.as_ref().unwrap().starts_with(&format!("{name}#")));
        assert_eq!(serde_json::from_slice::<Value>(&read.payload).unwrap(), claims);
    }
}

#[test]
fn nothing_else_is_signed_as_one() {
    let service = service(DID_WEB, &[Ed25519, Es256]);
    let with = |name: &str, value: Value| {
        let mut claims = request(&service);
        claims[name] = value;
        sign(&service, &claims)
    };
    for (name, value) in [
        ("client_id", json!("decentralized_identifier:did:web:evil.example.org")),
        ("response_type", json!("code")),
        ("credentialSubject", json!({})),
        ("vc", json!({})),
        ("vct", json!("urn:x")),
        ("vp", json!({})),
        ("status_list", json!({})),
    ] {
        assert!(matches!(with(name, value), Err(SigningError::Lint(_))), "{name}");
    }
}
