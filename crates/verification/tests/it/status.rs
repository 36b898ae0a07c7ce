//! Status lists, good and bad.

use base64::Engine as _;
use model::report::{Outcome, Verdict};
use serde_json::{Value, json};
use std::io::Write as _;

use crate::support::*;

fn revocable() -> Value {
    issuer().sign(with_status(badge(&issuer().did()), "94567", "revocation"))
}

fn list(set: &[usize]) -> Value {
    issuer().sign(status_list(&issuer().did(), "revocation", set))
}

#[tokio::test]
async fn a_marked_entry_revokes_suspends_or_carries_a_message() {
    let did = issuer().did();
    for (purpose, code) in
        [("revocation", "status-revoked"), ("suspension", "status-suspended"), ("message", "status-message")]
    {
        let signed = issuer().sign(with_status(badge(&did), "94567", purpose));
        let marked = issuer().sign(status_list(&did, purpose, &[94_567]));
        assert_code(&verify_json(Web::default().with(LIST, &marked), &signed).await, code, purpose);
        let neighbours = issuer().sign(status_list(&did, purpose, &[94_566, 94_568]));
        assert_code(
            &verify_json(Web::default().with(LIST, &neighbours), &signed).await,
            "status-clear",
            purpose,
        );
    }
}

fn encoded(bytes: usize) -> String {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let block = vec![0; 65_536];
    let mut left = bytes;
    while left > 0 {
        let part = left.min(block.len());
        gzip.write_all(&block[..part]).unwrap();
        left -= part;
    }
    format!("u{}", base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(gzip.finish().unwrap()))
}

#[tokio::test]
async fn a_list_that_is_not_what_it_should_be_is_refused() {
    type Change = fn(&mut Value);
    let cases: [(&str, Change, &str); 12] = [
        (
            "too short",
            |l| l["credentialSubject"]["encodedList"] = json!(encoded(16_383)),
            "status-list-unreadable",
        ),
        (
            "a bomb",
            |l| l["credentialSubject"]["encodedList"] = json!(encoded(100 * 1_048_576)),
            "status-list-unreadable",
        ),
        ("not gzip", |l| l["credentialSubject"]["encodedList"] = json!("uAAAA"), "status-list-unreadable"),
        (
            "no list",
            |l| {
                l["credentialSubject"].as_object_mut().unwrap().remove("encodedList");
            },
            "status-list-unreadable",
        ),
        (
            "other purpose",
            |l| l["credentialSubject"]["statusPurpose"] = json!("suspension"),
            "status-list-other-purpose",
        ),
        (
            "two purposes",
            |l| l["credentialSubject"]["statusPurpose"] = json!(["suspension", "revocation"]),
            "status-clear",
        ),
        ("expired", |l| l["validUntil"] = json!("2026-06-01T11:59:59Z"), "status-list-refused"),
        ("not begun", |l| l["validFrom"] = json!("2026-06-01T12:00:01Z"), "status-list-refused"),
        ("ends this second", |l| l["validUntil"] = json!(NOW), "status-clear"),
        ("other id", |l| l["id"] = json!("https://badges.example.org/status/8"), "status-list-refused"),
        ("not a list", |l| l["type"] = json!(["VerifiableCredential"]), "status-list-refused"),
        ("no subject", |l| l["credentialSubject"] = json!({"id": "urn:uuid:1"}), "status-list-refused"),
    ];
    for (name, change, code) in cases {
        let mut changed = status_list(&issuer().did(), "revocation", &[]);
        change(&mut changed);
        let report = verify_json(Web::default().with(LIST, &issuer().sign(changed)), &revocable()).await;
        assert_code(&report, code, name);
    }
}

#[tokio::test]
async fn a_list_must_be_signed_by_the_credentials_issuer() {
    let other = Key::new(4);
    let others = other.sign(status_list(&other.did(), "revocation", &[]));
    let forged = other.sign_as(status_list(&issuer().did(), "revocation", &[]), &issuer().method());
    let mut tampered = list(&[94_567]);
    tampered["credentialSubject"]["encodedList"] = list(&[])["credentialSubject"]["encodedList"].clone();
    let unsigned = status_list(&issuer().did(), "revocation", &[]);
    for (name, list) in
        [("another's", others), ("forged", forged), ("tampered", tampered), ("unsigned", unsigned)]
    {
        let report = verify_json(Web::default().with(LIST, &list), &revocable()).await;
        assert_code(&report, "status-list-refused", name);
    }
}

