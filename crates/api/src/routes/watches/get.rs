//! `GET /v1/watches/{id}`: one watch.

use actix_web::{HttpResponse, http::header::CACHE_CONTROL, web};

use crate::{
    auth::{caller::Caller, scope::Scope},
    blocking,
    problem::Problem,
    state::AppState,
    wire::watches::Watch,
};

/// One watch
///
/// How the credential stands as far as it was looked at, and whether the endpoint takes
/// messages.
#[utoipa::path(
    get,
    path = "/v1/watches/{id}",
    operation_id = "getWatch",
    tag = "Watches",
    params(("id" = String, Path, description = "The watch's UUID")),
    responses(
        (status = 200, description = "The watch", body = Watch),
        (status = 404, description = "No such watch of this client"),
    ),
    security(("oauth2" = ["credentials:watch"]), ("apiKey" = [])),
)]
pub async fn get(
    caller: Caller,
    state: web::Data<AppState>,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    caller.need(Scope::CredentialsWatch)?;
    let id = super::super::segment(&path, "watch of this client")?;
    let watch =
        blocking::run(&state, move |state| Ok(Watch::new(super::own(state, &caller, id)?, &state.site)))
            .await?;
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(watch))
}
