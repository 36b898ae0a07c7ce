//! `PUT /v1/learners/{id}/schemes/{scheme}`: since when a learner counts under a scheme.

use actix_web::{HttpResponse, web};
use chrono::NaiveDate;
use model::{
    field::FieldError,
    id::{LearnerId, Slug},
};
use serde_json::Value;

use super::asked::Asked;
use crate::{auth::scope::Scope, blocking, problem::Problem, state::AppState, wire::cpd::MembershipRequest};

/// State a membership
///
/// Since when the learner counts under a CPD scheme; the latest statement holds.
#[utoipa::path(
    put,
    path = "/v1/learners/{id}/schemes/{scheme}",
    operation_id = "joinScheme",
    tag = "Learners",
    params(
        ("id" = String, Path, description = "The learner's UUID"),
        ("scheme" = String, Path, description = "The scheme's short name"),
    ),
    request_body = MembershipRequest,
    responses(
        (status = 204, description = "It is recorded"),
        (status = 404, description = "No such learner or scheme"),
        (status = 422, description = "The day is missing, malformed or still to come"),
    ),
    security(("oauth2" = ["ledger:write"]), ("apiKey" = [])),
)]
pub async fn join(
    asked: Asked,
    state: web::Data<AppState>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let (id, scheme) = path.into_inner();
    let (caller, learner, document) =
        asked.by_the_academy::<LearnerId>(Scope::LedgerWrite, &id, "learner")?;
    let scheme: Slug = super::super::segment(&scheme, "scheme")?;
    let joined_on = joined_on(&document)?;
    blocking::run(&state, move |state| {
        Ok(state.service.join_scheme(&caller.acting, learner, &scheme, joined_on)?)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

fn joined_on(document: &Value) -> Result<NaiveDate, Problem> {
    let alone = document.as_object().is_some_and(|members| members.len() == 1);
    let day = document.get("joinedOn").and_then(Value::as_str).filter(|_| alone);
    day.and_then(|day| day.parse().ok()).ok_or_else(|| {
        Problem::invalid(vec![FieldError::new(
            "/joinedOn",
            "invalid-date",
            "no day is stated, or more than that",
            "an object with one member `joinedOn`: a date such as 2026-03-01",
        )])
    })
}
