//! Whom the asker trusts.

use std::sync::Arc;

use model::clock::FixedClock;
use model::report::{Conclusion, Outcome, Report, Verdict};
use model::trust::read;
use proof::presentation::{Asked, presenting};
use serde_json::{Value, json};
use verification::{Expectation, FetchError, Submission, Trust, TrustBook, Verifier};

use crate::support::*;

const LIST: &str = "https://trust.example.org/academies.json";

fn book(issuers: &str) -> TrustBook {
    let text = format!(
        "
lists:
  academies: {{name: Academies, {issuers}}}
  bodies: {{name: Bodies, issuers: [{{id: '{}', name: Example Body}}]}}
policies:
  employers: {{name: Employers, issuers: [academies], endorsers: [bodies], necessary: [trust]}}
  curious: {{name: The curious, issuers: [academies], unlisted: valid}}
",
        Key::new(2).did()
    );
    TrustBook::new(read(&[("trust.yaml".to_owned(), text)]).unwrap())
}

fn listing(days: &str) -> String {
    format!("issuers: [{{id: '{}', name: Example Academy{days}}}]", issuer().did())
}

async fn trust(book: &TrustBook, policy: &str, web: &Web) -> Trust {
    book.trust(&policy.parse().unwrap(), web, now()).await.unwrap()
}

async fn verified(badge: &Value, trust: Trust) -> Report {
    let expectation = Expectation { trust: Some(trust), ..Expectation::default() };
    let submission = Submission::Json(badge.to_string().into_bytes());
    verifier(Web::default()).verify(&submission, &expectation).await
}

/// A badge with an endorsement by the key of that seed.
fn endorsed(seed: u8) -> Value {
    let (by, mut whole) = (Key::new(seed), badge(&issuer().did()));
    whole["endorsement"] = json!([by.sign(json!({
        "@context": whole["@context"],
        "id": "urn:uuid:2f1c7e0e-5a5b-4a07-9a3e-0a8f6f3f1f10",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "Recognised",
        "issuer": {"id": by.did(), "type": ["Profile"], "name": "Whoever"},
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {"id": issuer().did(), "type": ["EndorsementSubject"], "endorsementComment": "Sound."}
    }))]);
    issuer().sign(whole)
}

#[tokio::test]
async fn an_issuer_is_looked_for_and_an_unknown_one_is_never_invalid() {
    let plain = issuer().sign(badge(&issuer().did()));
    for (listed, badge, code, employers) in [
        (listing(""), &plain, "trust-listed", Verdict::Valid),
        (listing(", until: 2026-01-01"), &plain, "trust-listed", Verdict::Valid),
        (listing(", until: 2025-12-31"), &plain, "trust-other-days", Verdict::Undetermined),
        ("issuers: []".to_owned(), &plain, "trust-untrusted", Verdict::Undetermined),
        ("issuers: []".to_owned(), &endorsed(2), "trust-endorsed", Verdict::Valid),
        ("issuers: []".to_owned(), &endorsed(3), "trust-untrusted", Verdict::Undetermined),
    ] {
        let book = book(&listed);
        let report = verified(badge, trust(&book, "employers", &Web::default()).await).await;
        assert_eq!((check(&report, code).code.as_str(), report.verdict), (code, employers), "{report:#?}");
        assert_eq!(report.policy.as_ref().unwrap().as_str(), "employers");
        assert_eq!(report.policy_name.as_deref(), Some("Employers"));
        let is_unknown = employers == Verdict::Undetermined;
        assert_eq!(report.conclusion == Conclusion::Untrusted, is_unknown, "{report:#?}");
        assert_eq!(report.advice.is_some(), is_unknown);
        assert_complete_but(&report, 14);
        let untrusting = check(&report, code).outcome;
        assert!(matches!(untrusting, Outcome::Pass | Outcome::Warning), "never a failure");
    }
    let curious = trust(&book("issuers: []"), "curious", &Web::default()).await;
    let report = verified(&plain, curious.clone()).await;
    assert_eq!(
        (check(&report, "trust-untrusted").outcome, report.verdict),
        (Outcome::Warning, Verdict::Valid)
    );
    // No policy makes good what failed.
    let mut changed = plain.clone();
    changed["name"] = json!("Something else");
    assert_eq!(verified(&changed, curious).await.verdict, Verdict::Invalid);
}

#[tokio::test]
async fn a_list_on_the_web_is_fetched_when_a_policy_needs_it() {
    let book = book(&format!("url: '{LIST}'"));
    assert!(book.trust(&"nobody".parse().unwrap(), &Web::default(), now()).await.is_none());
    let plain = issuer().sign(badge(&issuer().did()));
    let silent = Web::default().answering(LIST, Err(FetchError::NoSuchHost("trust.example.org".into())));
    let report = verified(&plain, trust(&book, "employers", &silent).await).await;
    assert_eq!(check(&report, "trust-list-unreachable").outcome, Outcome::NotChecked);
    assert_eq!(report.verdict, Verdict::Undetermined);

    let listed = json!({"issuers": [{"id": issuer().did(), "name": "Example Academy"}]});
    let there = Web::default().with(LIST, &listed);
    let report = verified(&plain, trust(&book, "employers", &there).await).await;
    assert_eq!((check(&report, "trust-listed").outcome, report.verdict), (Outcome::Pass, Verdict::Valid));
    // What was read stays when the host falls silent or says something else.
    for web in [silent, Web::default().with(LIST, &json!({"issuers": "all"}))] {
        let report = verified(&plain, trust(&book, "employers", &web).await).await;
        check(&report, "trust-listed");
    }
    let verifier = Verifier::new(Arc::new(Web::default()), Arc::new(FixedClock::new(now())));
    let submission = Submission::Json(plain.to_string().into_bytes());
    let report = verifier.verify(&submission, &Expectation::default()).await;
    assert!(report.checks.iter().all(|check| !check.code.starts_with("trust-")), "nobody asked");
}

#[tokio::test]
async fn a_presentation_of_what_is_genuine_and_not_known_is_open_in_the_same_way() {
    use crate::presentations::{holder, present};

    let badge = issuer().sign(badge(&issuer().did()));
    let signed =
        present(presenting(&holder().did(), vec![badge]), &holder(), &holder().method(), Asked::default());
    for (listed, conclusion, code) in [
        (listing(""), Conclusion::Valid, "credential-valid"),
        ("issuers: []".to_owned(), Conclusion::Untrusted, "credential-untrusted"),
    ] {
        let report = verified(&signed, trust(&book(&listed), "employers", &Web::default()).await).await;
        assert_eq!(report.conclusion, conclusion, "{report:#?}");
        assert!(check(&report, code).outcome != Outcome::Fail);
        let read = &check(&report, "format-presentation").finding;
        assert!(read.to_string().contains("a presentation of 1 credential with"), "{read}");
    }
}
