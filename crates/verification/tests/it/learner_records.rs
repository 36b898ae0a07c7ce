//! Learner records (CLR 2.0): the record, and each of the credentials it holds.

use model::report::{Report, Verdict};
use serde_json::{Value, json};
use verification::{Expectation, Submission};

use crate::support::{Key, Web, badge, codes, issuer, verifier};

/// A record of the badge's learner that holds `parts`, signed by the same issuer.
fn record(parts: &[Value]) -> Value {
    let one = badge(&issuer().did());
    issuer().sign(json!({
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
        ],
        "id": "https://badges.example.org/records/1",
        "type": ["VerifiableCredential", "ClrCredential"],
        "name": "Sample record",
        "issuer": one["issuer"],
        "validFrom": one["validFrom"],
        "credentialSubject": {
            "id": one["credentialSubject"]["id"],
            "type": ["ClrSubject"],
            "verifiableCredential": parts,
        },
    }))
}

fn part() -> Value {
    issuer().sign(badge(&issuer().did()))
}

async fn verify(document: &Value) -> Report {
    let submission = Submission::Json(document.to_string().into_bytes());
    verifier(Web::default()).verify(&submission, &Expectation::default()).await
}

fn of_parts(report: &Report) -> Vec<&str> {
    codes(report).into_iter().filter(|code| code.starts_with("record")).collect()
}

#[tokio::test]
async fn a_record_is_valid_with_a_report_on_each_credential() {
    let report = verify(&record(&[part(), part()])).await;
    assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
    assert_eq!(of_parts(&report), ["record-part-valid"; 2]);
    assert_eq!(report.credentials.len(), 2);
    assert!(report.credentials.iter().all(|part| part.verdict == Verdict::Valid));
}

#[tokio::test]
async fn a_part_that_was_changed_before_the_record_was_signed_makes_it_invalid() {
    let mut changed = part();
    changed["name"] = "A grander name".into();
    let report = verify(&record(&[part(), changed])).await;
    assert_eq!(report.verdict, Verdict::Invalid);
    assert_eq!(of_parts(&report), ["record-part-valid", "record-part-invalid"]);
    assert!(codes(&report).contains(&"proof-verified"), "the record itself was signed so");
}

#[tokio::test]
async fn a_part_that_was_changed_afterwards_breaks_the_records_own_proof_too() {
    let mut changed = record(&[part()]);
    changed["credentialSubject"]["verifiableCredential"][0]["name"] = "A grander name".into();
    let report = verify(&changed).await;
    assert_eq!(report.verdict, Verdict::Invalid);
    assert!(codes(&report).contains(&"proof-mismatch"), "{:?}", codes(&report));
}

#[tokio::test]
async fn a_part_that_has_expired_leaves_the_record_true() {
    let mut old = badge(&issuer().did());
    old["validUntil"] = "2026-05-30T00:00:00Z".into();
    let report = verify(&record(&[issuer().sign(old)])).await;
    assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
    assert_eq!(of_parts(&report), ["record-part-lapsed"]);
    assert_eq!(report.credentials[0].verdict, Verdict::Invalid);
}

#[tokio::test]
async fn a_part_about_somebody_else_is_no_part() {
    let mut other = badge(&issuer().did());
    other["credentialSubject"]["id"] = Key::new(9).did().into();
    let report = verify(&record(&[issuer().sign(other)])).await;
    assert_eq!(report.verdict, Verdict::Invalid);
    assert_eq!(of_parts(&report), ["record-part-valid", "record-part-foreign"]);
}

#[tokio::test]
async fn a_record_in_a_record_is_not_read_to_its_end() {
    let report = verify(&record(&[record(&[part()])])).await;
    assert_eq!(report.verdict, Verdict::Undetermined, "{report:#?}");
    assert_eq!(of_parts(&report), ["record-part-undetermined"]);
    assert_eq!(of_parts(&report.credentials[0]), ["record-parts-nested"]);
}

#[tokio::test]
async fn a_record_without_credentials_or_with_too_many_says_so() {
    let report = verify(&record(&[])).await;
    assert!(codes(&report).contains(&"schema-invalid"), "{:?}", codes(&report));
    let report = verify(&record(&vec![part(); 65])).await;
    assert!(codes(&report).contains(&"record-parts-too-many") || codes(&report) == ["format-too-large"]);
}
