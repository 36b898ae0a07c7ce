//! The W3C vectors of the suites beside eddsa-rdfc-2022, and of proof sets and chains.

use proof::canon::{Hash, canonicalise};
use proof::multikey::PublicKey;
use proof::suite::{
    self, Configuration, Expected, ProofOptions, Suite, ecdsa_jcs_2019, ecdsa_rdfc_2019, eddsa_jcs_2022,
    eddsa_rdfc_2022,
};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::examples::processor;

/// A vector's files: `{folder}/{name}{suffix}.{json,txt}`.
struct Vector {
    suite: &'static Suite,
    folder: &'static str,
    suffix: &'static str,
    unsigned: &'static str,
    keys: &'static str,
}

const JCS: Vector = Vector {
    suite: &eddsa_jcs_2022::SUITE,
    folder: "eddsa/eddsa-jcs-2022",
    suffix: "JCS",
    unsigned: "eddsa/unsigned.json",
    keys: "eddsa/keyPair.json",
};
const P256: Vector = Vector {
    suite: &ecdsa_rdfc_2019::SUITE,
    folder: "ecdsa/ecdsa-rdfc-2019-p256",
    suffix: "ECDSAP256",
    unsigned: "ecdsa/unsigned.json",
    keys: "ecdsa/p256KeyPair.json",
};
const P256_JCS: Vector = Vector {
    suite: &ecdsa_jcs_2019::SUITE,
    folder: "ecdsa/ecdsa-jcs-2019-p256",
    suffix: "JCSECDSAP256",
    unsigned: "ecdsa/unsigned.json",
    keys: "ecdsa/p256KeyPair.json",
};

impl Vector {
    fn text(&self, name: &str) -> String {
        crate::read(&format!("vectors/{}/{name}{}.txt", self.folder, self.suffix)).trim().to_owned()
    }

    fn signed(&self) -> Value {
        crate::json(&format!("vectors/{}/signed{}.json", self.folder, self.suffix))
    }

    fn key(&self) -> PublicKey {
        let pair = crate::json(&format!("vectors/{}", self.keys));
        PublicKey::from_multibase(pair["publicKeyMultibase"].as_str().expect("a key")).expect("a key")
    }

    /// The published secret key, without its two bytes of prefix.
    fn secret(&self) -> [u8; 32] {
        let pair = crate::json(&format!("vectors/{}", self.keys));
        let text = pair.get("privateKeyMultibase").or(pair.get("secretKeyMultibase"));
        let bytes = bs58::decode(&text.and_then(Value::as_str).expect("a key")[1..]).into_vec();
        bytes.expect("base58")[2..].try_into().expect("32 bytes")
    }

    fn configuration(&self) -> Configuration {
        Configuration::new(self.suite.name, &options(&self.signed()["proof"]))
    }
}

fn options(proof: &Value) -> ProofOptions {
    ProofOptions {
        verification_method: proof["verificationMethod"].as_str().expect("a method").into(),
        created: proof["created"].as_str().expect("a date").parse().expect("a date"),
        proof_purpose: suite::ASSERTION_METHOD,
    }
}

/// Canonical forms and their hashes, the hash that is signed, the signature
/// (deterministic, so ours is the published one), the signed document.
fn reproduce(vector: &Vector) {
    let unsigned = crate::json(&format!("vectors/{}", vector.unsigned));
    for (text, hash) in [("canonDoc", "docHash"), ("proofCanon", "proofHash")] {
        let text = crate::read(&format!("vectors/{}/{text}{}.txt", vector.folder, vector.suffix));
        assert_eq!(hex::encode(Sha256::digest(&text)), vector.text(hash));
    }
    let input =
        vector.suite.signing_input(&processor(), &unsigned, &vector.configuration()).expect("an input");
    assert_eq!(hex::encode(&input), vector.text("combinedHash"));

    let signature = if let PublicKey::Ed25519(_) = vector.key() {
        let key = ed25519_dalek::SigningKey::from_bytes(&vector.secret());
        ed25519_dalek::Signer::sign(&key, input.as_ref()).to_bytes()
    } else {
        let key = p256::ecdsa::SigningKey::from_slice(&vector.secret()).expect("a key");
        suite::sign_p256(&key, &input)
    };
    assert_eq!(hex::encode(signature), vector.text("sigHex"));
    let proof = vector.suite.proof(&unsigned, vector.configuration(), &signature);
    assert_eq!(proof["proofValue"], vector.text("sigBTC58"));
    let mut configuration = proof.clone();
    configuration.as_object_mut().expect("an object").shift_remove("proofValue");
    configuration["@context"] = unsigned["@context"].clone();
    let published = format!("vectors/{}/proofConfig{}.json", vector.folder, vector.suffix);
    assert_eq!(configuration, crate::json(&published));
    assert_eq!(suite::add(unsigned, proof), vector.signed());
}

fn verifies(vector: &Vector) {
    let signed = vector.signed();
    let verify = |document: &Value| {
        suite::verify_as(&processor(), document, &signed["proof"], &vector.key(), &Expected::default())
    };
    verify(&signed).expect("verifies");
    let mut changed = signed.clone();
    changed["credentialSubject"]["alumniOf"] = "The School of Imposters".into();
    assert!(verify(&changed).is_err());
}

#[test]
fn eddsa_jcs_2022_is_as_published() {
    reproduce(&JCS);
    verifies(&JCS);
}

