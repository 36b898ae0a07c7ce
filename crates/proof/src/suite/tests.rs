use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::json;

use super::*;
use crate::canon::Hash;
use crate::sample::badge;

fn ed25519() -> (SigningKey, PublicKey) {
    let secret = SigningKey::from_bytes(&[7; 32]);
    let public = PublicKey::ed25519(secret.verifying_key().to_bytes()).unwrap();
    (secret, public)
}

fn p256() -> (p256::ecdsa::SigningKey, PublicKey) {
    let secret = p256::ecdsa::SigningKey::from_slice(&[7; 32]).unwrap();
    let public = PublicKey::p256(secret.verifying_key().to_sec1_point(true).as_bytes()).unwrap();
    (secret, public)
}

fn p384() -> (p384::ecdsa::SigningKey, PublicKey) {
    let secret = p384::ecdsa::SigningKey::from_slice(&[7; 48]).unwrap();
    let public = PublicKey::p384(secret.verifying_key().to_sec1_point(true).as_bytes()).unwrap();
    (secret, public)
}

fn configuration(suite: &Suite) -> Configuration {
    let options = ProofOptions {
        verification_method: "did:web:badges.example.org#key-1".into(),
        created: "2026-03-01T09:00:00Z".parse().unwrap(),
        proof_purpose: ASSERTION_METHOD,
    };
    Configuration::new(suite.name, &options)
}

/// The proof of a document by `suite`, by a key of `curve`.
fn prove(suite: &Suite, curve: &str, document: &Value, configuration: Configuration) -> Value {
    let hash = if curve == "P-384" { Hash::Sha384 } else { Hash::Sha256 };
    let input = suite.signing_input_by(hash, Processor::known(), document, &configuration).unwrap();
    let signature = match curve {
        "Ed25519" => ed25519().0.sign(input.as_ref()).to_bytes().to_vec(),
        "P-256" => sign_p256(&p256().0, &input).to_vec(),
        _ => {
            let signature: p384::ecdsa::Signature = p384().0.sign(input.as_ref());
            signature.to_bytes().to_vec()
        }
    };
    suite.proof(document, configuration, &signature)
}

fn public(curve: &str) -> PublicKey {
    match curve {
        "Ed25519" => ed25519().1,
        "P-256" => p256().1,
        _ => p384().1,
    }
}

const ALL: [(&Suite, &str); 6] = [
    (&eddsa_rdfc_2022::SUITE, "Ed25519"),
    (&eddsa_jcs_2022::SUITE, "Ed25519"),
    (&ecdsa_rdfc_2019::SUITE, "P-256"),
    (&ecdsa_rdfc_2019::SUITE, "P-384"),
    (&ecdsa_jcs_2019::SUITE, "P-256"),
    (&ecdsa_jcs_2019::SUITE, "P-384"),
];

#[test]
fn every_suite_verifies_what_it_signed_and_nothing_else() {
    for (suite, curve) in ALL {
        let proof = prove(suite, curve, &badge(), configuration(suite));
        assert_eq!(prove(suite, curve, &badge(), configuration(suite)), proof, "deterministic");
        let signed = add(badge(), proof.clone());
        assert_eq!(verify(&signed, &proof, &public(curve)), Ok(()), "{} {curve}", suite.name);

        let mut changed = signed.clone();
        changed["credentialSubject"]["creditsEarned"] = json!(65);
        assert_eq!(verify(&changed, &proof, &public(curve)), Err(ProofError::SignatureMismatch));
        let mut later = proof.clone();
        later["created"] = json!("2026-03-01T09:00:01Z");
        assert_eq!(verify(&signed, &later, &public(curve)), Err(ProofError::SignatureMismatch));
        for other in ["Ed25519", "P-256", "P-384"].into_iter().filter(|other| *other != curve) {
            assert!(verify(&signed, &proof, &public(other)).is_err(), "{} {curve} by {other}", suite.name);
        }
    }
}

#[test]
fn a_proof_is_taken_for_no_other_suite() {
    for (suite, curve) in ALL {
        for (other, _) in ALL.iter().filter(|(other, _)| other.name != suite.name) {
            let mut proof = prove(suite, curve, &badge(), configuration(suite));
            proof["cryptosuite"] = other.name.into();
            assert!(verify(&badge(), &proof, &public(curve)).is_err(), "{} as {}", suite.name, other.name);
        }
    }
    let unknown = json!({"cryptosuite": "eddsa-2049"});
    let error = verify(&badge(), &unknown, &public("Ed25519")).unwrap_err();
    let known = "eddsa-rdfc-2022, eddsa-jcs-2022, ecdsa-rdfc-2019, ecdsa-jcs-2019, ecdsa-sd-2023, \
                 Ed25519Signature2020";
    assert!(error.to_string().ends_with(known), "{error}");
}

