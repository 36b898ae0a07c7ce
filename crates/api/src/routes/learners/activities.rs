//! `POST /v1/learners/{id}/activities`: credit that a learner declares.

use actix_web::{HttpResponse, web};
use model::id::LearnerId;

use super::asked::Asked;
use crate::{
    auth::scope::Scope,
    blocking,
    problem::Problem,
    state::AppState,
    wire::{
        cpd::ActivityRequest,
        ledger::{LedgerLine, rfc3339},
    },
};

/// Declare an activity
///
/// Adds a line of kind `activity` to the learner's ledger, marked as self-declared. Lines are
/// never changed; a wrong one is put right by an adjustment.
#[utoipa::path(
    post,
    path = "/v1/learners/{id}/activities",
    operation_id = "declareActivity",
    tag = "Learners",
    params(("id" = String, Path, description = "The learner's UUID")),
    request_body = ActivityRequest,
    responses(
        (status = 201, description = "The line that was added", body = LedgerLine),
        (status = 404, description = "No such learner"),
        (status = 422, description = "Some fields are wrong"),
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
    let activity = model::parse::activity(&document).map_err(Problem::invalid)?;
    let entry = blocking::run(&state, move |state| {
        Ok(state.service.record_activity(&caller.acting, learner, &activity)?)
    })
    .await?;
    tracing::debug!(ledger.entry = %entry.id, recorded = %rfc3339(entry.recorded_at), "an activity was declared");
    Ok(HttpResponse::Created()
        .insert_header(("cache-control", "no-store"))
        .json(LedgerLine::of(&state.site, &entry)))
}
