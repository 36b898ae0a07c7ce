//! That a presentation was signed by its holder, for the exchange to which it is posted.

use model::{
    field::FieldError,
    report::{Question, Report},
};
use serde_json::Value;
use verification::{Expectation, recognise};

use crate::{
    problem::Problem,
    routes::{oid4vp::presented::unanswered, verification::check::counted},
    state::AppState,
};

/// The report on a presentation that stands at `place` in the message, if it answers the
/// challenge and is for the domain that are expected, and the one who presents signed it for
/// authentication. Otherwise the problem that names the member which is wrong.
pub async fn proved(
    state: &AppState,
    place: &str,
    presentation: &str,
    expectation: &Expectation,
) -> Result<Report, Problem> {
    let submission = recognise(presentation.as_bytes(), None);
    let report = counted(state.verifier.verify(&submission, expectation).await);
    let Some(unanswered) = unanswered(&report, expectation) else { return Ok(report) };
    let (member, code, expected) = match unanswered.question {
        Question::Challenge => ("/proof/challenge", "other-challenge", "the challenge of this exchange"),
        Question::Domain => ("/proof/domain", "other-domain", "the domain of this exchange"),
        Question::IssuerBinding => ("/holder", "not-the-holder", "the DID whose key signed to authenticate"),
        _ => ("/proof", "bad-proof", "a proof that verifies, by a suite that the exchange accepts"),
    };
    Err(Problem::invalid(vec![FieldError::new(format!("{place}{member}"), code, unanswered.why, expected)]))
}

/// Whether a presentation shows any credential.
pub fn shows_any(presentation: &Value) -> bool {
    match presentation.get("verifiableCredential") {
        None => false,
        Some(Value::Array(credentials)) => !credentials.is_empty(),
        Some(_) => true,
    }
}

/// Whether a proof says for whom it was made. What is in an envelope is taken to say it.
pub fn states_domain(presentation: &Value) -> bool {
    match presentation.get("proof") {
        None => true,
        Some(Value::Array(proofs)) => proofs.iter().any(|proof| proof.get("domain").is_some()),
        Some(proof) => proof.get("domain").is_some(),
    }
}
