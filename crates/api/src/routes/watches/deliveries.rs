//! `GET /v1/watches/{id}/deliveries`: what was sent.

use actix_web::{HttpResponse, http::header::CACHE_CONTROL, web};
use registry::DeliveryFilter;
use serde::Deserialize;

use crate::{
    auth::{caller::Caller, scope::Scope},
    blocking,
    problem::Problem,
    state::AppState,
    wire::watches::{WatchDeliveries, WatchDelivery},
};

/// The query.
#[derive(Debug, Deserialize)]
pub struct Query {
    limit: Option<u32>,
    before: Option<i64>,
}

/// What was sent
///
/// Every event of a watch with each attempt to deliver it, the latest first; of the last
/// thirty days.
#[utoipa::path(
    get,
    path = "/v1/watches/{id}/deliveries",
    operation_id = "listDeliveries",
    tag = "Watches",
    params(
        ("id" = String, Path, description = "The watch's UUID"),
        ("limit" = Option<u32>, Query, description = "At most so many events, 1 to 100"),
        ("before" = Option<i64>, Query, description = "Only those before this one, as `next` says it"),
    ),
    responses(
        (status = 200, description = "The deliveries", body = WatchDeliveries),
        (status = 404, description = "No such watch of this client"),
    ),
    security(("oauth2" = ["credentials:watch"]), ("apiKey" = [])),
)]
pub async fn list(
    caller: Caller,
    state: web::Data<AppState>,
    path: web::Path<String>,
    query: web::Query<Query>,
) -> Result<HttpResponse, Problem> {
    caller.need(Scope::CredentialsWatch)?;
    let id = super::super::segment(&path, "watch of this client")?;
    let (limit, before) = (super::page(query.limit)?, query.before);
    let mut found = blocking::run(&state, move |state| {
        super::own(state, &caller, id)?;
        // One more than asked for tells whether there is a next page.
        Ok(state.registry.deliveries(DeliveryFilter { watch: id, before, limit: limit + 1 })?)
    })
    .await?;
    let page = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = found.len() > page;
    found.truncate(page);
    let next = found.last().filter(|_| has_more).map(|last| {
        let place = last.event.sequence;
        state.site.url(&format!("/v1/watches/{id}/deliveries?limit={limit}&before={place}"))
    });
    let deliveries = found.into_iter().map(WatchDelivery::from).collect();
    Ok(HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "no-store"))
        .json(WatchDeliveries { deliveries, next }))
}
