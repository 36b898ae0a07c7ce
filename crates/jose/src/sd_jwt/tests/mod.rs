//! Reading, presenting and verifying, by the standard's examples and against it.

mod credential;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::*;
use crate::{Algorithm, Challenge, JoseError, PrivateKey, VerifyingKey, sign_compact};

/// RFC 9901, 5.1: as issued, with every disclosure.
const ISSUED: &str = include_str!("rfc9901-5.1.sd-jwt");
/// RFC 9901, 5.2: four disclosures, presented with a key binding.
const PRESENTED: &str = include_str!("rfc9901-5.2.sd-jwt");
/// What 5.2 answers.
const ASKED: Challenge<'_> = Challenge { nonce: "1234567890", audience: "https://verifier.example.org" };

/// RFC 9901, A.5.
fn issuer() -> VerifyingKey {
    VerifyingKey::from_jwk(&json!({
        "kty": "EC", "crv": "P-256",
        "x": "b28d4MwZMjw8-00CG4xfnn9SLMVMM19SlqZpVb_uNtQ",
        "y": "Xv5zWwuoaTgdS6hV43yI6gBwTnjukmFQQnJ_kCxzqk8"
    }))
    .unwrap()
}

/// `iat` of the key binding of 5.2.
fn then() -> DateTime<Utc> {
    DateTime::from_timestamp(1_748_537_244, 0).unwrap()
}

pub(super) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        other => panic!("{other}"),
    }
}

