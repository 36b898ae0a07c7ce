//! What the asker expects.

use model::report::Verdict;
use verification::{Expectation, Submission};

use crate::support::*;

#[tokio::test]
async fn the_expected_recipient_is_compared() {
    let signed = issuer().sign(badge(&issuer().did())).to_string().into_bytes();
    for (expected, code, verdict) in [
        ("did:example:alex", "recipient-matches", Verdict::Valid),
        ("Alex  SAMPLE", "recipient-name-matches", Verdict::Valid),
        ("Sam Sample", "recipient-differs", Verdict::Invalid),
        ("did:example:sam", "recipient-differs", Verdict::Invalid),
        ("alex@example.org", "recipient-not-stated", Verdict::Invalid),
    ] {
        let expectation = Expectation { recipient: Some(expected.to_owned()), ..Expectation::default() };
        let report = verifier(Web::default()).verify(&Submission::Json(signed.clone()), &expectation).await;
        check(&report, code);
        assert_eq!(report.verdict, verdict, "{expected}");
    }
}
