//! `GET /v1/learners/{id}/pathways`: where a learner stands, and what comes next.

use actix_web::{HttpResponse, http::header::CACHE_CONTROL, web};
use model::id::LearnerId;

use crate::{
    auth::{caller::Caller, scope::Scope},
    blocking,
    problem::Problem,
    state::AppState,
    wire::pathways::{PathwaysAnswer, Writer},
};

/// A learner's pathways
///
/// For each programme and registration level: met or in progress, what counts, what is
/// missing and what to earn next. A provider is told what follows from its own
/// completions alone; a learner it has none of is not found.
#[utoipa::path(
    get,
    path = "/v1/learners/{id}/pathways",
    operation_id = "getPathways",
    tag = "Learners",
    params(("id" = String, Path, description = "The learner's UUID, as a completion's answer gives it")),
    responses(
        (status = 200, description = "Where they stand", body = PathwaysAnswer),
        (status = 404, description = "No such learner of this provider"),
    ),
    security(("oauth2" = ["ledger:read"]), ("apiKey" = [])),
)]
pub async fn pathways(
    caller: Caller,
    state: web::Data<AppState>,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    caller.need(Scope::LedgerRead)?;
    let id: LearnerId = super::super::segment(&path, "learner of this provider")?;
    let confined = caller.confined_to().cloned();
    let answer = blocking::run(&state, move |state| {
        let Some(pathways) = state.service.pathways(id, confined.as_ref())? else { return Ok(None) };
        let catalogue = state.service.catalogue()?;
        let writer = Writer { site: &state.site, catalogue: &catalogue, at: pathways.at };
        Ok(Some(writer.pathways(&pathways, confined.is_some())))
    })
    .await?;
    let answer = answer.ok_or_else(|| Problem::not_found("learner of this provider"))?;
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(answer))
}
