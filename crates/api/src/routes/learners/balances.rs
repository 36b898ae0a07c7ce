//! `GET /v1/learners/{id}/balances`: the sum of a ledger in each unit.

use actix_web::{HttpResponse, web};
use model::id::LearnerId;
use serde::Deserialize;

use crate::{
    auth::{caller::Caller, scope::Scope},
    blocking,
    problem::Problem,
    state::AppState,
    wire::cpd::BalancesAnswer,
};

/// The query.
#[derive(Debug, Deserialize)]
pub struct Query {
    as_of: Option<String>,
}

/// A learner's balances
///
/// The exact sum of the ledger in each unit; units never mix.
#[utoipa::path(
    get,
    path = "/v1/learners/{id}/balances",
    operation_id = "getBalances",
    tag = "Learners",
    params(
        ("id" = String, Path, description = "The learner's UUID"),
        ("as_of" = Option<String>, Query, description = "As it stood then: a date-time, or a date, whose whole day counts"),
    ),
    responses(
        (status = 200, description = "The balances", body = BalancesAnswer),
        (status = 404, description = "No such learner"),
    ),
    security(("oauth2" = ["ledger:read"]), ("apiKey" = [])),
)]
pub async fn balances(
    caller: Caller,
    state: web::Data<AppState>,
    path: web::Path<String>,
    query: web::Query<Query>,
) -> Result<HttpResponse, Problem> {
    caller.need(Scope::LedgerRead)?;
    super::need_academy(&caller)?;
    let learner: LearnerId = super::super::segment(&path, "learner")?;
    let as_of = super::as_of(query.as_of.as_deref())?;
    let balances = blocking::run(&state, move |state| Ok(state.service.balances(learner, as_of)?)).await?;
    let [balances, transferred] = balances.ok_or_else(|| Problem::not_found("learner"))?;
    Ok(HttpResponse::Ok()
        .insert_header(("cache-control", "no-store"))
        .json(BalancesAnswer::of(&balances, &transferred)))
}
