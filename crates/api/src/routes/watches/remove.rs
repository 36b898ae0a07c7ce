//! `DELETE /v1/watches/{id}`: watch no more.

use actix_web::{HttpResponse, web};

use crate::{
    auth::{caller::Caller, scope::Scope},
    blocking,
    problem::Problem,
    state::AppState,
};

/// Watch no more
///
/// Nothing more is sent, and what is kept of the watch and its deliveries is deleted.
#[utoipa::path(
    delete,
    path = "/v1/watches/{id}",
    operation_id = "deleteWatch",
    tag = "Watches",
    params(("id" = String, Path, description = "The watch's UUID")),
    responses(
        (status = 204, description = "It is gone"),
        (status = 404, description = "No such watch of this client"),
    ),
    security(("oauth2" = ["credentials:watch"]), ("apiKey" = [])),
)]
pub async fn remove(
    caller: Caller,
    state: web::Data<AppState>,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    caller.need(Scope::CredentialsWatch)?;
    let id = super::super::segment(&path, "watch of this client")?;
    let gone =
        blocking::registry(&state, move |registry| registry.unwatch(id, &caller.acting.client)).await?;
    if gone {
        Ok(HttpResponse::NoContent().finish())
    } else {
        Err(Problem::not_found("watch of this client"))
    }
}