#[test]
fn ecdsa_rdfc_2019_is_as_published() {
    reproduce(&P256);
    verifies(&P256);
}

#[test]
fn ecdsa_jcs_2019_is_as_published() {
    reproduce(&P256_JCS);
    verifies(&P256_JCS);
}

/// Sets and chains: every proof of every published document verifies, in the
/// document it stands in, by the key it names.
#[test]
fn proof_sets_and_chains_verify() {
    let mut proofs = 0;
    for name in ["signedProofSet1", "signedProofSet2", "signedProofChain1", "signedProofChain2"] {
        let document = crate::json(&format!("vectors/eddsa/proof-set-chain/{name}.json"));
        let several = match &document["proof"] {
            Value::Array(several) => several.as_slice(),
            one => std::slice::from_ref(one),
        };
        for proof in several {
            let method = proof["verificationMethod"].as_str().expect("a method");
            let key = method.rsplit_once('#').expect("a fragment").1;
            let key = PublicKey::from_multibase(key).expect("a key");
            suite::verify_as(&processor(), &document, proof, &key, &Expected::default())
                .unwrap_or_else(|error| panic!("{name}: {error}"));
            proofs += 1;
        }
    }
    assert_eq!(proofs, 10);
}

/// Each proof of the published set and chain made again, with the keys, on the
/// document as it stood: what is hashed is the published temporary document.
#[test]
fn sets_and_chains_are_made_as_published() {
    let vector = |name: &str| crate::json(&format!("vectors/eddsa/proof-set-chain/{name}.json"));
    let pairs = vector("multiKeyPairs");
    let suite = &eddsa_rdfc_2022::SUITE;
    let mut document = vector("unsigned");
    let steps = [
        ("proofSetConfig1", "proofSetConfigSigned1", "signedProofSet1", None),
        ("proofSetConfig2", "proofSetConfigSigned2", "signedProofSet2", None),
        ("proofChainConfig1", "proofChainConfigSigned1", "signedProofChain1", Some("proofChainTempDoc1")),
        ("proofChainConfig2", "proofChainConfigSigned2", "signedProofChain2", Some("proofChainTempDoc2")),
    ];
    for (pair, (published, signed, whole, hashed)) in (1..).zip(steps) {
        let published = vector(published);
        let mut configuration = Configuration::new(suite.name, &options(&published));
        if let Some(id) = published["id"].as_str() {
            configuration = configuration.identified(id);
        }
        let previous: Vec<&str> = match &published["previousProof"] {
            Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
            one => one.as_str().into_iter().collect(),
        };
        let configuration = configuration.after(&previous);
        let input = suite.signing_input(&processor(), &document, &configuration).expect("an input");
        if let Some(hashed) = hashed {
            let canonical = processor().canonical_nquads(&vector(hashed)).expect("canonical");
            assert_eq!(input.as_ref()[32..], Sha256::digest(canonical)[..], "{hashed}");
        }
        let secret = pairs[format!("keyPair{pair}")]["privateKeyMultibase"].as_str().expect("a key");
        let secret = bs58::decode(&secret[1..]).into_vec().expect("base58");
        let key = ed25519_dalek::SigningKey::from_bytes(&secret[2..].try_into().expect("32 bytes"));
        let signature = ed25519_dalek::Signer::sign(&key, input.as_ref()).to_bytes();
        let proof = suite.proof(&document, configuration, &signature);
        assert_eq!(proof, vector(signed), "{signed}");
        document = suite::add(document, proof);
        assert_eq!(document, vector(whole), "{whole}");
    }
}

/// The other published keys and document, with which nothing is published.
#[test]
fn p384_keys_and_the_employment_document_are_read() {
    let pair = crate::json("vectors/ecdsa/p384KeyPair.json");
    let text = |name: &str| pair[name].as_str().expect("a key").to_owned();
    let secret = bs58::decode(&text("secretKeyMultibase")[1..]).into_vec().expect("base58");
    let secret = p384::ecdsa::SigningKey::from_slice(&secret[2..]).expect("a key");
    let public = PublicKey::p384(secret.verifying_key().to_sec1_point(true).as_bytes()).expect("a key");
    assert_eq!(public.to_multibase(), text("publicKeyMultibase"));

    let document = crate::json("vectors/eddsa/employmentAuth.json");
    let processor = crate::citizenship::processor();
    let configuration = Configuration::new(eddsa_rdfc_2022::NAME, &options(&JCS.signed()["proof"]));
    let suite = &eddsa_rdfc_2022::SUITE;
    let input = suite.signing_input(&processor, &document, &configuration).expect("an input");
    let key = ed25519_dalek::SigningKey::from_bytes(&JCS.secret());
    let signature = ed25519_dalek::Signer::sign(&key, input.as_ref()).to_bytes();
    let proof = suite.proof(&document, configuration, &signature);
    suite::verify_as(&processor, &document, &proof, &JCS.key(), &Expected::default()).expect("verifies");
}

/// SHA-384 inside RDFC-1.0 labels blank nodes in another order than SHA-256.
#[test]
fn p384_canonicalises_with_its_own_hash() {
    let badge = crate::json("bench/reference-badge.json");
    let quads = proof::canon::to_quads(&badge).expect("quads");
    let by = |hash| canonicalise(&quads, hash).expect("canonical").labels;
    assert_ne!(by(Hash::Sha256), by(Hash::Sha384));
}