#[test]
fn json_suites_sign_order_and_contexts_and_only_what_means_something() {
    let suite = &eddsa_jcs_2022::SUITE;
    let proof = prove(suite, "Ed25519", &badge(), configuration(suite));
    assert_eq!(proof["@context"], badge()["@context"]);
    // Tags are a set to JSON-LD, a list to JSON.
    let mut turned = badge();
    turned["credentialSubject"]["achievement"]["tag"] = json!(["accessibility", "design"]);
    assert_eq!(verify(&turned, &proof, &public("Ed25519")), Err(ProofError::SignatureMismatch));
    let mut contexts = badge();
    contexts["@context"] = json!(["https://www.w3.org/ns/credentials/v2"]);
    assert!(matches!(
        verify(&contexts, &proof, &public("Ed25519")),
        Err(ProofError::Member { member: "@context", .. })
    ));
    let mut undefined = badge();
    undefined["note"] = json!("x");
    let refused = suite.signing_input(Processor::known(), &undefined, &configuration(suite));
    assert!(matches!(refused, Err(ProofError::Canon(_))), "{refused:?}");
}

#[test]
fn numbers_that_readers_take_differently_are_not_signed() {
    let suite = &eddsa_jcs_2022::SUITE;
    let mut document = badge();
    document["credentialSchema"] =
        json!({"id": "urn:a", "type": "JsonSchema", "jsonSchema": {"maximum": 9_007_199_254_740_993_i64}});
    assert!(suite.signing_input(Processor::known(), &document, &configuration(suite)).is_err());
}

#[test]
fn domain_challenge_purpose_and_expiry_are_as_the_verifier_expects() {
    let suite = &eddsa_rdfc_2022::SUITE;
    let moment = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    let expires = moment("2026-04-01T00:00:00Z");
    let bound = configuration(suite).for_domain("wallet.example.org").answering("n-0S6").expiring(expires);
    let proof = prove(suite, "Ed25519", &badge(), bound);
    let check = |expected: &Expected<'_>| match verify_as(
        Processor::known(),
        &badge(),
        &proof,
        &public("Ed25519"),
        expected,
    ) {
        Ok(()) => "verified",
        Err(ProofError::Member { member, .. }) => member,
        Err(other) => panic!("{other}"),
    };
    let expected = Expected {
        domain: Some("wallet.example.org"),
        challenge: Some("n-0S6"),
        now: Some(expires),
        ..Expected::default()
    };
    assert_eq!(check(&expected), "verified");
    assert_eq!(check(&Expected::default()), "verified");
    assert_eq!(check(&Expected { domain: Some("example.org"), ..expected.clone() }), "domain");
    assert_eq!(check(&Expected { challenge: Some("other"), ..expected.clone() }), "challenge");
    assert_eq!(check(&Expected { purpose: "authentication", ..expected.clone() }), "proofPurpose");
    let later = Some(moment("2026-04-01T00:00:01Z"));
    assert_eq!(check(&Expected { now: later, ..expected.clone() }), "expires");
    let ahead = moment("2026-03-01T08:55:00Z");
    let earlier = Some(ahead - chrono::TimeDelta::seconds(1));
    assert_eq!(check(&Expected { now: earlier, ..expected.clone() }), "created");
    assert_eq!(check(&Expected { now: Some(ahead), ..expected.clone() }), "verified");

    let unbound = prove(suite, "Ed25519", &badge(), configuration(suite));
    let verdict = verify_as(Processor::known(), &badge(), &unbound, &public("Ed25519"), &expected);
    assert!(matches!(verdict, Err(ProofError::Member { member: "domain", .. })), "{verdict:?}");
}

