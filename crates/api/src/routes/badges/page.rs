//! `GET /badges/{id}`: the page of a badge; for a machine that asks for a
//! credential at the page's address, the credential.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, HeaderValue},
    web,
};
use model::id::CredentialId;

use super::super::credentials::get::{Form, represent};
use crate::{blocking, negotiate, problem::Problem, state::AppState};

const OFFERS: &[(&str, (Form, &str))] = &[
    ("text/html", (Form::Page, "text/html; charset=utf-8")),
    ("application/vc+ld+json", (Form::DataIntegrity, "application/vc+ld+json")),
    ("application/vc", (Form::DataIntegrity, "application/vc")),
    ("application/ld+json", (Form::DataIntegrity, "application/ld+json")),
    ("application/json", (Form::DataIntegrity, "application/json")),
    ("application/vc+jwt", (Form::Jwt, "application/vc+jwt")),
    ("application/dc+sd-jwt", (Form::SdJwt, "application/dc+sd-jwt")),
    ("image/png", (Form::Png, "image/png")),
    ("image/svg+xml", (Form::Svg, "image/svg+xml")),
];

/// The page of a badge
///
/// For people; other forms by the Accept header, as at the credential itself.
#[utoipa::path(
    get,
    path = "/badges/{id}",
    operation_id = "getBadgePage",
    tag = "Pages",
    params(("id" = String, Path, description = "The credential's UUID")),
    responses(
        (status = 200, description = "The page", body = String, content_type = "text/html"),
        (status = 404, description = "No such badge"),
        (status = 406, description = "It does not exist in any form accepted"),
    ),
)]
pub async fn page(
    request: HttpRequest,
    state: web::Data<AppState>,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let id: CredentialId = super::super::segment(&path, "badge")?;
    let (form, media_type) = negotiate::choose(request.headers(), OFFERS)?;
    let record = blocking::registry(&state, move |registry| registry.credential(id)).await?;
    let record = record.ok_or_else(|| Problem::not_found("badge"))?;
    let mut response = represent(&request, &state, record, form, media_type).await?;
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept"));
    Ok(response)
}
