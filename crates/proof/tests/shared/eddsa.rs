//! The W3C vectors of eddsa-rdfc-2022.

use std::fmt::Write as _;

use proof::multikey::PublicKey;
use proof::suite::eddsa_rdfc_2022;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

fn vector(name: &str) -> String {
    crate::read(&format!("vectors/eddsa/eddsa-rdfc-2022/{name}DataInt.txt"))
}

fn json(name: &str) -> Value {
    crate::json(&format!("vectors/eddsa/eddsa-rdfc-2022/{name}DataInt.json"))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, byte| {
        write!(out, "{byte:02x}").expect("a string takes everything");
        out
    })
}

#[test]
fn document_and_configuration_canonicalise_and_hash_as_published() {
    let unsigned = crate::json("vectors/eddsa/unsigned.json");
    let document = crate::examples::processor().canonical_nquads(&unsigned).expect("canonical");
    assert_eq!(document, vector("canonDoc"));
    assert_eq!(hex(&Sha256::digest(&document)), vector("docHash").trim());

    let configuration =
        crate::examples::processor().canonical_nquads(&json("proofConfig")).expect("canonical");
    assert_eq!(configuration, vector("proofCanon"));
    assert_eq!(hex(&Sha256::digest(&configuration)), vector("proofHash").trim());
}

#[test]
fn the_signing_input_and_the_signed_document_are_as_published() {
    let unsigned = crate::json("vectors/eddsa/unsigned.json");
    let signed = json("signed");
    let options = proof::suite::ProofOptions {
        verification_method: signed["proof"]["verificationMethod"].as_str().expect("a method").into(),
        created: "2023-02-24T23:36:38Z".parse().expect("a date"),
        proof_purpose: proof::suite::ASSERTION_METHOD,
    };
    let input = eddsa_rdfc_2022::signing_input_with(&crate::examples::processor(), &unsigned, &options)
        .expect("an input");
    assert_eq!(hex(input.as_ref()), vector("combinedHash").trim());

    let signature: [u8; 64] =
        hex::decode(vector("sigHex").trim()).expect("hex").try_into().expect("64 bytes");
    let ours = eddsa_rdfc_2022::attach(unsigned, &options, &signature);
    assert_eq!(ours["proof"]["proofValue"], vector("sigBTC58").trim());
    assert_eq!(ours, signed);
}

#[test]
fn the_published_signature_verifies_and_ours_is_the_same() {
    let pair = crate::json("vectors/eddsa/keyPair.json");
    let key = PublicKey::from_multibase(pair["publicKeyMultibase"].as_str().expect("a key")).expect("a key");
    let signed = json("signed");
    eddsa_rdfc_2022::verify_with(&crate::examples::processor(), &signed, &signed["proof"], &key)
        .expect("verifies");

    let mut changed = signed.clone();
    changed["credentialSubject"]["alumniOf"] = "The School of Imposters".into();
    assert!(
        eddsa_rdfc_2022::verify_with(&crate::examples::processor(), &changed, &signed["proof"], &key)
            .is_err()
    );

    // The context of the examples is not one we accept from strangers.
    assert!(eddsa_rdfc_2022::verify(&signed, &signed["proof"], &key).is_err());

    let secret =
        bs58::decode(&pair["privateKeyMultibase"].as_str().expect("a key")[1..]).into_vec().expect("base58");
    let seed: [u8; 32] = secret[2..].try_into().expect("32 bytes after the prefix");
    let input = hex::decode(vector("combinedHash").trim()).expect("hex");
    let signature = ed25519_dalek::Signer::sign(&ed25519_dalek::SigningKey::from_bytes(&seed), &input);
    assert_eq!(hex(&signature.to_bytes()), vector("sigHex").trim());
}
