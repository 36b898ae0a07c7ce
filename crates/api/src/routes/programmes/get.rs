//! `GET /v1/programmes/{slug}`: a programme's rule, in words and as data.

use actix_web::{HttpRequest, HttpResponse, web};
use model::id::Slug;
use serde::Deserialize;

use crate::{
    blocking,
    caching::{Keep, answer},
    problem::Problem,
    state::AppState,
    wire::{pathways::Writer, programmes::ProgrammeAnswer},
};

/// The query.
#[derive(Debug, Deserialize)]
pub struct Query {
    version: Option<String>,
}

/// A programme
///
/// Its rule in words, English and Welsh, and as data; where it comes from, its copies and
/// its versions. The present version, or the one asked for: a published version never changes.
#[utoipa::path(
    get,
    path = "/v1/programmes/{slug}",
    operation_id = "getProgramme",
    tag = "Catalogue",
    params(
        ("slug" = String, Path, description = "The programme's short name"),
        ("version" = Option<String>, Query, description = "A version; without it, the present one"),
    ),
    responses(
        (status = 200, description = "The programme", body = ProgrammeAnswer),
        (status = 404, description = "No such programme, or not in that version"),
    ),
)]
pub async fn get(
    request: HttpRequest,
    state: web::Data<AppState>,
    path: web::Path<String>,
    query: web::Query<Query>,
) -> Result<HttpResponse, Problem> {
    let slug: Slug = super::super::segment(&path, "programme")?;
    let version = query.into_inner().version;
    let body = blocking::run(&state, move |state| {
        let (catalogue, programmes) = (state.service.catalogue()?, state.service.programmes()?);
        let versions = programmes.versions(&slug);
        let wanted = version.or_else(|| Some(catalogue.programmes.get(&slug)?.version.clone()));
        let found = versions.iter().find(|one| Some(&one.programme.version) == wanted.as_ref());
        let Some(found) = found else { return Err(Problem::not_found("programme in that version")) };
        let writer = Writer { site: &state.site, catalogue: &catalogue, at: state.clock.now() };
        let answer = writer.programme(&found.programme, versions);
        serde_json::to_vec(&answer).map_err(|error| Problem::internal(&error))
    })
    .await?;
    Ok(answer(&request, "application/json", body, Keep::Briefly))
}
