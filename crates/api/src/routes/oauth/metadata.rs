//! `GET /.well-known/oauth-authorization-server` (RFC 8414).

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;

use crate::{
    auth::scope::Scope,
    caching::{Keep, answer},
    state::AppState,
};

/// How to get a token
///
/// Authorization server metadata (RFC 8414).
#[utoipa::path(
    get,
    path = "/.well-known/oauth-authorization-server",
    tag = "Tokens",
    responses((status = 200, description = "The metadata", body = serde_json::Value)),
)]
pub async fn metadata(request: HttpRequest, state: web::Data<AppState>) -> HttpResponse {
    let document = json!({
        "issuer": state.site.base(),
        "token_endpoint": state.site.url("/oauth2/token"),
        "jwks_uri": state.site.url("/.well-known/jwks.json"),
        "grant_types_supported": ["client_credentials"],
        "response_types_supported": [],
        "token_endpoint_auth_methods_supported": ["private_key_jwt", "client_secret_basic"],
        "token_endpoint_auth_signing_alg_values_supported": ["ES256", "RS256", "EdDSA"],
        "scopes_supported": Scope::ALL.map(Scope::as_str),
        "service_documentation": state.site.url("/docs/api"),
    });
    answer(&request, "application/json", document.to_string(), Keep::Briefly)
}
