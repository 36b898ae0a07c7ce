//! Every cryptosuite, proof sets and proof chains.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::Signer as _;
use model::report::{Outcome, Report, Verdict};
use proof::canon::Processor;
use proof::multikey::PublicKey;
use proof::presentation::presenting;
use proof::suite::ecdsa_sd_2023::MOST_STATEMENTS;
use proof::suite::{
    ASSERTION_METHOD, Configuration, ProofError, ProofOptions, SigningInput, Suite, add, ecdsa_jcs_2019,
    ecdsa_rdfc_2019, ecdsa_sd_2023, eddsa_jcs_2022, eddsa_rdfc_2022, sign_p256,
};
use serde_json::{Value, json};
use verification::{Expectation, Item, Submission};

use crate::support::*;

/// A P-256 key that every run makes alike.
fn p256() -> (p256::ecdsa::SigningKey, String) {
    let secret = p256::ecdsa::SigningKey::from_slice(&[1; 32]).unwrap();
    let public = PublicKey::p256(secret.verifying_key().to_sec1_point(true).as_bytes()).unwrap();
    (secret, public.to_multibase())
}

fn options(multibase: &str) -> ProofOptions {
    ProofOptions {
        verification_method: format!("did:key:{multibase}#{multibase}"),
        created: "2026-01-01T00:00:00Z".parse().unwrap(),
        proof_purpose: ASSERTION_METHOD,
    }
}

fn by_ed25519(suite: &Suite, document: &Value, configuration: Configuration) -> Value {
    let sign = |input: &SigningInput| Ok::<_, ProofError>(issuer().0.sign(input.as_ref()).to_bytes());
    suite.prove(Processor::known(), document, configuration, sign).unwrap()
}

fn by_p256(suite: &Suite, document: &Value, configuration: Configuration) -> Value {
    let sign = |input: &SigningInput| Ok::<_, ProofError>(sign_p256(&p256().0, input));
    suite.prove(Processor::known(), document, configuration, sign).unwrap()
}

async fn verdict(document: &Value) -> Verdict {
    verify_json(Web::default(), document).await.verdict
}

#[tokio::test]
async fn every_suite_verifies_and_a_change_is_told() {
    let (_, multibase) = p256();
    let by_curve = [
        (badge(&format!("did:key:{multibase}")), &ecdsa_rdfc_2019::SUITE),
        (badge(&format!("did:key:{multibase}")), &ecdsa_jcs_2019::SUITE),
        (badge(&issuer().did()), &eddsa_rdfc_2022::SUITE),
        (badge(&issuer().did()), &eddsa_jcs_2022::SUITE),
    ];
    for (document, suite) in by_curve {
        let proof = if suite.name.starts_with("ecdsa") {
            by_p256(suite, &document, Configuration::new(suite.name, &options(&multibase)))
        } else {
            by_ed25519(suite, &document, Configuration::new(suite.name, &options(&issuer().multibase())))
        };
        let mut signed = add(document, proof);
        let report = verify_json(Web::default(), &signed).await;
        assert_code(&report, "proof-verified", suite.name);
        assert!(check(&report, "proof-verified").finding.to_string().contains(suite.name), "{report:#?}");
        check(&report, "contexts-known");
        signed["credentialSubject"]["achievement"]["name"] = json!("Surgery");
        assert_code(&verify_json(Web::default(), &signed).await, "proof-mismatch", suite.name);
    }
}

/// A badge with a base proof: what the schema needs is mandatory.
fn base() -> Value {
    let (secret, multibase) = p256();
    let document = badge(&format!("did:key:{multibase}"));
    let mandatory = ecdsa_sd_2023::essential(&document);
    let fresh = ecdsa_sd_2023::Fresh::new([3; 32], &[5; 32]).unwrap();
    let configuration = Configuration::new(ecdsa_sd_2023::NAME, &options(&multibase));
    let prepared =
        ecdsa_sd_2023::prepare(Processor::known(), &document, configuration, &mandatory, &fresh).unwrap();
    let signature = sign_p256(&secret, prepared.signing_input());
    add(document, prepared.proof(&signature))
}

fn derived(base: &Value, pointers: &[&str]) -> Value {
    let pointers: Vec<String> = pointers.iter().map(|pointer| (*pointer).to_owned()).collect();
    ecdsa_sd_2023::derive(Processor::known(), base, &base["proof"], &pointers).unwrap()
}

