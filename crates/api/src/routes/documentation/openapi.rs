//! `GET /openapi.json`: the API for machines.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::{
    caching::{Keep, answer},
    description,
    state::AppState,
    wire::standards::ApiDescription,
};

/// The API's description
///
/// OpenAPI 3.1.
#[utoipa::path(
    get,
    path = "/openapi.json",
    operation_id = "getApiDescription",
    tag = "Documentation",
    responses((status = 200, description = "OpenAPI 3.1", body = ApiDescription)),
)]
pub async fn openapi(request: HttpRequest, state: web::Data<AppState>) -> HttpResponse {
    let written = state.description.get_or_init(|| {
        description::document(&state.site, state.limits.token_lifetime, state.vc_api).to_string().into()
    });
    answer(&request, "application/json", written.clone(), Keep::Briefly)
}