#[test]
fn a_chain_signs_the_proofs_it_builds_on() {
    for (suite, curve) in ALL {
        let first = prove(suite, curve, &badge(), configuration(suite).identified("urn:proof:1"));
        let second = prove(suite, curve, &badge(), configuration(suite).identified("urn:proof:2"));
        let set = add(add(badge(), first), second);
        let third = prove(suite, curve, &set, configuration(suite).after(&["urn:proof:1", "urn:proof:2"]));
        let chain = add(set.clone(), third);
        for proof in chain["proof"].as_array().unwrap() {
            assert_eq!(verify(&chain, proof, &public(curve)), Ok(()), "{} {curve}", suite.name);
        }
        // What it builds on cannot be changed, taken away or given twice.
        let last = &chain["proof"][2];
        let mut changed = chain.clone();
        changed["proof"][0]["created"] = json!("2026-03-01T09:00:01Z");
        assert_eq!(verify(&changed, last, &public(curve)), Err(ProofError::SignatureMismatch));
        let twice = add(chain.clone(), chain["proof"][0].clone());
        for broken in [badge(), add(badge(), last.clone()), twice] {
            let verdict = verify(&broken, last, &public(curve));
            assert!(
                matches!(verdict, Err(ProofError::Member { member: "previousProof", .. })),
                "{verdict:?}"
            );
        }
        let mut itself = configuration(suite).identified("urn:proof:4").after(&["urn:proof:4"]).0;
        itself.insert("proofValue".into(), chain["proof"][0]["proofValue"].clone());
        let itself = Value::Object(itself);
        assert!(verify(&add(badge(), itself.clone()), &itself, &public(curve)).is_err());
    }
}

/// A proof from before cryptosuites, in a credential of the data model of its time.
#[test]
fn the_proof_type_of_2020_is_read() {
    let mut document = badge();
    document["@context"] = json!([
        "https://www.w3.org/2018/credentials/v1",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json",
        "https://w3id.org/security/suites/ed25519-2020/v1"
    ]);
    document["issuanceDate"] = document["validFrom"].take();
    for newer in ["validFrom", "credentialStatus", "awardedDate", "name"] {
        document.as_object_mut().unwrap().shift_remove(newer);
    }
    let suite = &ed25519_signature_2020::SUITE;
    let mut old = configuration(suite);
    old.0.shift_remove("cryptosuite");
    old.0.insert("type".into(), ed25519_signature_2020::NAME.into());
    let proof = prove(suite, "Ed25519", &document, old);
    assert_eq!(verify(&document, &proof, &public("Ed25519")), Ok(()));
    assert!(matches!(verify(&document, &proof, &public("P-256")), Err(ProofError::KeyType { .. })));

    let mut changed = document.clone();
    changed["issuer"]["name"] = json!("Sample Acadeny");
    assert_eq!(verify(&changed, &proof, &public("Ed25519")), Err(ProofError::SignatureMismatch));
    // Without its context its terms mean nothing.
    let mut without = document.clone();
    without["@context"].as_array_mut().unwrap().pop();
    assert!(matches!(verify(&without, &proof, &public("Ed25519")), Err(ProofError::Configuration(_))));
    // It is no proof of a suite, nor one of a chain.
    for (member, value) in [("cryptosuite", "eddsa-rdfc-2022"), ("previousProof", "urn:proof:1")] {
        let mut newer = proof.clone();
        newer[member] = json!(value);
        let verdict = verify(&document, &newer, &public("Ed25519"));
        assert!(
            matches!(&verdict, Err(ProofError::Member { member: named, .. }) if *named == member),
            "{verdict:?}"
        );
    }
}

/// A proof that signs JSON carries the contexts; a later one in RDF reads them
/// again and finds the same.
#[test]
fn a_chain_may_mix_suites_that_sign_json_and_statements() {
    let json = &eddsa_jcs_2022::SUITE;
    let first = prove(json, "Ed25519", &badge(), configuration(json).identified("urn:proof:1"));
    let set = add(badge(), first);
    let rdf = &eddsa_rdfc_2022::SUITE;
    let second = prove(rdf, "Ed25519", &set, configuration(rdf).after(&["urn:proof:1"]));
    let chain = add(set, second);
    assert_eq!(verify(&chain, &chain["proof"][1], &public("Ed25519")), Ok(()));

    let with = |change: &dyn Fn(&mut Value)| {
        let mut changed = chain.clone();
        change(&mut changed["proof"][0]);
        verify(&changed, &changed["proof"][1], &public("Ed25519"))
    };
    let nested = |verdict| match verdict {
        Err(ProofError::Canon(CanonError::Unsafe { pointer, .. })) => pointer,
        other => panic!("{other:?}"),
    };
    assert_eq!(with(&|proof| drop(proof.as_object_mut().unwrap().shift_remove("@context"))), Ok(()));
    let stranger = json!(["https://example.org/c"]);
    assert_eq!(nested(with(&|proof| proof["@context"] = stranger.clone())), "/proof/0/@context/0");
    assert_eq!(nested(with(&|proof| proof["@context"] = json!([{}]))), "/proof/0/@context/0");
    assert_eq!(nested(with(&|proof| proof["type"] = json!("Achievement"))), "/proof/0/@context");
}
