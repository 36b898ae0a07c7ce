//! The W3C vectors of ecdsa-sd-2023, step by step.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use p256::ecdsa::SigningKey;
use proof::canon::{Hash, canonicalise};
use proof::multikey::PublicKey;
use proof::suite::ecdsa_sd_2023::{self, Fresh, derive, prepare, verify, verify_base};
use proof::suite::{self, Configuration, Expected, ProofError, ProofOptions};
use serde_json::Value;
use sha2::Sha256;

use crate::citizenship::processor;

/// The keys that the vectors were made with (VC DI ECDSA 1.0 appendix A.7):
/// the secret one of the statements is published there alone.
const STATEMENTS_KEY: &str = "z42tqvNGyzyXRzotAYn43UhcFtzDUVdxJ7461fwrfhBPLmfY";
const HMAC_KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

fn vector(name: &str) -> Value {
    crate::json(&format!("vectors/ecdsa/ecdsa-sd-2023/prc/{name}.json"))
}

fn pointers(name: &str) -> Vec<String> {
    serde_json::from_value(crate::json(&format!("vectors/ecdsa/{name}.json"))).expect("pointers")
}

fn lines(list: &Value) -> Vec<String> {
    serde_json::from_value(list.clone()).expect("lines")
}

fn secret(multibase: &str) -> [u8; 32] {
    bs58::decode(&multibase[1..]).into_vec().expect("base58")[2..].try_into().expect("32 bytes")
}

fn fresh() -> Fresh {
    let hmac_key = hex::decode(HMAC_KEY).expect("hex").try_into().expect("32 bytes");
    Fresh::new(hmac_key, &secret(STATEMENTS_KEY)).expect("keys")
}

fn issuer() -> (SigningKey, PublicKey) {
    let pair = crate::json("vectors/ecdsa/p256KeyPair.json");
    let text = |name: &str| pair[name].as_str().expect("a key").to_owned();
    let key = SigningKey::from_slice(&secret(&text("secretKeyMultibase"))).expect("a key");
    (key, PublicKey::from_multibase(&text("publicKeyMultibase")).expect("a key"))
}

fn configuration(proof: &Value) -> Configuration {
    let options = ProofOptions {
        verification_method: proof["verificationMethod"].as_str().expect("a method").into(),
        created: proof["created"].as_str().expect("a date").parse().expect("a date"),
        proof_purpose: suite::ASSERTION_METHOD,
    };
    Configuration::new(ecdsa_sd_2023::NAME, &options)
}

/// The published base, without its proof (the unsigned file beside it has
/// another description).
fn unsigned() -> Value {
    let mut document = vector("addSignedSDBase");
    document.as_object_mut().expect("an object").shift_remove("proof");
    document
}

#[test]
fn the_canonical_form_and_its_labels_are_as_published() {
    let canonical = processor().canonical_nquads(&unsigned()).expect("canonical");
    let canonical: Vec<String> = canonical.split_inclusive('\n').map(str::to_owned).collect();
    assert_eq!(canonical, lines(&vector("addBaseDocCanon")));

    let key = hex::decode(HMAC_KEY).expect("hex");
    let quads = processor().to_quads(&unsigned()).expect("quads");
    let labels = canonicalise(&quads, Hash::Sha256).expect("canonical").labels;
    let shuffled: BTreeMap<&String, String> = labels
        .values()
        .map(|label| {
            let mut hmac = Hmac::<Sha256>::new_from_slice(&key).expect("any length");
            hmac.update(label.as_bytes());
            (label, format!("u{}", URL_SAFE_NO_PAD.encode(hmac.finalize().into_bytes())))
        })
        .collect();
    let mut relabelled = canonical;
    for line in &mut relabelled {
        for (label, shuffled) in &shuffled {
            *line = line.replace(&format!("_:{label} "), &format!("_:{shuffled} "));
        }
    }
    relabelled.sort();
    assert_eq!(relabelled, lines(&vector("addBaseDocHMACCanon")));
}

