//! `GET /v1/watches`: a client's watches.

use actix_web::{HttpResponse, http::header::CACHE_CONTROL, web};
use model::id::WatchId;
use serde::Deserialize;

use crate::{
    auth::{caller::Caller, scope::Scope},
    blocking,
    problem::Problem,
    state::AppState,
    wire::watches::{Watch, WatchList},
};

/// The query.
#[derive(Debug, Deserialize)]
pub struct Query {
    limit: Option<u32>,
    after: Option<WatchId>,
}

/// Your watches
///
/// The oldest first.
#[utoipa::path(
    get,
    path = "/v1/watches",
    operation_id = "listWatches",
    tag = "Watches",
    params(
        ("limit" = Option<u32>, Query, description = "At most so many, 1 to 100"),
        ("after" = Option<String>, Query, description = "Only those after the one with this id"),
    ),
    responses((status = 200, description = "The watches", body = WatchList)),
    security(("oauth2" = ["credentials:watch"]), ("apiKey" = [])),
)]
pub async fn list(
    caller: Caller,
    state: web::Data<AppState>,
    query: web::Query<Query>,
) -> Result<HttpResponse, Problem> {
    caller.need(Scope::CredentialsWatch)?;
    let (limit, after) = (super::page(query.limit)?, query.after);
    // One more than asked for tells whether there is a next page.
    let ask =
        move |registry: &registry::Registry| registry.watches_of(&caller.acting.client, after, limit + 1);
    let mut found = blocking::registry(&state, ask).await?;
    let page = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = found.len() > page;
    found.truncate(page);
    let next = found
        .last()
        .filter(|_| has_more)
        .map(|last| state.site.url(&format!("/v1/watches?limit={limit}&after={}", last.id)));
    let watches = found.into_iter().map(|record| Watch::new(record, &state.site)).collect();
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(WatchList { watches, next }))
}
