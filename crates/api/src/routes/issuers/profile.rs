//! `GET /issuers/{slug}`: who an organisation is.

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
    wire::standards::Profile,
};

/// Whether as a page, and the media type.
const OFFERS: &[(&str, (bool, &str))] = &[
    ("application/ld+json", (false, "application/ld+json")),
    ("application/json", (false, "application/json")),
    ("text/html", (true, "text/html; charset=utf-8")),
];

/// An organisation
///
/// As an Open Badges 3.0 Profile or as a page.
#[utoipa::path(
    get,
    path = "/issuers/{slug}",
    operation_id = "getIssuer",
    tag = "Catalogue",
    params(("slug" = String, Path, description = "The organisation's short name")),
    responses(
        (status = 200, description = "The organisation", content(
            (Profile = "application/ld+json"),
            (String = "text/html"),
        )),
        (status = 404, description = "No such organisation"),
        (status = 406, description = "It does not exist in any form accepted"),
    ),
)]
pub async fn profile(
    request: HttpRequest,
    state: web::Data<AppState>,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let slug: Slug = super::super::segment(&path, "organisation")?;
    let (as_page, media_type) = negotiate::choose(request.headers(), OFFERS)?;
    let target = pages::target(&request);
    let body = blocking::run(&state, move |state| {
        if as_page {
            return pages::issuer_page(state, &target, &slug);
        }
        Ok(state.service.issuer_profile(&slug)?.map(|document| document.to_string()))
    })
    .await?
    .ok_or_else(|| Problem::not_found("organisation"))?;
    let mut response = answer(&request, media_type, body, Keep::Briefly);
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept"));
    Ok(response)
}
