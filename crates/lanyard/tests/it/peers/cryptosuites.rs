//! Every cryptosuite beside the one we issue with: those of Digital Bazaar
//! verify what our library signs and derives, and the service what they do.

use ed25519_dalek::Signer as _;
use proof::canon::Processor;
use proof::multikey::PublicKey;
use proof::suite::{
    self, ASSERTION_METHOD, Configuration, ProofError, ProofOptions, SUITES, SigningInput, Suite,
    ecdsa_sd_2023, sign_p256,
};
use serde_json::{Value, json};

use super::{Peer, json_of, tampered, verdict};
use crate::server::Server;

const LEGACY: &str = "Ed25519Signature2020";
const LEGACY_CONTEXT: &str = "https://w3id.org/security/suites/ed25519-2020/v1";

/// A badge that the service issued, made one of the issuer `did`.
async fn unsigned(server: &Server, reference: &str, did: &str) -> Value {
    let mut badge = json_of(server, &server.badge(reference).await).await;
    let members = badge.as_object_mut().unwrap();
    members.shift_remove("proof");
    members.shift_remove("credentialStatus");
    badge["issuer"]["id"] = did.into();
    badge
}

/// Our key of a curve: its did:key, and how it signs.
enum Ours {
    Ed25519(ed25519_dalek::SigningKey),
    P256(p256::ecdsa::SigningKey),
}

impl Ours {
    fn of(curve: &str) -> Self {
        match curve {
            "Ed25519" => Self::Ed25519(ed25519_dalek::SigningKey::from_bytes(&[9; 32])),
            _ => Self::P256(p256::ecdsa::SigningKey::from_slice(&[9; 32]).unwrap()),
        }
    }

    fn multibase(&self) -> String {
        match self {
            Self::Ed25519(key) => PublicKey::ed25519(key.verifying_key().to_bytes()),
            Self::P256(key) => PublicKey::p256(key.verifying_key().to_sec1_point(true).as_bytes()),
        }
        .unwrap()
        .to_multibase()
    }

    fn did(&self) -> String {
        format!("did:key:{}", self.multibase())
    }

    fn configuration(&self, suite: &str) -> Configuration {
        let options = ProofOptions {
            verification_method: format!("{}#{}", self.did(), self.multibase()),
            created: "2026-06-01T09:00:00Z".parse().unwrap(),
            proof_purpose: ASSERTION_METHOD,
        };
        Configuration::new(suite, &options)
    }

    fn sign(&self, suite: &Suite, document: Value) -> Value {
        let sign = |input: &SigningInput| {
            Ok::<_, ProofError>(match self {
                Self::Ed25519(key) => key.sign(input.as_ref()).to_bytes(),
                Self::P256(key) => sign_p256(key, input),
            })
        };
        let configuration = self.configuration(suite.name);
        let proof = suite.prove(Processor::known(), &document, configuration, sign).unwrap();
        suite::add(document, proof)
    }
}

impl Ours {
    /// A base proof of ecdsa-sd-2023.
    fn sign_statements(&self, document: Value, mandatory: &[String]) -> Value {
        let Self::P256(key) = self else { panic!("a P-256 key is needed") };
        let configuration = self.configuration(ecdsa_sd_2023::NAME);
        let fresh = ecdsa_sd_2023::Fresh::new([3; 32], &[5; 32]).unwrap();
        let prepared =
            ecdsa_sd_2023::prepare(Processor::known(), &document, configuration, mandatory, &fresh).unwrap();
        let signature = sign_p256(key, prepared.signing_input());
        suite::add(document, prepared.proof(&signature))
    }
}

async fn our_verdict(server: &Server, credential: &Value) -> Value {
    server.verify("application/vc+ld+json", credential.to_string().into()).await
}

/// Both refuse, we in the name of the proof.
async fn both_refuse(server: &Server, peer: &mut Peer, suite: &str, credential: &Value, what: &str) {
    let theirs = peer.ask("verify", json!({"credential": credential, "suite": suite})).unwrap();
    assert_eq!(theirs["verified"], false, "{suite}, {what}");
    let report = our_verdict(server, credential).await;
    assert_eq!(verdict(&report), "invalid", "{suite}, {what}: {report:#}");
    let mismatch = |check: &Value| check["code"] == "proof-mismatch";
    assert!(report["checks"].as_array().unwrap().iter().any(mismatch), "{suite}, {what}: {report:#}");
}

