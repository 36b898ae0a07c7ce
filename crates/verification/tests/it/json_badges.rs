//! Badges with an embedded proof.

use model::report::{Outcome, Question, Verdict};
use serde_json::{Value, json};
use verification::Submission;

use crate::support::*;

#[tokio::test]
async fn a_good_badge_passes_every_check() {
    let key = issuer();
    let signed = key.sign(with_status(badge(&key.did()), "94567", "revocation"));
    let list = key.sign(status_list(&key.did(), "revocation", &[1]));
    let report = verify_json(Web::default().with(LIST, &list), &signed).await;
    assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
    assert_complete(&report);
    insta::assert_json_snapshot!("a_good_badge", report);
}

#[tokio::test]
async fn a_badge_of_another_key_is_told_in_full() {
    let key = issuer();
    let signed = Key::new(2).sign_as(badge(&key.did()), &key.method());
    let report = verify_json(Web::default(), &signed).await;
    assert_complete(&report);
    insta::assert_json_snapshot!("a_rekeyed_badge", report);
}

/// A change to the unsigned badge, or to the signed one.
type Change = fn(&mut Value);

#[tokio::test]
async fn what_is_wrong_before_signing_is_named() {
    let cases: [(&str, Change, &str); 14] = [
        ("expired", |b| b["validUntil"] = json!("2026-06-01T11:59:59Z"), "dates-expired"),
        ("last second", |b| b["validUntil"] = json!(NOW), "dates-current"),
        ("not yet", |b| b["validFrom"] = json!("2026-06-01T12:00:01Z"), "dates-not-yet"),
        ("first second", |b| b["validFrom"] = json!(NOW), "dates-current"),
        ("no issuer id", |b| b["issuer"] = json!({"type": ["Profile"], "name": "x"}), "binding-no-issuer"),
        ("other issuer", |b| b["issuer"]["id"] = json!(Key::new(9).did()), "binding-other-controller"),
        (
            "did:web issuer",
            |b| b["issuer"]["id"] = json!("did:web:a.example.org"),
            "binding-other-controller",
        ),
        (
            "no criteria",
            |b| {
                b["credentialSubject"]["achievement"].as_object_mut().unwrap().remove("criteria");
            },
            "schema-invalid",
        ),
        (
            "nobody's",
            |b| {
                let subject = b["credentialSubject"].as_object_mut().unwrap();
                subject.remove("id");
                subject.remove("identifier");
            },
            "subject-anonymous",
        ),
        (
            "refresh",
            |b| {
                let contexts = b["@context"].as_array_mut().unwrap();
                contexts.push(json!("https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"));
                b["refreshService"] =
                    json!({"id": "https://badges.example.org/r", "type": "1EdTechCredentialRefresh"});
            },
            "refresh-offered",
        ),
        (
            "status without a list",
            |b| {
                b["credentialStatus"] = json!({"id": "urn:uuid:7b5f1a60-0a0c-4a5b-8a0e-111111111111", "type": "BitstringStatusListEntry", "statusPurpose": "revocation"});
            },
            "status-entry-malformed",
        ),
        (
            "status with a bad index",
            |b| *b = with_status(b.take(), "+7", "revocation"),
            "status-entry-malformed",
        ),
        ("a date without a zone", |b| b["validFrom"] = json!("2026-01-01T00:00:00"), "dates-unreadable"),
        ("negative index", |b| *b = with_status(b.take(), "-1", "revocation"), "status-entry-malformed"),
    ];
    for (name, change, code) in cases {
        let mut unsigned = badge(&issuer().did());
        change(&mut unsigned);
        let report = verify_json(Web::default(), &issuer().sign(unsigned)).await;
        if code == "refresh-offered" {
            assert_eq!(report.verdict, Verdict::Valid, "{name}");
            check(&report, code);
        } else {
            assert_code(&report, code, name);
        }
    }
}

