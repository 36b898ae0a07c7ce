//! `POST /credentials/verify`: is this credential good?

use actix_web::{HttpRequest, HttpResponse, web};
use model::report::{Check, Outcome, Question, Report, Verdict};
use serde_json::{Map, Value, json};
use verification::{Expectation, Submission};

use super::request;
use crate::{
    problem::Problem,
    routes::verification::check::counted,
    state::AppState,
    wire::vc_api::{VerifiedAnswer, VerifyCredentialRequest},
};

/// Verify a credential
///
/// Takes `{verifiableCredential, options}`. Whatever the checks find, the answer is
/// 200 with `verified`, `problemDetails` for what failed or could not be checked,
/// and the whole `report`; a body that is no credential is 400.
#[utoipa::path(
    post,
    path = "/credentials/verify",
    operation_id = "verifyVcApiCredential",
    tag = "VC API",
    request_body = VerifyCredentialRequest,
    responses(
        (status = 200, description = "`{verified, problemDetails, report}`", body = VerifiedAnswer),
        (status = 400, description = "It is no credential"),
    ),
)]
pub async fn verify(
    request: HttpRequest,
    state: web::Data<AppState>,
    payload: web::Bytes,
) -> Result<HttpResponse, Problem> {
    let (credential, _) = request::credential(&request, &payload)?;
    if credential.get("type") != Some(&json!("EnvelopedVerifiableCredential")) {
        request::conforming_credential(&credential)?;
    }
    let report = report(&state, &credential, &Expectation::default()).await;
    state.usage.reports(&request, state.clock.now(), std::slice::from_ref(&report));
    Ok(answer(&report, Map::new()))
}

/// The report on a document of any contexts.
pub(super) async fn report(state: &AppState, document: &Value, expectation: &Expectation) -> Report {
    let submission = Submission::Json(document.to_string().into_bytes());
    counted(state.general_verifier.verify(&submission, expectation).await)
}

/// A report as the VC API has it.
pub(super) fn answer(report: &Report, results: Map<String, Value>) -> HttpResponse {
    let verified = report.verdict == Verdict::Valid;
    let mut answer = json!({
        "verified": verified,
        "problemDetails": problem_details(report, !verified),
        "report": report,
    });
    if let Some(members) = answer.as_object_mut() {
        members.extend(results);
    }
    HttpResponse::Ok().insert_header(("cache-control", "no-store")).json(answer)
}

/// What failed; and, of what is not valid for that, what could not be checked.
fn problem_details(report: &Report, unchecked: bool) -> Vec<Value> {
    let matters = |check: &&Check| match check.outcome {
        Outcome::Fail => true,
        Outcome::NotChecked => unchecked && report.verdict == Verdict::Undetermined,
        Outcome::Pass | Outcome::Warning => false,
    };
    let described = |check: &Check| {
        json!({
            "type": kind(check.question),
            "title": check.code,
            "detail": check.finding,
        })
    };
    let inner = report.credentials.iter().flat_map(|inner| problem_details(inner, unchecked));
    report.checks.iter().filter(matters).map(described).chain(inner).collect()
}

/// The kind of problem by the name that its specification gives it (VC Data Model
/// 2.0 section 7.1, VC Data Integrity 1.0 section 4.7, Bitstring Status List 1.0
/// section 3.5).
fn kind(question: Question) -> &'static str {
    match question {
        Question::Format => "https://www.w3.org/TR/vc-data-model#PARSING_ERROR",
        Question::Proof | Question::IssuerBinding | Question::Key => {
            "https://www.w3.org/TR/vc-data-model#CRYPTOGRAPHIC_SECURITY_ERROR"
        }
        Question::Dates => "https://www.w3.org/TR/vc-data-model#RANGE_ERROR",
        Question::Status => "https://www.w3.org/ns/credentials/status-list#STATUS_VERIFICATION_ERROR",
        Question::Challenge => "https://w3id.org/security#INVALID_CHALLENGE_ERROR",
        Question::Domain => "https://w3id.org/security#INVALID_DOMAIN_ERROR",
        _ => "https://www.w3.org/TR/vc-data-model#MALFORMED_VALUE_ERROR",
    }
}
