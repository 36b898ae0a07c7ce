//! `GET /v1/trust`: whom those trust who check badges here.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::{
    blocking,
    caching::{Keep, answer},
    problem::Problem,
    state::AppState,
    wire::trust::TrustDocument,
};

/// Policies and lists of issuers
///
/// The trust policies that can be named in a verification (`policy`), what each asks for,
/// and the lists of issuers that they name. Whoever runs the service writes them, and the
/// Academy's registrar adds issuers (`added` says when).
#[utoipa::path(
    get,
    path = "/v1/trust",
    operation_id = "getTrust",
    tag = "Verification",
    responses((status = 200, description = "What there is", body = TrustDocument<'static>)),
)]
pub async fn get(request: HttpRequest, state: web::Data<AppState>) -> Result<HttpResponse, Problem> {
    let body = blocking::run(&state, |state| {
        let decided = state.registry.trust_decisions(None)?.into_iter();
        let file = state.trust.file();
        let registry = file.registry.clone().with_entries(decided.map(|one| (one.entry, one.recorded)));
        serde_json::to_string(&TrustDocument::new(&registry, &file.sources))
            .map_err(|error| Problem::internal(&error))
    })
    .await?;
    Ok(answer(&request, "application/json", body, Keep::Briefly))
}