async fn both_accept(server: &Server, peer: &mut Peer, suite: &str, credential: &Value, what: &str) {
    let theirs = peer.ask("verify", json!({"credential": credential, "suite": suite})).unwrap();
    assert_eq!(theirs["verified"], true, "{suite}, {what}: {theirs}");
    let report = our_verdict(server, credential).await;
    assert_eq!(verdict(&report), "valid", "{suite}, {what}: {report:#}");
}

#[tokio::test]
async fn each_suite_is_verified_and_changes_are_seen_on_both_sides() {
    let server = Server::start(None, &[]).await;
    let mut peer = Peer::node("cryptosuites.mjs");
    for suite in SUITES {
        let curves = if suite.name.starts_with("eddsa") { &["Ed25519"][..] } else { &["P-256", "P-384"] };
        for curve in curves {
            let reference = format!("{}-{curve}", suite.name);
            let key = peer.ask("generate", json!({"curve": curve})).unwrap();
            let mut credential = unsigned(&server, &reference, key["did"].as_str().unwrap()).await;
            let theirs = peer
                .ask("issue", json!({"credential": credential, "key": key, "suite": suite.name}))
                .unwrap();
            both_accept(&server, &mut peer, suite.name, &theirs, "theirs").await;
            both_refuse(&server, &mut peer, suite.name, &tampered(&theirs), "theirs").await;

            // We verify with P-384 and do not sign.
            if *curve != "P-384" {
                let key = Ours::of(curve);
                credential["issuer"]["id"] = key.did().into();
                let ours = key.sign(suite, credential);
                both_accept(&server, &mut peer, suite.name, &ours, "ours").await;
                both_refuse(&server, &mut peer, suite.name, &tampered(&ours), "ours").await;
            }
        }
    }
}

/// Whoever signs and whoever derives, both verify what is disclosed.
#[tokio::test]
async fn ecdsa_sd_is_signed_derived_and_verified_across() {
    const CHOSEN: [&str; 3] = [
        "/credentialSubject/identifier",
        "/credentialSubject/result",
        "/credentialSubject/achievement/achievementType",
    ];
    let server = Server::start(None, &[]).await;
    let mut peer = Peer::node("cryptosuites.mjs");
    let suite = ecdsa_sd_2023::NAME;

    let key = peer.ask("generate", json!({"curve": "P-256"})).unwrap();
    let credential = unsigned(&server, "theirs", key["did"].as_str().unwrap()).await;
    let mandatory = ecdsa_sd_2023::essential(&credential);
    let request =
        json!({"credential": credential, "key": key, "suite": suite, "mandatoryPointers": mandatory});
    let theirs = peer.ask("issue", request).unwrap();

    let key = Ours::of("P-256");
    let credential = unsigned(&server, "ours", &key.did()).await;
    let fresh = ecdsa_sd_2023::Fresh::new([3; 32], &[5; 32]).unwrap();
    let prepared =
        ecdsa_sd_2023::prepare(Processor::known(), &credential, key.configuration(suite), &mandatory, &fresh)
            .unwrap();
    let Ours::P256(signing) = &key else { panic!("a P-256 key") };
    let signature = sign_p256(signing, prepared.signing_input());
    let ours = suite::add(credential, prepared.proof(&signature));

    for (base, signed_by) in [(&theirs, "signed by them"), (&ours, "signed by us")] {
        let report = our_verdict(&server, base).await;
        assert_eq!(verdict(&report), "invalid", "{signed_by}: {report:#}");
        let refusal = report["checks"].as_array().unwrap().iter();
        assert!(refusal.map(|check| &check["code"]).any(|code| code == "proof-not-derived"), "{report:#}");

        let by_them = peer.ask("derive", json!({"credential": base, "pointers": CHOSEN})).unwrap();
        let pointers: Vec<String> = CHOSEN.iter().map(|pointer| (*pointer).to_owned()).collect();
        let by_us = ecdsa_sd_2023::derive(Processor::known(), base, &base["proof"], &pointers).unwrap();
        // What is disclosed is the same, the order of members and proofs aside.
        assert_eq!(by_us, by_them, "{signed_by}");
        for (derived, derived_by) in [(by_them, "derived by them"), (by_us, "derived by us")] {
            let what = format!("{signed_by}, {derived_by}");
            assert!(derived.get("name").is_none(), "{what}: {derived:#}");
            both_accept(&server, &mut peer, suite, &derived, &what).await;
            both_refuse(&server, &mut peer, suite, &tampered(&derived), &what).await;
            for (parent, member) in [("", "validFrom"), ("/credentialSubject/achievement", "criteria")] {
                let mut hidden = derived.clone();
                let parent = hidden.pointer_mut(parent).unwrap().as_object_mut().unwrap();
                assert!(parent.shift_remove(member).is_some(), "{member}");
                both_refuse(&server, &mut peer, suite, &hidden, &format!("{what}, without {member}")).await;
            }
        }
    }
}

