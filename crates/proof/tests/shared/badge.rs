//! The reference badge: its canonical form, its signature, and what happens to
//! it after one changed character.

use proof::canon::canonical_nquads;
use proof::json::{Limits, parse};
use proof::multikey::PublicKey;
use proof::suite::{self, eddsa_rdfc_2022};
use serde_json::Value;

fn read(name: &str) -> String {
    crate::read(&format!("bench/{name}"))
}

fn key() -> PublicKey {
    let key = crate::json("bench/reference-key.json");
    PublicKey::from_multibase(key["publicKeyMultibase"].as_str().expect("a key")).expect("a Multikey")
}

#[test]
fn the_reference_badge_has_its_canonical_form() {
    let badge = parse(read("reference-badge.json").as_bytes(), &Limits::default()).expect("JSON");
    assert_eq!(canonical_nquads(&badge).expect("canonical"), read("reference-badge.canonical.nq"));
}

#[test]
fn the_signed_reference_badge_verifies() {
    let badge = crate::json("bench/reference-badge.signed.json");
    suite::verify(&badge, &badge["proof"], &key()).expect("the reference signature");
}

/// Everything a changed text says, in a form that differs if and only if its
/// meaning does: its statements, and the proof's, by another way than the
/// verifier's own hashing.
fn meaning(document: &Value) -> Option<(String, Value)> {
    let mut unsigned = document.clone();
    let proof = unsigned.as_object_mut()?.shift_remove("proof")?;
    Some((canonical_nquads(&unsigned).ok()?, proof))
}

#[test]
fn one_changed_character_is_always_noticed() {
    let text = read("reference-badge.signed.json");
    let key = key();
    let original: Value = serde_json::from_str(&text).expect("JSON");
    let (mut not_json, mut refused, mut same_meaning) = (0, 0, 0);
    for position in 0..text.len() {
        let mut bytes = text.clone().into_bytes();
        bytes[position] = replacement(bytes[position]);
        let Ok(document) = parse(&bytes, &Limits::default()) else {
            not_json += 1;
            continue;
        };
        assert_ne!(document, original, "byte {position} changed nothing");
        let proof = document.get("proof").cloned().unwrap_or_default();
        if suite::verify(&document, &proof, &key).is_ok() {
            assert_eq!(
                meaning(&document),
                meaning(&original),
                "byte {position} verified with another meaning"
            );
            same_meaning += 1;
        } else {
            refused += 1;
        }
    }
    println!(
        "{} bytes: {not_json} no longer JSON, {refused} refused, {same_meaning} with the same meaning",
        text.len()
    );
    assert_eq!(same_meaning, 0);
    assert!(refused > 3_000, "{refused}");
    assert_eq!(eddsa_rdfc_2022::NAME, original["proof"]["cryptosuite"]);
}

/// Another character of the same kind, so that most changes stay JSON.
fn replacement(byte: u8) -> u8 {
    match byte {
        b'a'..=b'y' | b'A'..=b'Y' | b'0'..=b'8' => byte + 1,
        b'z' => b'a',
        b'Z' => b'A',
        b'9' => b'0',
        b',' => b':',
        b':' => b'.',
        b'/' => b'-',
        b' ' => b'_',
        _ => b'x',
    }
}
