//! `GET /v1/learners/{id}/ledger`: a learner's CPD credit, line by line.

use actix_web::{HttpResponse, http::header::CACHE_CONTROL, web};
use model::id::{LearnerId, LedgerEntryId};
use registry::LedgerPage;
use serde::Deserialize;

use crate::{
    auth::{caller::Caller, scope::Scope},
    blocking,
    problem::Problem,
    state::AppState,
    wire::ledger::{LedgerAnswer, LedgerLine, rfc3339},
};

/// Lines given at once unless fewer are asked for.
const MOST_LINES: u32 = 500;

/// The query.
#[derive(Debug, Deserialize)]
pub struct Query {
    limit: Option<u32>,
    after: Option<LedgerEntryId>,
    as_of: Option<String>,
}

/// A learner's ledger
///
/// Oldest line first. A provider sees the lines of its own completions alone;
/// a learner it has none of is not found.
#[utoipa::path(
    get,
    path = "/v1/learners/{id}/ledger",
    operation_id = "getLedger",
    tag = "Learners",
    params(
        ("id" = String, Path, description = "The learner's UUID, as a completion's answer gives it"),
        ("limit" = Option<u32>, Query, description = "At most so many lines, 1 to 500"),
        ("after" = Option<String>, Query, description = "Only lines after the one with this id"),
        ("as_of" = Option<String>, Query, description = "Only lines written by then: a date-time, or a date, whose whole day counts"),
    ),
    responses(
        (status = 200, description = "The lines", body = LedgerAnswer),
        (status = 404, description = "No such learner of this provider"),
    ),
    security(("oauth2" = ["ledger:read"]), ("apiKey" = [])),
)]
pub async fn ledger(
    caller: Caller,
    state: web::Data<AppState>,
    path: web::Path<String>,
    query: web::Query<Query>,
) -> Result<HttpResponse, Problem> {
    caller.need(Scope::LedgerRead)?;
    let id: LearnerId = super::super::segment(&path, "learner of this provider")?;
    let limit = query.limit.unwrap_or(MOST_LINES);
    if !(1..=MOST_LINES).contains(&limit) {
        return Err(Problem::malformed(format!("`limit` must be 1 to {MOST_LINES}.")));
    }
    let (after, as_of) = (query.after, super::as_of(query.as_of.as_deref())?);
    let confined = caller.confined_to().cloned();
    // One more than asked for tells whether there is a next page.
    let (mut entries, is_known) = blocking::registry(&state, move |registry| {
        let all = LedgerPage { provider: confined.as_ref(), as_of, ..LedgerPage::default() };
        let entries = registry.ledger(id, &LedgerPage { limit: Some(limit + 1), after, ..all.clone() })?;
        let is_known = !entries.is_empty()
            || !registry.ledger(id, &LedgerPage { limit: Some(1), as_of: None, ..all })?.is_empty()
            || (confined.is_none() && registry.learner(id)?.is_some());
        Ok((entries, is_known))
    })
    .await?;
    if !is_known {
        return Err(Problem::not_found("learner of this provider"));
    }
    let page = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = entries.len() > page;
    entries.truncate(page);
    let as_of = as_of.map(|as_of| format!("&as_of={}", rfc3339(as_of))).unwrap_or_default();
    let last = entries.last().filter(|_| has_more).map(|entry| entry.id);
    let next = last
        .map(|last| state.site.url(&format!("/v1/learners/{id}/ledger?limit={limit}&after={last}{as_of}")));
    let entries = entries.iter().map(|entry| LedgerLine::of(&state.site, entry)).collect();
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(LedgerAnswer { entries, next }))
}
