//! `GET /achievements/{slug}/{version}`: an achievement in one version.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, HeaderValue},
    web,
};
use model::id::Slug;

use crate::{
    blocking,
    caching::{Keep, answer},
    negotiate, pages,
    problem::Problem,
    state::AppState,
    wire::standards::Achievement,
};

/// Whether as a page, and the media type.
const OFFERS: &[(&str, (bool, &str))] = &[
    ("application/ld+json", (false, "application/ld+json")),
    ("application/json", (false, "application/json")),
    ("text/html", (true, "text/html; charset=utf-8")),
];

/// An achievement
///
/// As an Open Badges 3.0 Achievement or as a page. A version never changes.
#[utoipa::path(
    get,
    path = "/achievements/{slug}/{version}",
    operation_id = "getAchievement",
    tag = "Catalogue",
    params(
        ("slug" = String, Path, description = "The achievement's short name"),
        ("version" = String, Path, description = "Its version"),
    ),
    responses(
        (status = 200, description = "The achievement", content(
            (Achievement = "application/ld+json"),
            (String = "text/html"),
        )),
        (status = 404, description = "No such achievement in that version"),
        (status = 406, description = "It does not exist in any form accepted"),
    ),
)]
pub async fn get(
    request: HttpRequest,
    state: web::Data<AppState>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let (slug, version) = path.into_inner();
    let slug: Slug = super::super::segment(&slug, "achievement")?;
    let (as_page, media_type) = negotiate::choose(request.headers(), OFFERS)?;
    let target = pages::target(&request);
    let body = blocking::run(&state, move |state| {
        if as_page {
            return pages::achievement_page(state, &target, &slug, &version);
        }
        Ok(state.service.achievement_document(&slug, &version)?.map(|document| document.to_string()))
    })
    .await?
    .ok_or_else(|| Problem::not_found("achievement in that version"))?;
    let mut response = answer(&request, media_type, body, Keep::Briefly);
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept"));
    Ok(response)
}
