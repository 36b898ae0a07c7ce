//! `POST /v1/learners/{id}/adjustments`: asks for a correction of the ledger.

use actix_web::{HttpResponse, web};
use model::id::LearnerId;

use super::asked::Asked;
use crate::{
    auth::scope::Scope,
    blocking,
    problem::Problem,
    state::AppState,
    wire::cpd::{AdjustmentAnswer, AdjustmentRequest},
};

/// Ask for an adjustment
///
/// Changes nothing until another client approves it at `/v1/adjustments/{id}/decision`.
#[utoipa::path(
    post,
    path = "/v1/learners/{id}/adjustments",
    operation_id = "requestAdjustment",
    tag = "Learners",
    params(("id" = String, Path, description = "The learner's UUID")),
    request_body = AdjustmentRequest,
    responses(
        (status = 202, description = "It waits for a decision", body = AdjustmentAnswer),
        (status = 404, description = "No such learner"),
        (status = 422, description = "Some fields are wrong"),
    ),
    security(("oauth2" = ["ledger:write"]), ("apiKey" = [])),
)]
pub async fn request(
    asked: Asked,
    state: web::Data<AppState>,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let (caller, learner, document) =
        asked.by_the_academy::<LearnerId>(Scope::LedgerWrite, &path, "learner")?;
    let adjustment = model::parse::adjustment(&document).map_err(Problem::invalid)?;
    let record = blocking::run(&state, move |state| {
        Ok(state.service.request_adjustment(&caller.acting, learner, &adjustment)?)
    })
    .await?;
    Ok(HttpResponse::Accepted()
        .insert_header(("cache-control", "no-store"))
        .json(AdjustmentAnswer::of(&state.site, &record)))
}
