//! `GET /v1/learners/{id}/maintenance`: how a learner's awards stand.

use actix_web::{HttpResponse, http::header::CACHE_CONTROL, web};
use model::id::LearnerId;
use serde::Deserialize;

use crate::{
    auth::{caller::Caller, scope::Scope},
    blocking,
    problem::Problem,
    state::AppState,
    wire::maintenance::{MaintenanceAnswer, Writer},
};

/// The query.
#[derive(Debug, Deserialize)]
pub struct Query {
    as_of: Option<String>,
}

/// How a learner's awards stand
///
/// Every award that ends or has a maintenance policy: its state, since when and until
/// when, and what it takes to renew it. A provider is told of its own awards alone; a
/// learner it has none of is not found.
#[utoipa::path(
    get,
    path = "/v1/learners/{id}/maintenance",
    operation_id = "getLearnerMaintenance",
    tag = "Learners",
    params(
        ("id" = String, Path, description = "The learner's UUID"),
        ("as_of" = Option<String>, Query, description = "As they stood then: a date-time, or a date, whose whole day counts"),
    ),
    responses(
        (status = 200, description = "How they stand", body = MaintenanceAnswer),
        (status = 404, description = "No such learner of this provider"),
    ),
    security(("oauth2" = ["ledger:read"]), ("apiKey" = [])),
)]
pub async fn maintenance(
    caller: Caller,
    state: web::Data<AppState>,
    path: web::Path<String>,
    query: web::Query<Query>,
) -> Result<HttpResponse, Problem> {
    caller.need(Scope::LedgerRead)?;
    let id: LearnerId = super::super::segment(&path, "learner of this provider")?;
    let as_of = super::as_of(query.as_of.as_deref())?;
    let confined = caller.confined_to().cloned();
    let answer = blocking::run(&state, move |state| {
        let found = state.service.maintenance_of_learner(id, confined.as_ref(), as_of)?;
        let catalogue = state.service.catalogue()?;
        let writer = Writer { site: &state.site, catalogue: &catalogue, is_public: false };
        Ok(found.map(|found| writer.all(&found)))
    })
    .await?;
    let answer = answer.ok_or_else(|| Problem::not_found("learner of this provider"))?;
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(answer))
}
