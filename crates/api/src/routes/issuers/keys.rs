//! `GET /.well-known/jwks.json`: the keys of every issuer's JWTs (RFC 7517).

use actix_web::{HttpRequest, HttpResponse, web};

use crate::{
    caching::{Keep, answer},
    state::AppState,
    wire::protocols::JwkSet,
};

/// Every issuer's JWT keys
///
/// A JWK Set (RFC 7517). Retired keys stay in it.
#[utoipa::path(
    get,
    path = "/.well-known/jwks.json",
    operation_id = "getJwkSet",
    tag = "Keys",
    responses((status = 200, description = "The keys", body = JwkSet, content_type = "application/jwk-set+json")),
)]
pub async fn jwks(request: HttpRequest, state: web::Data<AppState>) -> HttpResponse {
    answer(&request, "application/jwk-set+json", state.service.jwks().to_string(), Keep::AskFirst)
}
