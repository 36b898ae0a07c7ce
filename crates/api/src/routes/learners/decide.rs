//! `POST /v1/adjustments/{id}/decision`: a second person approves or refuses.

use actix_web::{HttpResponse, web};
use model::{field::FieldError, id::AdjustmentId};
use serde_json::Value;

use super::asked::Asked;
use crate::{
    auth::scope::Scope,
    blocking,
    problem::Problem,
    state::AppState,
    wire::cpd::{AdjustmentAnswer, DecisionRequest},
};

/// Decide on an adjustment
///
/// Approved, it is written into the ledger. Who asked for it cannot decide it. Deciding again in
/// the same way gives the first answer.
#[utoipa::path(
    post,
    path = "/v1/adjustments/{id}/decision",
    operation_id = "decideOnAdjustment",
    tag = "Learners",
    params(("id" = String, Path, description = "The adjustment's UUID")),
    request_body = DecisionRequest,
    responses(
        (status = 200, description = "It is decided", body = AdjustmentAnswer),
        (status = 403, description = "This client asked for it"),
        (status = 404, description = "No such adjustment"),
        (status = 409, description = "It was decided before"),
    ),
    security(("oauth2" = ["ledger:approve"]), ("apiKey" = [])),
)]
pub async fn decide(
    asked: Asked,
    state: web::Data<AppState>,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let (caller, id, document) =
        asked.by_the_academy::<AdjustmentId>(Scope::LedgerApprove, &path, "adjustment")?;
    let approve = decision(&document)?;
    let record = blocking::run(&state, move |state| {
        Ok(state.service.decide_adjustment(&caller.acting, id, approve)?)
    })
    .await?;
    Ok(HttpResponse::Ok()
        .insert_header(("cache-control", "no-store"))
        .json(AdjustmentAnswer::of(&state.site, &record)))
}

/// Whether it is approved.
fn decision(document: &Value) -> Result<bool, Problem> {
    let members = document.as_object();
    let alone = members.is_some_and(|members| members.len() == 1);
    match document.get("decision").and_then(Value::as_str).filter(|_| alone) {
        Some("approved") => Ok(true),
        Some("refused") => Ok(false),
        _ => Err(Problem::invalid(vec![FieldError::new(
            "/decision",
            "decision",
            "no decision is stated, or more than that",
            "an object with one member `decision`: `approved` or `refused`",
        )])),
    }
}