#[tokio::test]
async fn what_is_wrong_after_signing_is_named() {
    let cases: [(&str, Change, &[&str]); 21] = [
        (
            "tampered",
            |b| b["credentialSubject"]["achievement"]["name"] = json!("Surgery"),
            &["proof-mismatch"],
        ),
        (
            "credits raised",
            |b| b["credentialSubject"]["achievement"]["creditsAvailable"] = json!(15),
            &["proof-mismatch"],
        ),
        (
            "undefined term",
            |b| b["credentialSubject"]["grade"] = json!("A"),
            &["contexts-undefined-term", "proof-no-canonical-form"],
        ),
        (
            "undefined type",
            |b| b["type"].as_array_mut().unwrap().push(json!("Excellence")),
            &["contexts-undefined-term"],
        ),
        (
            "unknown context",
            |b| b["@context"].as_array_mut().unwrap().push(json!("https://evil.example.org/c")),
            &["contexts-unknown"],
        ),
        (
            "inline context",
            |b| b["@context"].as_array_mut().unwrap().push(json!({"name": "https://evil.example.org/n"})),
            &["contexts-unknown"],
        ),
        (
            "no context",
            |b| {
                b.as_object_mut().unwrap().remove("@context");
            },
            &["contexts-unknown"],
        ),
        ("contexts swapped", |b| b["@context"].as_array_mut().unwrap().swap(0, 1), &["contexts-first"]),
        (
            "nested context",
            |b| b["credentialSubject"]["@context"] = json!("https://www.w3.org/ns/credentials/v2"),
            &["contexts-nested"],
        ),
        (
            "no proof",
            |b| {
                b.as_object_mut().unwrap().remove("proof");
            },
            &["proof-missing", "binding-not-checked", "key-not-checked"],
        ),
        ("no proofs", |b| b["proof"] = json!([]), &["proof-missing"]),
        ("proof is a string", |b| b["proof"] = json!("trust me"), &["proof-unknown-suite"]),
        ("unknown suite", |b| b["proof"]["cryptosuite"] = json!("eddsa-rdfc-2023"), &["proof-unknown-suite"]),
        ("standard suite", |b| b["proof"]["cryptosuite"] = json!("bbs-2023"), &["proof-suite-not-supported"]),
        (
            "old proof type",
            |b| b["proof"]["type"] = json!("Ed25519Signature2018"),
            &["proof-suite-not-supported"],
        ),
        ("other purpose", |b| b["proof"]["proofPurpose"] = json!("authentication"), &["proof-malformed"]),
        (
            "no method",
            |b| {
                b["proof"].as_object_mut().unwrap().remove("verificationMethod");
            },
            &["proof-malformed", "binding-not-checked"],
        ),
        ("bad created", |b| b["proof"]["created"] = json!("yesterday"), &["proof-malformed"]),
        ("expired proof", |b| b["proof"]["expires"] = json!("2026-06-01T11:59:59Z"), &["proof-expired"]),
        ("broken chain", |b| b["proof"]["previousProof"] = json!("urn:uuid:1"), &["proof-chain-broken"]),
        (
            "method not in the document",
            |b| b["proof"]["verificationMethod"] = json!(format!("{}#other", issuer().did())),
            &["binding-key-not-listed", "proof-no-key"],
        ),
    ];
    for (name, change, expected) in cases {
        let mut signed = issuer().sign(badge(&issuer().did()));
        change(&mut signed);
        let report = verify_json(Web::default(), &signed).await;
        for code in expected {
            assert!(codes(&report).contains(code), "{name}: no `{code}` in {report:#?}");
        }
        let verdict = if name.starts_with("standard") || name.starts_with("old") {
            Verdict::Undetermined
        } else {
            Verdict::Invalid
        };
        assert_eq!(report.verdict, verdict, "{name}: {report:#?}");
        assert_complete(&report);
    }
}

/// Every seventh byte of a signed badge, changed: the proof never passes.
#[tokio::test]
async fn one_changed_character_always_fails_the_proof() {
    let text = issuer().sign(badge(&issuer().did())).to_string();
    for at in (0..text.len()).step_by(7) {
        let mut bytes = text.clone().into_bytes();
        bytes[at] = if bytes[at] == b'x' { b'y' } else { b'x' };
        let changed = String::from_utf8_lossy(&bytes).into_owned();
        let report = verify_with(Web::default(), &Submission::Json(bytes)).await;
        assert_eq!(report.verdict, Verdict::Invalid, "byte {at}: {changed}");
        let proof = report.checks.iter().find(|check| check.question == Question::Proof).unwrap();
        let unreadable = report.checks[0].outcome == Outcome::Fail;
        assert!(proof.outcome == Outcome::Fail || unreadable, "byte {at}: {report:#?}");
    }
}