#[tokio::test]
async fn an_index_beyond_the_end_is_named() {
    let signed = issuer().sign(with_status(badge(&issuer().did()), "131072", "revocation"));
    let report = verify_json(Web::default().with(LIST, &list(&[])), &signed).await;
    assert_code(&report, "status-index-out-of-range", "131072");
    let huge = issuer().sign(with_status(badge(&issuer().did()), "99999999999999999999999", "revocation"));
    let report = verify_json(Web::default().with(LIST, &list(&[])), &huge).await;
    assert_code(&report, "status-entry-malformed", "beyond any number");
}

#[tokio::test]
async fn a_host_that_gives_no_list_leaves_the_status_open() {
    for fetched in [silent(LIST), Ok(answer(404, "text/plain", "")), Ok(answer(503, "text/plain", ""))] {
        let report = verify_json(Web::default().answering(LIST, fetched), &revocable()).await;
        assert_code(&report, "status-unreachable", "silent");
        let finding = check(&report, "status-unreachable").finding.to_string();
        assert_eq!(finding.matches(LIST).count(), 1, "{finding}");
    }
    let report = verify_json(
        Web::default().answering(LIST, Ok(answer(200, "text/html", "<html></html>"))),
        &revocable(),
    )
    .await;
    assert_code(&report, "status-list-refused", "a page");
}

#[tokio::test]
async fn every_entry_of_several_is_looked_up_and_a_list_fetched_once() {
    let did = issuer().did();
    let mut several = with_status(badge(&did), "1", "revocation");
    let mut second = several["credentialStatus"].clone();
    second["statusListIndex"] = json!("2");
    second["id"] = json!(format!("{LIST}#2"));
    several["credentialStatus"] = json!([several["credentialStatus"], second]);
    let web = std::sync::Arc::new(Web::default().with(LIST, &list(&[2])));
    let verifier =
        verification::Verifier::new(web.clone(), std::sync::Arc::new(model::clock::FixedClock::new(now())));
    let submission = verification::Submission::Json(issuer().sign(several).to_string().into_bytes());
    let report = verifier.verify(&submission, &verification::Expectation::default()).await;
    check(&report, "status-clear");
    check(&report, "status-revoked");
    assert_eq!(report.verdict, Verdict::Invalid);
    assert_eq!(web.asked.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_revocation_list_of_the_old_kind_is_read() {
    let mut old = badge(&issuer().did());
    old["@context"]
        .as_array_mut()
        .unwrap()
        .push(json!("https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"));
    old["credentialStatus"] = json!({"id": LIST, "type": "1EdTechRevocationList"});
    let signed = issuer().sign(old);
    let named = json!({"id": BADGE_ID, "revoked": true, "revocationReason": "Issued in error"});
    for (list, code) in [
        (
            json!({"id": LIST, "issuer": issuer().did(), "revokedCredential": [named]}),
            "status-in-revocation-list",
        ),
        (
            json!({"id": LIST, "issuer": {"id": issuer().did()}, "revokedCredential": []}),
            "status-not-in-revocation-list",
        ),
        (json!({"id": LIST, "issuer": "did:example:other", "revokedCredential": []}), "status-list-refused"),
    ] {
        assert_code(&verify_json(Web::default().with(LIST, &list), &signed).await, code, code);
    }
    let report = verify_json(Web::default().answering(LIST, silent(LIST)), &signed).await;
    assert_eq!(check(&report, "status-unreachable").outcome, Outcome::NotChecked);
}

#[tokio::test]
async fn an_unknown_kind_of_status_is_left_open() {
    let mut other = badge(&issuer().did());
    other["credentialStatus"] = json!({"id": LIST, "type": "https://example.org/OtherStatus"});
    let report = verify_json(Web::default(), &issuer().sign(other)).await;
    check(&report, "status-type-not-supported");
    assert_ne!(report.verdict, Verdict::Valid);
}