#[tokio::test]
async fn a_derived_proof_verifies_and_a_base_proof_is_refused() {
    let base = base();
    let report = verify_json(Web::default(), &base).await;
    assert_code(&report, "proof-not-derived", "base");
    let finding = check(&report, "proof-not-derived").finding.to_string();
    assert!(finding.contains("a base proof is for the holder; derive from it first"), "{finding}");

    // The least that can be disclosed is a whole badge.
    for pointers in [&[][..], &["/credentialSubject/achievement/creditsAvailable"]] {
        let derived = derived(&base, pointers);
        let report = verify_json(Web::default(), &derived).await;
        assert_code(&report, "proof-verified", "derived");
        assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
        for hidden in ["validUntil", "issuer"] {
            let mut without = derived.clone();
            without.as_object_mut().unwrap().remove(hidden);
            assert_eq!(verdict(&without).await, Verdict::Invalid, "{hidden}");
        }
        let mut changed = derived.clone();
        changed["credentialSubject"]["achievement"]["name"] = json!("Surgery");
        assert_code(&verify_json(Web::default(), &changed).await, "proof-mismatch", "changed");
    }

    // The key is bound to the issuer as everywhere.
    let mut stolen = derived(&base, &[]);
    stolen["issuer"]["id"] = json!(issuer().did());
    assert_code(&verify_json(Web::default(), &stolen).await, "binding-other-controller", "stolen");
}

#[tokio::test]
async fn a_proof_of_statements_is_one_and_not_of_endlessly_many() {
    let derived = derived(&base(), &[]);
    let twice = add(derived.clone(), derived["proof"].clone());
    assert_code(&verify_json(Web::default(), &twice).await, "proof-too-many", "twice");

    // Up to the signatures of the statements, then the head of an array of 513.
    let mut value = URL_SAFE_NO_PAD.decode(&derived["proof"]["proofValue"].as_str().unwrap()[1..]).unwrap();
    value.truncate(3 + 1 + (2 + 64) + (2 + 35));
    value.extend([0x99, 0x02, 0x01]);
    let mut many = derived;
    many["proof"]["proofValue"] = json!(format!("u{}", URL_SAFE_NO_PAD.encode(value)));
    let report = verify_json(Web::default(), &many).await;
    assert_code(&report, "proof-too-many", "many");
    let finding = check(&report, "proof-too-many").finding.to_string();
    assert!(finding.contains("513 statements"), "{finding}");
}

/// The badge with that many tags, each a statement with a signature of its own.
fn tagged(tags: usize) -> Value {
    let (secret, multibase) = p256();
    let mut document = badge(&format!("did:key:{multibase}"));
    let mandatory = ecdsa_sd_2023::essential(&document);
    document["credentialSubject"]["achievement"]["tag"] = (0..tags).map(|tag| tag.to_string()).collect();
    let fresh = ecdsa_sd_2023::Fresh::new([3; 32], &[5; 32]).unwrap();
    let configuration = Configuration::new(ecdsa_sd_2023::NAME, &options(&multibase));
    let prepared =
        ecdsa_sd_2023::prepare(Processor::known(), &document, configuration, &mandatory, &fresh).unwrap();
    let signature = sign_p256(&secret, prepared.signing_input());
    let base = add(document, prepared.proof(&signature));
    derived(&base, &["/credentialSubject/achievement/tag"])
}