#[tokio::test]
async fn every_proof_of_a_set_must_verify() {
    let key = issuer();
    let signed = key.sign(badge(&key.did()));
    let mut good = signed.clone();
    good["proof"] = json!([signed["proof"], signed["proof"]]);
    assert_eq!(verify_json(Web::default(), &good).await.verdict, Verdict::Valid);

    let mut other = signed["proof"].clone();
    other["created"] = json!("2026-01-01T00:00:01Z");
    let mut bad = signed.clone();
    bad["proof"] = json!([signed["proof"], other]);
    assert_code(&verify_json(Web::default(), &bad).await, "proof-mismatch", "one of two changed");

    let mut stranger = signed.clone();
    stranger["proof"] = json!([signed["proof"], Key::new(3).sign(badge(&key.did()))["proof"]]);
    assert_code(
        &verify_json(Web::default(), &stranger).await,
        "binding-other-controller",
        "one of a stranger",
    );

    let mut future = signed.clone();
    future["proof"] = json!([signed["proof"], {"type": "DataIntegrityProof", "cryptosuite": "mldsa-rdfc-2031",
        "proofPurpose": "assertionMethod", "verificationMethod": key.method(), "proofValue": "z1"}]);
    assert_code(
        &verify_json(Web::default(), &future).await,
        "proof-suite-not-supported",
        "one of a later kind",
    );
}

/// The document of an issuer named by `id`, with `key` as its method `id#key-1`.
fn document(id: &str, key: &Key) -> Value {
    json!({
        "@context": ["https://www.w3.org/ns/did/v1"],
        "id": id,
        "verificationMethod": [
            {"id": format!("{id}#key-1"), "type": "Multikey", "controller": id, "publicKeyMultibase": key.multibase()}
        ],
        "assertionMethod": [format!("{id}#key-1")],
    })
}

const DID_WEB: &str = "did:web:issuer.example.org";
const DID_WEB_URL: &str = "https://issuer.example.org/.well-known/did.json";
const HTTPS: &str = "https://issuer.example.org/profile";

#[tokio::test]
async fn issuers_on_the_web_are_believed_by_their_own_document() {
    let key = issuer();
    let cases: [(&str, Change, &str); 10] = [
        ("good", |_| {}, "binding-holds"),
        ("lies about its id", |d| d["id"] = json!("did:web:other.example.org"), "binding-document-refused"),
        (
            "other controller",
            |d| d["verificationMethod"][0]["controller"] = json!("did:web:other.example.org"),
            "binding-other-controller",
        ),
        (
            "other purpose",
            |d| {
                d["authentication"] = d["assertionMethod"].take();
                d.as_object_mut().unwrap().remove("assertionMethod");
            },
            "binding-purpose",
        ),
        (
            "key gone",
            |d| {
                d["verificationMethod"] = json!([]);
                d["assertionMethod"] = json!([]);
            },
            "binding-key-not-listed",
        ),
        (
            "key replaced",
            |d| d["verificationMethod"][0]["publicKeyMultibase"] = json!(Key::new(5).multibase()),
            "proof-mismatch",
        ),
        (
            "revoked",
            |d| d["verificationMethod"][0]["revoked"] = json!("2026-05-01T00:00:00Z"),
            "key-revoked-since",
        ),
        (
            "revoked before",
            |d| d["verificationMethod"][0]["revoked"] = json!("2025-12-31T00:00:00Z"),
            "key-revoked",
        ),
        (
            "expired before",
            |d| d["verificationMethod"][0]["expires"] = json!("2025-12-31T00:00:00Z"),
            "key-expired",
        ),
        (
            "expired since",
            |d| d["verificationMethod"][0]["expires"] = json!("2026-05-01T00:00:00Z"),
            "key-expired-since",
        ),
    ];
    for (id, url) in [(DID_WEB, DID_WEB_URL), (HTTPS, HTTPS)] {
        let signed = key.sign_as(badge(id), &format!("{id}#key-1"));
        for (name, change, code) in cases {
            let mut published = document(id, &key);
            change(&mut published);
            let report = verify_json(Web::default().with(url, &published), &signed).await;
            assert_code(&report, code, &format!("{name} at {id}"));
        }
    }
}