/// The peer gives every blank node a name before it groups statements, and a
/// list may not have one: it cannot sign a document with a list, but verifies
/// what we disclose of one.
#[tokio::test]
async fn an_ordered_list_is_disclosed_and_verified_by_both() {
    let server = Server::start(None, &[]).await;
    let mut peer = Peer::node("cryptosuites.mjs");
    let key = Ours::of("P-256");
    let mut credential = unsigned(&server, "list", &key.did()).await;
    credential["credentialSubject"]["achievement"]["resultDescription"] = json!([{
        "id": "urn:uuid:0b3f6f0e-5a43-4a39-9d4b-5b7f3d1c2a11",
        "type": ["ResultDescription"],
        "name": "Grade",
        "resultType": "LetterGrade",
        "allowedValue": ["fail", "pass", "merit"]
    }]);
    let base = key.sign_statements(credential.clone(), &ecdsa_sd_2023::essential(&credential));
    let pointers = ["/credentialSubject/identifier", "/credentialSubject/achievement/resultDescription"];
    let pointers = pointers.map(str::to_owned);
    let derived = ecdsa_sd_2023::derive(Processor::known(), &base, &base["proof"], &pointers).unwrap();
    both_accept(&server, &mut peer, ecdsa_sd_2023::NAME, &derived, "a list").await;
    let mut turned = derived;
    turned["credentialSubject"]["achievement"]["resultDescription"][0]["allowedValue"] =
        json!(["pass", "fail", "merit"]);
    both_refuse(&server, &mut peer, ecdsa_sd_2023::NAME, &turned, "a list in another order").await;

    let theirs = peer.ask("generate", json!({"curve": "P-256"})).unwrap();
    let request = json!({
        "credential": credential, "key": theirs, "suite": ecdsa_sd_2023::NAME, "mandatoryPointers": ["/issuer"]
    });
    let refusal = peer.ask("issue", request).unwrap_err();
    assert!(refusal.contains("@list"), "{refusal}");
}

#[tokio::test]
async fn we_read_the_proofs_of_2020() {
    let server = Server::start(None, &[]).await;
    let mut peer = Peer::node("cryptosuites.mjs");

    let published = peer.ask("context", json!({})).unwrap();
    assert_eq!(proof::context::document(LEGACY_CONTEXT), Some(&published));

    let key = peer.ask("generate", json!({"curve": "Ed25519"})).unwrap();
    let mut newer = unsigned(&server, "newer", key["did"].as_str().unwrap()).await;
    let mut older = newer.clone();
    newer["@context"].as_array_mut().unwrap().push(LEGACY_CONTEXT.into());
    older["@context"] = json!([
        "https://www.w3.org/2018/credentials/v1",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        LEGACY_CONTEXT
    ]);
    let members = older.as_object_mut().unwrap();
    let begin = members.shift_remove("validFrom").unwrap();
    members.insert("issuanceDate".into(), begin);
    for (credential, model) in [(newer, "2.0"), (older, "1.1")] {
        let signed =
            peer.ask("issue", json!({"credential": credential, "key": key, "suite": LEGACY})).unwrap();
        assert_eq!(signed["proof"]["type"], LEGACY);
        both_accept(&server, &mut peer, LEGACY, &signed, model).await;
        both_refuse(&server, &mut peer, LEGACY, &tampered(&signed), model).await;
    }
}