pub(super) fn failing<T: std::fmt::Debug>(result: Result<T, JoseError>) -> &'static str {
    match result {
        Err(JoseError::Claim { claim, .. }) => claim,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_standard_s_sd_jwt_is_read_and_verified() {
    let read = read_sd_jwt(ISSUED).unwrap();
    read.verify(&issuer()).unwrap();
    assert_eq!(read.disclosures().count(), 10);
    let claims = read.claims();
    assert_eq!(claims["nationalities"], json!(["US", "DE"]));
    assert_eq!(claims["address"]["locality"], "Anytown");
    assert_eq!((&claims["given_name"], &claims["updated_at"]), (&json!("John"), &json!(1_570_000_000)));
    assert!(!claims.contains_key("_sd") && !claims.contains_key("_sd_alg"));
    assert!(!read.has_key_binding());
}

#[test]
fn the_standard_s_presentation_verifies_for_its_verifier_at_its_time() {
    let read = read_sd_jwt(PRESENTED).unwrap();
    read.verify(&issuer()).unwrap();
    let claims = read.claims();
    assert_eq!((&claims["nationalities"], &claims["family_name"]), (&json!(["US"]), &json!("Doe")));
    assert!(!claims.contains_key("email"));
    let window = Window::default();
    read.verify_holder(Some(&ASKED), window, then()).unwrap();
    read.verify_holder(None, window, then()).unwrap();
    let other =
        |nonce, audience| failing(read.verify_holder(Some(&Challenge { nonce, audience }), window, then()));
    assert_eq!(other("1234567891", ASKED.audience), "nonce");
    assert_eq!(other(ASKED.nonce, "https://other.example.org"), "aud");
    // Both ends of the window are inclusive.
    read.verify_holder(Some(&ASKED), window, then() + window.age).unwrap();
    read.verify_holder(Some(&ASKED), window, then() - window.ahead).unwrap();
    for late_or_early in [window.age + TimeDelta::seconds(1), -window.ahead - TimeDelta::seconds(1)] {
        assert_eq!(failing(read.verify_holder(Some(&ASKED), window, then() + late_or_early)), "iat");
    }
}

#[test]
fn a_presentation_shown_in_part_or_to_another_is_the_holder_s_no_longer() {
    let (shown, binding) = PRESENTED.rsplit_once('~').unwrap();
    let fewer = format!("{}~{binding}", shown.rsplit_once('~').unwrap().0);
    let read = read_sd_jwt(&fewer).unwrap();
    assert_eq!(failing(read.verify_holder(Some(&ASKED), Window::default(), then())), "sd_hash");
    let without = read_sd_jwt(&format!("{shown}~")).unwrap();
    assert_eq!(failing(without.verify_holder(Some(&ASKED), Window::default(), then())), "cnf");
}

#[test]
fn a_holder_shows_what_they_choose_and_binds_it() {
    let shown = present(ISSUED, &["/address/region", "/nationalities/1"]).unwrap();
    let read = read_sd_jwt(&shown).unwrap();
    assert_eq!(
        read.disclosures().map(|(_, pointer)| pointer).collect::<Vec<_>>(),
        ["/address", "/nationalities/0"]
    );
    assert_eq!(read.claims()["nationalities"], json!(["DE"]));
    assert!(!read.claims().contains_key("given_name"));
    assert_eq!(present(PRESENTED, &[]).unwrap().matches('~').count(), 1);

    let (key, holder) = (key(), key());
    let claims = object(json!({"a": 1, "cnf": {"jwk": holder.public_jwk()}}));
    let issued = issue(claims, &["/a"], &key, "example+sd-jwt");
    let bound = bind(&present(&issued, &["/a"]).unwrap(), &ASKED, then(), &holder).unwrap();
    let read = read_sd_jwt(&bound).unwrap();
    read.verify(&public(&key)).unwrap();
    read.verify_holder(Some(&ASKED), Window::default(), then()).unwrap();
    let stolen = bind(&present(&issued, &["/a"]).unwrap(), &ASKED, then(), &key).unwrap();
    let refused = read_sd_jwt(&stolen).unwrap().verify_holder(Some(&ASKED), Window::default(), then());
    assert_eq!(refused, Err(JoseError::Signature));
    assert!(bind(&bound, &ASKED, then(), &holder).is_err());
}

#[test]
fn the_holder_s_key_is_the_issuer_s_to_name() {
    let (key, holder) = (key(), key());
    for (claims, concealed) in [
        (json!({"a": 1}), vec![]),
        (json!({"cnf": {"kid": "x"}}), vec![]),
        (json!({"cnf": {"jwk": holder.public_jwk()}}), vec!["/cnf"]),
    ] {
        let issued = issue(object(claims), &concealed, &key, "example+sd-jwt");
        let bound = bind(&issued, &ASKED, then(), &holder).unwrap();
        let refused = read_sd_jwt(&bound).unwrap().verify_holder(None, Window::default(), then());
        assert_eq!(failing(refused), "cnf");
    }
}

#[test]
fn only_the_format_is_read() {
    let jws = ISSUED.split('~').next().unwrap();
    let disclosure = ISSUED.split('~').nth(1).unwrap();
    let kb = PRESENTED.rsplit('~').next().unwrap();
    for (bad, why) in [
        (jws.to_owned(), "at least one `~`"),
        (format!("{jws}~{disclosure}"), "three parts"),
        (format!("{jws}~~"), "not strict JSON"),
        (format!("~{disclosure}~"), "three parts"),
        (format!("{jws}~{disclosure}~{disclosure}~"), "stands twice"),
        (format!("{jws}~{disclosure}~{jws}"), "`typ`"),
        (format!("{kb}~"), "`typ`"),
        (format!("{jws}~{}", "WyJzIiwieCIsMV0~".repeat(1025)), "more than 1024"),
        (format!("{jws}~WyJzIiwieCIsMV0~"), "belongs to no digest"),
    ] {
        let refused = read_sd_jwt(&bad).unwrap_err();
        assert!(refused.to_string().contains(why), "{refused}");
    }
    let long = format!("{jws}~{}", "A".repeat(crate::MAX_TOKEN_BYTES));
    assert!(matches!(read_sd_jwt(&long), Err(JoseError::TooLarge { .. })));
}

#[test]
fn one_changed_character_anywhere_is_refused() {
    let good = PRESENTED.as_bytes();
    for place in 0..good.len() {
        let mut changed = good.to_vec();
        changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
        let verified = read_sd_jwt(std::str::from_utf8(&changed).unwrap()).and_then(|read| {
            read.verify(&issuer())?;
            read.verify_holder(Some(&ASKED), Window::default(), then())
        });
        assert!(verified.is_err(), "character {place}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn reading_never_panics(text in "[A-Za-z0-9_.~=-]{0,200}") {
        let _ = read_sd_jwt(&text);
    }
}

pub(super) fn key() -> PrivateKey {
    PrivateKey::generate(Algorithm::Es256).unwrap()
}

pub(super) fn public(key: &PrivateKey) -> VerifyingKey {
    VerifyingKey::from_jwk(key.public_jwk()).unwrap()
}

pub(super) fn issue(claims: Map<String, Value>, pointers: &[&str], key: &PrivateKey, typ: &str) -> String {
    let concealed = Concealed::new(claims, pointers, &mut |pointer| format!("salt for {pointer}")).unwrap();
    let jws = sign_compact(concealed.payload().as_bytes(), key, "k", Some(typ)).unwrap();
    concealed.with_signature(&jws)
}
