//! `POST /v1/endorsements`: a professional body endorses.

use actix_web::{HttpRequest, HttpResponse, web};
use model::{
    endorsement::Asked,
    field::FieldError,
    id::Slug,
    report::{Outcome, Report, Verdict},
};
use registry::EndorsementRecord;
use serde_json::Value;
use verification::{Expectation, Submission};

use crate::{
    auth::{caller::Caller, scope::Scope},
    blocking, body,
    problem::Problem,
    state::AppState,
    wire::endorsement::{EndorsementAnswer, EndorsementRequest},
};

/// Endorse
///
/// An achievement or an organisation, in the name of a professional body: signed here with the
/// body's own key, or signed elsewhere and posted as `credential`, which is verified before it
/// is kept. Badges that are made from now on carry it until it ends.
#[utoipa::path(
    post,
    path = "/v1/endorsements",
    operation_id = "createEndorsement",
    tag = "Catalogue",
    request_body = EndorsementRequest,
    responses(
        (status = 201, description = "It is kept; the same signed credential again gives the same answer", body = EndorsementAnswer),
        (status = 403, description = "The client is neither the body's own nor the Academy's"),
        (status = 409, description = "Another endorsement is kept under this credential id"),
        (status = 422, description = "Some fields are wrong, or the signed credential is not valid"),
    ),
    security(("oauth2" = ["endorsements:write"]), ("apiKey" = [])),
)]
pub async fn create(
    caller: Caller,
    request: HttpRequest,
    state: web::Data<AppState>,
    payload: web::Bytes,
) -> Result<HttpResponse, Problem> {
    caller.need(Scope::EndorsementsWrite)?;
    let asked = model::parse::endorsement(&body::json(&request, &payload)?).map_err(Problem::invalid)?;
    let kept = match asked {
        Asked::ToSign(wanted) => {
            let caller = caller.acting.clone();
            blocking::run(&state, move |state| Ok(state.service.endorse(&caller, &wanted)?)).await?
        }
        Asked::Signed { by, credential } => take(&state, &caller.acting, by, credential).await?,
    };
    let told = blocking::run(&state, move |state| {
        Ok(EndorsementAnswer::of(&state.site, &*state.service.catalogue()?, &kept))
    })
    .await?;
    Ok(HttpResponse::Created()
        .insert_header(("cache-control", "no-store"))
        .insert_header(("location", told.credential.clone()))
        .json(told))
}

/// Verifies an endorsement that a body signed itself, and keeps it.
pub async fn take(
    state: &web::Data<AppState>,
    caller: &issuing::Caller,
    by: Slug,
    credential: Value,
) -> Result<EndorsementRecord, Problem> {
    verified(state, &credential).await?;
    let caller = caller.clone();
    blocking::run(state, move |state| Ok(state.service.take_endorsement(&caller, &by, &credential)?)).await
}

/// Refuses what does not verify.
async fn verified(state: &AppState, credential: &Value) -> Result<(), Problem> {
    let submission = Submission::Json(credential.to_string().into());
    let report = state.verifier.verify(&submission, &Expectation::default()).await;
    if report.verdict == Verdict::Valid { Ok(()) } else { Err(refused(&report)) }
}

/// Every check that stands in the way, each under its own code.
pub fn refused(report: &Report) -> Problem {
    let necessary = |outcome| match report.verdict {
        Verdict::Invalid => outcome == Outcome::Fail,
        _ => outcome == Outcome::NotChecked,
    };
    let mut faults: Vec<FieldError> = Vec::new();
    for check in report.checks.iter().filter(|check| necessary(check.outcome)) {
        let expected = check.advice().unwrap_or("a credential that verifies");
        let finding = format!("{}: {}", check.code, check.finding);
        faults.push(FieldError::new("/credential", "does-not-verify", finding, expected));
    }
    Problem::invalid(faults)
}
