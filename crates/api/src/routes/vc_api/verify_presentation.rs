//! `POST /presentations/verify`: is this presentation good, and what it shows?

use actix_web::{HttpRequest, HttpResponse, web};
use model::{
    report::{Outcome, Question, Report},
    vc::presentation_faults,
};
use serde_json::{Map, Value, json};
use verification::Expectation;

use super::{
    request,
    verify::{answer, report},
};
use crate::{
    problem::Problem,
    state::AppState,
    wire::vc_api::{VerifiedAnswer, VerifyPresentationRequest},
};

/// Verify a presentation
///
/// Takes `{verifiablePresentation, options: {challenge, domain}}`; each credential
/// in it is checked too. The answer is that of `/credentials/verify`, with
/// `results` for challenge, domain and holder.
#[utoipa::path(
    post,
    path = "/presentations/verify",
    operation_id = "verifyVcApiPresentation",
    tag = "VC API",
    request_body = VerifyPresentationRequest,
    responses(
        (status = 200, description = "`{verified, problemDetails, results, report}`", body = VerifiedAnswer),
        (status = 400, description = "It is no presentation"),
    ),
)]
pub async fn verify_presentation(
    request: HttpRequest,
    state: web::Data<AppState>,
    payload: web::Bytes,
) -> Result<HttpResponse, Problem> {
    let mut members = request::members(&request, &payload)?;
    let presentation = request::subject(&mut members, "verifiablePresentation")?;
    let options = request::options(&mut members)?;
    let expectation = Expectation {
        challenge: request::text(&options, "challenge")?,
        domain: request::text(&options, "domain")?,
        ..Expectation::default()
    };
    if presentation.get("type") != Some(&json!("EnvelopedVerifiablePresentation")) {
        request::conforming("verifiablePresentation", presentation_faults(&presentation))?;
    }
    let report = report(&state, &presentation, &expectation).await;
    state.usage.reports(&request, state.clock.now(), std::slice::from_ref(&report));
    let results = json!({ "results": results(&report, &expectation) });
    Ok(answer(&report, results.as_object().cloned().unwrap_or_default()))
}

/// Of what was asked, whether it holds.
fn results(report: &Report, expectation: &Expectation) -> Map<String, Value> {
    let holds = |question| {
        let mut answers = report.checks.iter().filter(|check| check.question == question);
        answers.all(|check| matches!(check.outcome, Outcome::Pass | Outcome::Warning))
    };
    let asked = [
        ("challenge", Question::Challenge, &expectation.challenge),
        ("domain", Question::Domain, &expectation.domain),
        ("holder", Question::IssuerBinding, &report.summary.holder),
    ];
    asked
        .into_iter()
        .filter_map(|(name, question, input)| {
            let input = input.as_deref()?;
            Some((name.to_owned(), json!({ "valid": holds(question), "input": input })))
        })
        .collect()
}
