//! `POST /v1/watches/{id}/test`: try the endpoint.

use actix_web::{HttpResponse, web};

use crate::{
    auth::{caller::Caller, scope::Scope},
    blocking,
    problem::{Problem, table},
    state::AppState,
    wire::watches::WatchTest,
};

/// Try the endpoint
///
/// Sends one message of the type `watch.test`, at once and once. What came of it stands
/// among the deliveries.
#[utoipa::path(
    post,
    path = "/v1/watches/{id}/test",
    operation_id = "testWatch",
    tag = "Watches",
    params(("id" = String, Path, description = "The watch's UUID")),
    responses(
        (status = 202, description = "It is on its way", body = WatchTest),
        (status = 404, description = "No such watch of this client"),
        (status = 409, description = "The watch is disabled"),
    ),
    security(("oauth2" = ["credentials:watch"]), ("apiKey" = [])),
)]
pub async fn test(
    caller: Caller,
    state: web::Data<AppState>,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    caller.need(Scope::CredentialsWatch)?;
    let id = super::super::segment(&path, "watch of this client")?;
    let event = blocking::run(&state, move |state| {
        if super::own(state, &caller, id)?.disabled.is_some() {
            let detail = "Nothing is sent to its endpoint any more; make another watch.";
            return Err(Problem::new(&table::WATCH_DISABLED, detail));
        }
        Ok(state.registry.test_watch(id, state.clock.now(), state.entropy.as_ref())?)
    })
    .await?;
    Ok(HttpResponse::Accepted().json(WatchTest { event }))
}
