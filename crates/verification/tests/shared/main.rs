//! The reference badge that stands beside the project: its proof passes, and
//! fails after any one changed character.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use model::clock::FixedClock;
use model::report::{Check, Outcome, Question, Report, Verdict};
use verification::{Expectation, Fetch, FetchError, Fetched, Submission, Verifier};

#[expect(clippy::disallowed_methods, reason = "where the shared folder is, only the environment knows")]
fn reference_badge() -> Vec<u8> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared");
    let folder = std::env::var("LANYARD_SHARED").unwrap_or_else(|_| beside.to_owned());
    std::fs::read(PathBuf::from(folder).join("bench/reference-badge.signed.json")).unwrap()
}

struct Nowhere;

#[async_trait]
impl Fetch for Nowhere {
    async fn fetch(&self, url: &str, _: &str, _: usize) -> Result<Fetched, FetchError> {
        Err(FetchError::Offline(url.to_owned()))
    }
}

async fn verify(bytes: Vec<u8>) -> Report {
    let clock = FixedClock::new("2026-06-01T12:00:00Z".parse().unwrap());
    let verifier = Verifier::new(Arc::new(Nowhere), Arc::new(clock));
    verifier.verify(&Submission::Json(bytes), &Expectation::default()).await
}

fn proof(report: &Report) -> &Check {
    report.checks.iter().find(|check| check.question == Question::Proof).unwrap()
}

#[tokio::test]
async fn the_reference_badge_passes_everything_but_its_unreachable_status() {
    let report = verify(reference_badge()).await;
    assert_eq!(report.verdict, Verdict::Undetermined, "{report:#?}");
    let open: Vec<&str> =
        report.checks.iter().filter(|c| c.outcome == Outcome::NotChecked).map(|c| c.code.as_str()).collect();
    assert_eq!(
        open,
        ["status-unreachable", "recipient-not-asked", "accreditation-not-stated"],
        "{report:#?}"
    );
    assert_eq!(proof(&report).code, "proof-verified");
}

#[tokio::test]
async fn the_reference_badge_fails_after_any_one_changed_character() {
    let good = reference_badge();
    for at in (0..good.len()).filter(|at| !good[*at].is_ascii_whitespace()) {
        let mut changed = good.clone();
        changed[at] = if changed[at] == b'7' { b'3' } else { b'7' };
        let report = verify(changed).await;
        assert_eq!(report.verdict, Verdict::Invalid, "byte {at}: {report:#?}");
        let unreadable = report.checks[0].outcome == Outcome::Fail;
        assert!(proof(&report).outcome == Outcome::Fail || unreadable, "byte {at}: {report:#?}");
    }
}