#[test]
fn the_base_proof_is_as_published() {
    let published = vector("addSignedSDBase");
    let mandatory = pointers("prCredMandatory");
    let prepared =
        prepare(&processor(), &unsigned(), configuration(&published["proof"]), &mandatory, &fresh())
            .expect("prepared");

    // The hash of the proof, the key of the statements, the hash of the mandatory ones.
    let hashes = vector("addHashData");
    let raw = vector("addRawBaseSignatureInfo");
    let input = prepared.signing_input().as_ref().to_vec();
    assert_eq!(hex::encode(&input[..32]), hashes["proofHash"].as_str().expect("hex"));
    let key = PublicKey::from_multicodec(&input[32..67]).expect("a key");
    assert_eq!(key.to_multibase(), raw["publicKey"].as_str().expect("a key"));
    assert_eq!(hex::encode(&input[67..]), hashes["mandatoryHash"].as_str().expect("hex"));

    let signature = suite::sign_p256(&issuer().0, prepared.signing_input());
    assert_eq!(hex::encode(signature), raw["baseSignature"].as_str().expect("hex"));
    let proof = prepared.proof(&signature);
    // The signatures of the statements one by one, for they tell which differs.
    let value = URL_SAFE_NO_PAD.decode(&proof["proofValue"].as_str().expect("a value")[1..]).expect("base64");
    let value = hex::encode(value);
    for (index, one) in raw["signatures"].as_array().expect("signatures").iter().enumerate() {
        assert!(value.contains(one.as_str().expect("hex")), "the signature of statement {index}");
    }
    assert_eq!(suite::add(unsigned(), proof), published);
}

#[test]
fn the_derived_proof_is_as_published() {
    let base = vector("addSignedSDBase");
    let derived = derive(&processor(), &base, &base["proof"], &pointers("prCredSelective")).expect("derived");
    let published = vector("derivedRevealDocument");
    let mut disclosed = derived.clone();
    disclosed.as_object_mut().expect("an object").shift_remove("proof");
    assert_eq!(disclosed, vector("derivedUnsignedReveal"));
    assert_eq!(derived, published);
}

#[test]
fn the_published_proofs_verify_and_nothing_else() {
    let (_, key) = issuer();
    let base = vector("addSignedSDBase");
    verify_base(&processor(), &base, &base["proof"], &key, &Expected::default()).expect("the base");
    let derived = vector("derivedRevealDocument");
    let check =
        |document: &Value| verify(&processor(), document, &derived["proof"], &key, &Expected::default());
    assert_eq!(check(&derived), Ok(()));
    assert_eq!(
        verify(&processor(), &base, &base["proof"], &key, &Expected::default()),
        Err(ProofError::BaseProof)
    );

    let mut changed = derived.clone();
    changed["credentialSubject"]["birthCountry"] = "Arcadie".into();
    assert_eq!(check(&changed), Err(ProofError::SignatureMismatch));
    for removed in ["issuer", "validUntil", "credentialSubject"] {
        let mut changed = derived.clone();
        changed.as_object_mut().expect("an object").shift_remove(removed);
        assert_eq!(check(&changed), Err(ProofError::SignatureMismatch), "{removed}");
    }
    let mut added = derived.clone();
    added["credentialSubject"]["gender"] = "Female".into();
    assert_eq!(check(&added), Err(ProofError::SignatureMismatch));
}

/// The other published document, whose proofs are not published.
#[test]
fn the_employment_document_is_signed_derived_and_verified() {
    let (signing, key) = issuer();
    let document = crate::json("vectors/ecdsa/employmentAuth.json");
    let options = configuration(&vector("addSignedSDBase")["proof"]);
    let mandatory = pointers("employMandatory");
    let prepared = prepare(&processor(), &document, options, &mandatory, &fresh()).expect("prepared");
    let signature = suite::sign_p256(&signing, prepared.signing_input());
    let base = suite::add(document, prepared.proof(&signature));
    let derived = derive(&processor(), &base, &base["proof"], &pointers("employSelective")).expect("derived");
    assert_eq!(derived["credentialSubject"].as_object().expect("an object").len(), 2, "{derived:#}");
    verify(&processor(), &derived, &derived["proof"], &key, &Expected::default()).expect("verifies");
}
