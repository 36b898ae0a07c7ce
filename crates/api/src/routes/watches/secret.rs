//! `POST /v1/watches/{id}/secret`: another secret.

use actix_web::{HttpResponse, http::header::CACHE_CONTROL, web};
use chrono::TimeDelta;

use crate::{
    auth::{caller::Caller, scope::Scope},
    blocking,
    problem::Problem,
    state::AppState,
    watching::secret,
    wire::{ledger::rfc3339, watches::WatchSecret},
};

/// For how long the secret before is good too.
const OVERLAP: TimeDelta = TimeDelta::days(1);

/// Another secret
///
/// Draws another secret. For a day messages are signed with both, so that whoever receives
/// them can change over in peace.
#[utoipa::path(
    post,
    path = "/v1/watches/{id}/secret",
    operation_id = "rotateSecret",
    tag = "Watches",
    params(("id" = String, Path, description = "The watch's UUID")),
    responses(
        (status = 200, description = "The secret, shown once", body = WatchSecret),
        (status = 404, description = "No such watch of this client"),
    ),
    security(("oauth2" = ["credentials:watch"]), ("apiKey" = [])),
)]
pub async fn rotate(
    caller: Caller,
    state: web::Data<AppState>,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    caller.need(Scope::CredentialsWatch)?;
    let id = super::super::segment(&path, "watch of this client")?;
    let answer = blocking::run(&state, move |state| {
        let entropy = state.entropy.as_ref();
        let (secret, until) = (secret::fresh(entropy), state.clock.now() + OVERLAP);
        let client = &caller.acting.client;
        if !state.registry.rotate_watch_secret(id, client, &secret, until, entropy)? {
            return Err(Problem::not_found("watch of this client"));
        }
        Ok(WatchSecret { secret: secret.to_string(), previous_until: rfc3339(until) })
    })
    .await?;
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(answer))
}
