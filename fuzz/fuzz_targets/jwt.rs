//! Compact JWS and VC-JWT: what is read is what was signed, no key of a
//! stranger verifies it, and a credential survives the way into claims and back.

#![no_main]

use jose::{Algorithm, PrivateKey, Profile, VerifyingKey};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use std::sync::LazyLock;

/// A key that has signed nothing.
static STRANGER: LazyLock<VerifyingKey> =
    LazyLock::new(|| VerifyingKey::from_jwk(PrivateKey::generate(Algorithm::Es256).unwrap().public_jwk()).unwrap());

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(token) = jose::read_compact(text) {
        assert_eq!(text.matches('.').count(), 2);
        assert!(["ES256", "ES384", "RS256", "EdDSA"].contains(&token.header.alg.as_str()));
        assert!(token.verify_by(&STRANGER).is_err(), "a key that has signed nothing verifies");
        payload(&token.payload);
    }
    payload(bytes);
});

fn payload(bytes: &[u8]) {
    let Ok(payload) = proof::json::parse(bytes, &proof::json::Limits::default()) else { return };
    let _ = jose::credential_in(payload.clone(), Profile::JoseCose);
    let Ok(credential) = jose::credential_of(payload.clone()) else { return };
    if payload.get("vc").is_some() {
        return;
    }
    // What was a token of the Open Badges profile becomes the same claims again.
    if let Ok(claims) = jose::credential_claims(&credential) {
        assert_eq!(jose::credential_of(claims.clone()).as_ref(), Ok(&credential));
        for name in ["iss", "sub", "jti", "nbf", "exp"] {
            if payload.get(name).is_some_and(Value::is_string) {
                assert_eq!(claims.get(name), payload.get(name), "{name}");
            }
        }
    }
}
