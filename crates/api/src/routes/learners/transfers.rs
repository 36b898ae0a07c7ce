//! `POST /v1/learners/{id}/transfers`: credit of a credential that somebody else issued.

use actix_web::{HttpResponse, web};
use issuing::Outside;
use model::{cpd::activity::TransferRequest, field::FieldError, id::LearnerId, report::Verdict};
use registry::LedgerEntry;
use serde_json::Value;
use verification::{Expectation, Submission};

use super::asked::Asked;
use crate::{
    auth::scope::Scope,
    blocking,
    problem::Problem,
    routes::endorsements::create::refused,
    state::AppState,
    wire::{cpd::TransferBody, ledger::LedgerLine},
};

/// Bring in credit from elsewhere
///
/// The credential is verified, must be the learner's own (told by an email address or a DID, not
/// by a name), and counts once, for whomever. Its credit is what it states in a unit, or what the
/// registrar states with a reason. The line is of the kind `transfer` and names where it comes
/// from.
#[utoipa::path(
    post,
    path = "/v1/learners/{id}/transfers",
    operation_id = "transferCredit",
    tag = "Learners",
    params(("id" = String, Path, description = "The learner's UUID")),
    request_body = TransferBody,
    responses(
        (status = 200, description = "It was brought in before; this is the line", body = LedgerLine),
        (status = 201, description = "The line that was added", body = LedgerLine),
        (status = 404, description = "No such learner"),
        (status = 409, description = "The credential counts for somebody else"),
        (status = 422, description = "The credential does not verify, is not the learner's, or its worth is not stated"),
    ),
    security(("oauth2" = ["ledger:write"]), ("apiKey" = [])),
)]
pub async fn create(
    asked: Asked,
    state: web::Data<AppState>,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let (caller, learner, document) =
        asked.by_the_academy::<LearnerId>(Scope::LedgerWrite, &path, "learner")?;
    let asked = model::parse::transfer(&document).map_err(Problem::invalid)?;
    let (entry, is_new) = bring_in(&state, &caller.acting, learner, asked).await?;
    let mut response = if is_new { HttpResponse::Created() } else { HttpResponse::Ok() };
    Ok(response.insert_header(("cache-control", "no-store")).json(LedgerLine::of(&state.site, &entry)))
}

/// Verifies the credential, sees to it that it is the learner's own, and writes its credit into
/// the ledger. Whether the line is new.
pub async fn bring_in(
    state: &web::Data<AppState>,
    caller: &issuing::Caller,
    learner: LearnerId,
    asked: TransferRequest,
) -> Result<(LedgerEntry, bool), Problem> {
    let told_by = blocking::run(state, move |state| Ok(state.service.told_by(learner)?)).await?;
    let told_by = told_by.ok_or_else(|| Problem::not_found("learner"))?;
    let submission = match &asked.credential {
        Value::String(token) => verification::recognise(token.as_bytes(), None),
        document => Submission::Json(document.to_string().into()),
    };
    let report = state.verifier.verify(&submission, &Expectation::default()).await;
    let credential = verification::contents(&submission).filter(|_| report.verdict == Verdict::Valid);
    let Some(credential) = credential else { return Err(refused(&report)) };
    if !told_by.iter().any(|identifier| verification::is_recipient(&credential, identifier)) {
        return Err(Problem::invalid(vec![FieldError::new(
            "/credential",
            "not-the-learners",
            "no email address or DID of this learner tells its subject; a name is not enough",
            "a credential of this learner's own",
        )]));
    }
    let caller = caller.clone();
    blocking::run(state, move |state| {
        let outside = Outside {
            credential: &credential,
            credit: asked.credit.as_ref(),
            equivalence: asked.equivalence.as_deref(),
            category: asked.category.as_ref(),
        };
        Ok(state.service.transfer_in(&caller, learner, &outside)?)
    })
    .await
}
