//! `GET /achievements/{slug}/{version}/image.svg` and `image.png`.

use actix_web::{HttpRequest, HttpResponse, web};
use model::{catalogue::AchievementDefinition, id::Slug};

use crate::{
    blocking,
    caching::{Keep, answer},
    problem::Problem,
    state::AppState,
};

/// An achievement's picture as SVG
#[utoipa::path(
    get,
    path = "/achievements/{slug}/{version}/image.svg",
    operation_id = "getAchievementSvg",
    tag = "Catalogue",
    params(
        ("slug" = String, Path, description = "The achievement's short name"),
        ("version" = String, Path, description = "Its version"),
    ),
    responses(
        (status = 200, description = "The picture", body = String, content_type = "image/svg+xml"),
        (status = 404, description = "No such achievement in that version"),
    ),
)]
pub async fn svg(
    request: HttpRequest,
    state: web::Data<AppState>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let drawing = blocking::run(&state, move |state| Ok(definition(state, &path)?.image.svg)).await?;
    Ok(answer(&request, "image/svg+xml", drawing, Keep::Forever))
}

/// An achievement's picture as PNG
#[utoipa::path(
    get,
    path = "/achievements/{slug}/{version}/image.png",
    operation_id = "getAchievementPng",
    tag = "Catalogue",
    params(
        ("slug" = String, Path, description = "The achievement's short name"),
        ("version" = String, Path, description = "Its version"),
    ),
    responses(
        (status = 200, description = "The picture", body = String, content_type = "image/png"),
        (status = 404, description = "No such achievement in that version"),
    ),
)]
pub async fn png(
    request: HttpRequest,
    state: web::Data<AppState>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let picture = blocking::run(&state, move |state| {
        let drawing = definition(state, &path)?.image.svg;
        state.pictures.png(&drawing).map_err(|error| Problem::internal(&error))
    })
    .await?;
    Ok(answer(&request, "image/png", picture.to_vec(), Keep::Forever))
}

fn definition(state: &AppState, path: &(String, String)) -> Result<AchievementDefinition, Problem> {
    let (slug, version) = path;
    let slug: Slug = super::super::segment(slug, "achievement")?;
    let found = state.service.achievement(&slug, version)?;
    found.ok_or_else(|| Problem::not_found("achievement in that version"))
}