#[tokio::test]
async fn a_silent_or_broken_host_leaves_the_proof_unchecked() {
    let signed = issuer().sign_as(badge(DID_WEB), &format!("{DID_WEB}#key-1"));
    for answering in
        [silent(DID_WEB_URL), Ok(answer(500, "text/plain", "oh")), Ok(answer(404, "text/html", "no"))]
    {
        let report = verify_json(Web::default().answering(DID_WEB_URL, answering), &signed).await;
        assert_code(&report, "binding-unreachable", "silent");
        assert_eq!(check(&report, "proof-not-checked").outcome, Outcome::NotChecked);
    }
    let report =
        verify_json(Web::default().answering(DID_WEB_URL, Ok(answer(200, "text/html", "<html>"))), &signed)
            .await;
    assert_code(&report, "binding-document-refused", "a page");
}

#[tokio::test]
async fn a_key_in_the_fragment_binds_nothing() {
    let forger = Key::new(6);
    let mut profile = document(HTTPS, &issuer());
    profile["name"] = json!("Example Academy");
    let forged = forger.sign_as(badge(HTTPS), &format!("{HTTPS}#{}", forger.multibase()));
    let report = verify_json(Web::default().with(HTTPS, &profile), &forged).await;
    assert_code(&report, "binding-key-in-fragment", "fragment");
    assert_eq!(check(&report, "proof-no-key").outcome, Outcome::Fail);
}

#[tokio::test]
async fn a_badge_of_data_model_1_1_is_read() {
    let key = issuer();
    let mut old = badge(&key.did());
    old["@context"] = json!([
        "https://www.w3.org/2018/credentials/v1",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        "https://w3id.org/security/data-integrity/v2"
    ]);
    let members = old.as_object_mut().unwrap();
    let (from, until) = (members.remove("validFrom").unwrap(), members.remove("validUntil").unwrap());
    members.insert("issuanceDate".into(), from);
    members.insert("expirationDate".into(), until);
    let report = verify_json(Web::default(), &key.sign(old.clone())).await;
    assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
    assert_eq!(report.summary.valid_until.as_deref(), Some("2027-01-01T00:00:00Z"));
    old["expirationDate"] = json!("2026-05-01T00:00:00Z");
    assert_code(&verify_json(Web::default(), &key.sign(old)).await, "dates-expired", "old and expired");
}

#[tokio::test]
async fn a_shape_that_only_some_accept_is_a_warning() {
    let mut loose = badge(&issuer().did());
    loose["issuer"] = json!(issuer().did());
    loose["credentialSubject"]["type"] = json!("AchievementSubject");
    assert_code(&verify_json(Web::default(), &issuer().sign(loose)).await, "schema-tolerated", "loose");
}

#[tokio::test]
async fn a_plain_credential_is_read_too() {
    let key = issuer();
    let plain = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "issuer": key.did(),
        "credentialSubject": {"id": "did:example:alex"},
    });
    assert_eq!(verify_json(Web::default(), &key.sign(plain.clone())).await.verdict, Verdict::Valid);
    let mut empty = plain;
    empty.as_object_mut().unwrap().remove("credentialSubject");
    assert_code(&verify_json(Web::default(), &key.sign(empty)).await, "schema-invalid", "no subject");
}

#[tokio::test]
async fn what_would_cost_memory_is_refused_before_it_does() {
    // Every tag would be a statement that repeats the name.
    let mut repeating = issuer().sign(badge(&issuer().did()));
    let achievement = &mut repeating["credentialSubject"]["achievement"];
    achievement["id"] = json!(format!("https://badges.example.org/{}", "a".repeat(100_000)));
    achievement["tag"] = (0..10_000).map(|tag| tag.to_string()).collect();
    let report = verify_json(Web::default(), &repeating).await;
    check(&report, "contexts-poison");
    assert_eq!(report.verdict, Verdict::Invalid);

    let mut tiny = issuer().sign(badge(&issuer().did()));
    tiny["evidence"] = vec![json!({}); 20_000].into();
    let report = verify_json(Web::default(), &tiny).await;
    assert!(check(&report, "format-too-large").finding.to_string().contains("16384 values"), "{report:#?}");
}
