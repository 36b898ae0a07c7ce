//! `GET /v1/programmes`: every programme of the catalogue.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::{
    blocking,
    caching::{Keep, answer},
    problem::Problem,
    state::AppState,
    wire::{pathways::Writer, programmes::ProgrammesAnswer},
};

/// The programmes
///
/// Each in its present version, with what it awards.
#[utoipa::path(
    get,
    path = "/v1/programmes",
    operation_id = "listProgrammes",
    tag = "Catalogue",
    responses((status = 200, description = "The programmes", body = ProgrammesAnswer)),
)]
pub async fn list(request: HttpRequest, state: web::Data<AppState>) -> Result<HttpResponse, Problem> {
    let body = blocking::run(&state, |state| {
        let catalogue = state.service.catalogue()?;
        let writer = Writer { site: &state.site, catalogue: &catalogue, at: state.clock.now() };
        serde_json::to_vec(&writer.programmes()).map_err(|error| Problem::internal(&error))
    })
    .await?;
    Ok(answer(&request, "application/json", body, Keep::Briefly))
}
