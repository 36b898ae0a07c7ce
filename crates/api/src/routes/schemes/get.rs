//! `GET /v1/schemes/{scheme}`: a CPD scheme.

use actix_web::{HttpRequest, HttpResponse, web};
use model::id::Slug;

use crate::{
    blocking,
    caching::{Keep, answer},
    problem::Problem,
    state::AppState,
    wire::standards::Achievement,
};

/// A CPD scheme
///
/// As the Open Badges 3.0 Achievement that signed statements under it are about: what each
/// period needs by the present rules, and what each result of a statement means.
#[utoipa::path(
    get,
    path = "/v1/schemes/{scheme}",
    operation_id = "getScheme",
    tag = "Catalogue",
    params(("scheme" = String, Path, description = "The scheme's short name")),
    responses(
        (status = 200, description = "The scheme", content((Achievement = "application/ld+json"))),
        (status = 404, description = "No such scheme"),
    ),
)]
pub async fn get(
    request: HttpRequest,
    state: web::Data<AppState>,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let scheme: Slug = super::super::segment(&path, "scheme")?;
    let document = blocking::run(&state, move |state| Ok(state.service.scheme_document(&scheme)?)).await?;
    let document = document.ok_or_else(|| Problem::not_found("scheme"))?;
    Ok(answer(&request, "application/ld+json", document.to_string(), Keep::Briefly))
}
