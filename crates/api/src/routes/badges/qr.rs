//! `GET /badges/{id}/qr.svg`: a QR code that leads to a badge's page.

use actix_web::{HttpRequest, HttpResponse, web};
use model::id::CredentialId;

use crate::{
    blocking,
    caching::{Keep, answer},
    problem::Problem,
    state::AppState,
};

/// A QR code of a badge's address
#[utoipa::path(
    get,
    path = "/badges/{id}/qr.svg",
    operation_id = "getBadgeQrCode",
    tag = "Pages",
    params(("id" = String, Path, description = "The credential's UUID")),
    responses(
        (status = 200, description = "The code", body = String, content_type = "image/svg+xml"),
        (status = 404, description = "No such badge"),
    ),
)]
pub async fn qr(
    request: HttpRequest,
    state: web::Data<AppState>,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let id: CredentialId = super::super::segment(&path, "badge")?;
    let exists = blocking::registry(&state, move |registry| Ok(registry.credential(id)?.is_some())).await?;
    if !exists {
        return Err(Problem::not_found("badge"));
    }
    let code = artwork::qr::svg(&state.site.badge_page(id), "QR code: the address of this badge");
    let code = code.map_err(|error| Problem::internal(&error))?;
    Ok(answer(&request, "image/svg+xml", code, Keep::Forever))
}
