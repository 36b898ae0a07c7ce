//! `GET /v1/offline-bundle`: what it takes to check badges of this service without a
//! network.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::{
    blocking,
    caching::{Keep, answer},
    problem::Problem,
    state::AppState,
    wire::verification::OfflineBundleDocument,
};

/// An offline bundle
///
/// Every issuer's document, profile and JWK Set, every status list in all its forms as it
/// stands now, and the log's last checkpoint: one document of at most 64 MiB, dated, and
/// signed by the root issuer over the digest of each. `lanyard verify --offline` checks
/// badges by it. It stays the same, with its date, for five minutes where nothing changes;
/// ask again with the `ETag`.
#[utoipa::path(
    get,
    path = "/v1/offline-bundle",
    operation_id = "getOfflineBundle",
    tag = "Verification",
    responses(
        (status = 200, description = "The bundle", body = OfflineBundleDocument,
            headers(("ETag" = String, description = "Changes with every document in it, and every five minutes"))),
        (status = 304, description = "The bundle already held is current"),
    ),
)]
pub async fn bundle(request: HttpRequest, state: web::Data<AppState>) -> Result<HttpResponse, Problem> {
    let bundle = blocking::run(&state, |state| Ok(state.service.offline_bundle()?)).await?;
    Ok(answer(&request, "application/json", bundle.to_string(), Keep::AskFirst))
}