/// What one submission costs is bounded, however many credentials share it.
#[tokio::test]
async fn a_submission_has_one_budget_of_statements() {
    let shown = tagged(290);
    let each = ecdsa_sd_2023::statements(&shown["proof"]);
    assert!((290..=MOST_STATEMENTS).contains(&each), "{each}");
    let presentation = presenting("did:example:alex", vec![shown.clone(); 5]);
    let report = verify_json(Web::default(), &presentation).await;
    let checked = |code: &str| {
        let with = |report: &&Report| report.checks.iter().any(|check| check.code == code);
        report.credentials.iter().filter(with).count()
    };
    let fit = 2 * MOST_STATEMENTS / each;
    assert_eq!((checked("proof-verified"), checked("proof-budget-spent")), (fit, 5 - fit));
    assert_eq!(report.credentials[4].verdict, Verdict::Undetermined, "{report:#?}");

    // A hostile proof spends what it brings, not what it is worth.
    let mut forged = shown.clone();
    forged["name"] = json!("Surgery");
    let presentation =
        presenting("did:example:alex", vec![forged, shown.clone(), shown.clone(), shown.clone()]);
    let report = verify_json(Web::default(), &presentation).await;
    let verdicts: Vec<Verdict> = report.credentials.iter().map(|report| report.verdict).collect();
    assert_eq!(verdicts, [Verdict::Invalid, Verdict::Valid, Verdict::Valid, Verdict::Undetermined]);

    // Several submissions are no one's burden but their own.
    let submission = Item::Submission(Submission::Json(shown.to_string().into_bytes()));
    let reports = verifier(Web::default()).verify_items(&vec![(submission, Expectation::default()); 5]).await;
    assert!(reports.iter().all(|report| report.verdict == Verdict::Valid), "{reports:#?}");
}

#[tokio::test]
async fn a_proof_of_2020_verifies_by_a_key_of_2020() {
    let id = "did:web:issuer.example.org";
    let mut old = badge(id);
    old["@context"].as_array_mut().unwrap().push(json!("https://w3id.org/security/suites/ed25519-2020/v1"));
    // The value is that of eddsa-rdfc-2022, over a proof of the older type.
    let mut proof = json!({
        "type": "Ed25519Signature2020",
        "created": "2026-01-01T00:00:00Z",
        "verificationMethod": format!("{id}#key-1"),
        "proofPurpose": "assertionMethod",
    });
    let hash = |document: &Value| {
        use sha2::Digest as _;
        sha2::Sha256::digest(proof::canon::canonical_nquads(document).unwrap())
    };
    let mut options = proof.clone();
    options["@context"] = old["@context"].clone();
    let signature = issuer().0.sign(&[hash(&options), hash(&old)].concat()).to_bytes();
    proof["proofValue"] = json!(format!("z{}", bs58::encode(signature).into_string()));
    old["proof"] = proof;

    let document = json!({
        "@context": ["https://www.w3.org/ns/did/v1"],
        "id": id,
        "verificationMethod": [{
            "id": format!("{id}#key-1"), "type": "Ed25519VerificationKey2020", "controller": id,
            "publicKeyMultibase": issuer().multibase()
        }],
        "assertionMethod": ["#key-1"],
    });
    let web = || Web::default().with("https://issuer.example.org/.well-known/did.json", &document);
    let report = verify_json(web(), &old).await;
    assert_code(&report, "proof-verified", "2020");
    assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
    let mut changed = old.clone();
    changed["validUntil"] = json!("2028-01-01T00:00:00Z");
    assert_code(&verify_json(web(), &changed).await, "proof-mismatch", "changed");
    // In a proof of its time a chain has no meaning.
    old["proof"]["previousProof"] = json!("urn:uuid:1");
    assert_eq!(verify_json(web(), &old).await.verdict, Verdict::Invalid);
}

fn configuration() -> Configuration {
    Configuration::new(eddsa_rdfc_2022::NAME, &options(&issuer().multibase()))
}

/// Two proofs, and a third that builds on `previous`.
fn chain(previous: &[&str]) -> Value {
    let document = badge(&issuer().did());
    let first = by_ed25519(&eddsa_rdfc_2022::SUITE, &document, configuration().identified("urn:uuid:1"));
    let second = by_ed25519(&eddsa_jcs_2022::SUITE, &document, {
        Configuration::new(eddsa_jcs_2022::NAME, &options(&issuer().multibase())).identified("urn:uuid:2")
    });
    let set = add(add(document, first), second);
    let third = configuration().identified("urn:uuid:3").after(previous);
    let third = by_ed25519(&eddsa_rdfc_2022::SUITE, &set, third);
    add(set, third)
}

/// A change to the proofs of a chain.
type Break = fn(&mut Vec<Value>);

