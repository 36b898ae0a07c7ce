//! `GET /v1/credentials/{id}/maintenance`: whether the award stands, and what keeps it so.

use actix_web::{HttpResponse, http::header::CACHE_CONTROL, web};
use model::id::CredentialId;
use serde::Deserialize;

use crate::{
    auth::{caller::Visitor, scope::Scope},
    blocking,
    problem::Problem,
    routes::learners,
    state::AppState,
    wire::maintenance::{MaintainedItem, Writer},
};

/// The query.
#[derive(Debug, Deserialize)]
pub struct Query {
    as_of: Option<String>,
}

/// How an award stands
///
/// In which state it is or was, since when and until when, and what it takes to renew it
/// or to have it reinstated. Whatever is asked of a past moment rests on nothing recorded
/// after it. Open to everybody who has the address; how much of what is asked its holder
/// has done is told to a client with `ledger:read` alone, of a provider's those of its own
/// badges: to all others `have`, `done` and `isMet` are not there.
#[utoipa::path(
    get,
    path = "/v1/credentials/{id}/maintenance",
    operation_id = "getCredentialMaintenance",
    tag = "Credentials",
    params(
        ("id" = String, Path, description = "The UUID of any of the award's credentials"),
        ("as_of" = Option<String>, Query, description = "As it stood then: a date-time, or a date, whose whole day counts"),
    ),
    responses(
        (status = 200, description = "How it stands", body = MaintainedItem),
        (status = 404, description = "No such credential, or its award had not been issued by then"),
    ),
    security((), ("oauth2" = ["ledger:read"]), ("apiKey" = [])),
)]
pub async fn get(
    visitor: Visitor,
    state: web::Data<AppState>,
    path: web::Path<String>,
    query: web::Query<Query>,
) -> Result<HttpResponse, Problem> {
    let id: CredentialId = super::super::segment(&path, "credential")?;
    let as_of = learners::as_of(query.as_of.as_deref())?;
    let found = blocking::run(&state, move |state| {
        let Some(record) = state.registry.credential(id)? else { return Ok(None) };
        let Some(found) = state.service.maintenance_of_record(&record, as_of)? else { return Ok(None) };
        let catalogue = state.service.catalogue()?;
        let is_public = !visitor.sees(Scope::LedgerRead, &record.provider);
        let writer = Writer { site: &state.site, catalogue: &catalogue, is_public };
        Ok(writer.all(&found).awards.pop())
    });
    let answer = found.await?.ok_or_else(|| Problem::not_found("credential"))?;
    let mut response = HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(answer);
    let robots = actix_web::http::header::HeaderName::from_static("x-robots-tag");
    response.headers_mut().insert(robots, actix_web::http::header::HeaderValue::from_static("noindex"));
    Ok(response)
}
