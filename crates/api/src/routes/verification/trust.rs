//! `GET /v1/trust`: whom those trust who check badges here.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::{
    caching::{Keep, answer},
    problem::Problem,
    state::AppState,
    wire::trust::TrustDocument,
};

/// Policies and lists of issuers
///
/// The trust policies that can be named in a verification (`policy`), what each asks for,
/// and the lists of issuers that they name. Whoever runs the service writes them.
#[utoipa::path(
    get,
    path = "/v1/trust",
    operation_id = "getTrust",
    tag = "Verification",
    responses((status = 200, description = "What there is", body = TrustDocument<'static>)),
)]
pub async fn get(request: HttpRequest, state: web::Data<AppState>) -> Result<HttpResponse, Problem> {
    let body = serde_json::to_string(&TrustDocument::new(state.trust.file()));
    let body = body.map_err(|error| Problem::internal(&error))?;
    Ok(answer(&request, "application/json", body, Keep::Briefly))
}