#[tokio::test]
async fn chains_verify_link_by_link() {
    for previous in [&["urn:uuid:1"][..], &["urn:uuid:1", "urn:uuid:2"]] {
        let report = verify_json(Web::default(), &chain(previous)).await;
        assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
        let verified = report.checks.iter().filter(|check| check.code == "proof-verified");
        assert_eq!(verified.count(), 3, "{report:#?}");
    }

    let good = chain(&["urn:uuid:2"]);
    let breaks: [(&str, Break, &str); 6] = [
        ("one changed", |proofs| proofs[1]["created"] = json!("2026-01-01T00:00:01Z"), "proof-mismatch"),
        ("one gone", |proofs| drop(proofs.remove(1)), "is not there"),
        (
            "one twice",
            |proofs| {
                let again = proofs[1].clone();
                proofs.push(again);
            },
            "is there twice",
        ),
        ("no id", |proofs| proofs[2]["previousProof"] = json!([7]), "is not there"),
        ("itself", |proofs| proofs[2]["previousProof"] = json!("urn:uuid:3"), "on itself"),
        ("in a ring", |proofs| proofs[1]["previousProof"] = json!("urn:uuid:3"), "on itself"),
    ];
    for (name, change, expected) in breaks {
        let mut broken = good.clone();
        change(broken["proof"].as_array_mut().unwrap());
        let report = verify_json(Web::default(), &broken).await;
        assert_eq!(report.verdict, Verdict::Invalid, "{name}: {report:#?}");
        let told = |check: &&model::report::Check| {
            check.finding.to_string().contains(expected) || check.code == expected
        };
        assert!(report.checks.iter().any(|check| told(&check)), "{name}: {report:#?}");
        assert_complete(&report);
    }
}

/// The chain stands on the first proof: what that is worth, all are worth.
#[tokio::test]
async fn a_proof_is_no_better_than_what_it_builds_on() {
    let document = badge(&issuer().did());
    let mut false_start =
        by_ed25519(&eddsa_rdfc_2022::SUITE, &document, configuration().identified("urn:uuid:1"));
    false_start["created"] = json!("2026-01-01T00:00:01Z");
    let mut later_kind = false_start.clone();
    later_kind["cryptosuite"] = json!("mldsa-rdfc-2031");
    for (start, code, outcome) in [
        (false_start, "proof-chain-broken", Verdict::Invalid),
        (later_kind, "proof-not-checked", Verdict::Undetermined),
    ] {
        let mut signed = add(document.clone(), start);
        for (id, previous) in [("urn:uuid:2", "urn:uuid:1"), ("urn:uuid:3", "urn:uuid:2")] {
            let next = configuration().identified(id).after(&[previous]);
            let proof = by_ed25519(&eddsa_rdfc_2022::SUITE, &signed, next);
            signed = add(signed, proof);
        }
        let report = verify_json(Web::default(), &signed).await;
        assert_eq!(report.checks.iter().filter(|check| check.code == code).count(), 2, "{report:#?}");
        assert_eq!(report.verdict, outcome, "{report:#?}");
    }
}

#[tokio::test]
async fn proofs_have_their_time_and_their_number() {
    let document = badge(&issuer().did());
    for (created, code) in
        [("2026-06-01T12:05:00Z", "proof-verified"), ("2026-06-01T12:05:01Z", "proof-not-yet")]
    {
        let options = ProofOptions { created: created.parse().unwrap(), ..options(&issuer().multibase()) };
        let suite = &eddsa_rdfc_2022::SUITE;
        let proof = by_ed25519(suite, &document, Configuration::new(suite.name, &options));
        assert_code(&verify_json(Web::default(), &add(document.clone(), proof)).await, code, created);
    }
    let expiring = |at: &str| configuration().expiring(at.parse().unwrap()).for_domain("example.org");
    for (expires, code) in [(NOW, "proof-verified"), ("2026-06-01T11:59:59Z", "proof-expired")] {
        let proof = by_ed25519(&eddsa_rdfc_2022::SUITE, &document, expiring(expires));
        assert_code(&verify_json(Web::default(), &add(document.clone(), proof)).await, code, expires);
    }

    let proof = by_ed25519(&eddsa_rdfc_2022::SUITE, &document, configuration());
    let mut many = document;
    many["proof"] = vec![proof.clone(); 16].into();
    assert_eq!(verdict(&many).await, Verdict::Valid);
    many["proof"] = vec![proof; 17].into();
    let report = verify_json(Web::default(), &many).await;
    assert_code(&report, "proof-too-many", "17 proofs");
    assert_eq!(check(&report, "proof-too-many").outcome, Outcome::NotChecked);
}
