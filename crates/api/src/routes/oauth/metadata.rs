//! `GET /.well-known/oauth-authorization-server` (RFC 8414).

use ::wallet::Profile;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;

use crate::{
    auth::scope::Scope,
    caching::{Keep, answer},
    state::AppState,
    wire::standards::AuthorizationServerMetadata,
};

/// How to get a token
///
/// Authorization server metadata (RFC 8414).
#[utoipa::path(
    get,
    path = "/.well-known/oauth-authorization-server",
    operation_id = "getAuthorizationServerMetadata",
    tag = "Tokens",
    responses((status = 200, description = "The metadata", body = AuthorizationServerMetadata)),
)]
pub async fn metadata(request: HttpRequest, state: web::Data<AppState>) -> HttpResponse {
    let (mut grants, mut responses) = (vec!["client_credentials", ::wallet::PRE_AUTHORISED], Vec::new());
    if state.wallet_profile == Profile::Standard {
        grants.push("authorization_code");
        responses.push("code");
    }
    let mut document = json!({
        "issuer": state.site.base(),
        "token_endpoint": state.site.url("/oauth2/token"),
        "jwks_uri": state.site.url("/.well-known/jwks.json"),
        "grant_types_supported": grants,
        "response_types_supported": responses,
        "pre-authorized_grant_anonymous_access_supported": true,
        "authorization_details_types_supported": ["openid_credential"],
        "token_endpoint_auth_methods_supported": ["private_key_jwt", "client_secret_basic", "none"],
        "token_endpoint_auth_signing_alg_values_supported": ["ES256", "RS256", "EdDSA"],
        "scopes_supported": Scope::ALL.map(Scope::as_str),
        "service_documentation": state.site.url("/docs/api"),
    });
    if let Some(members) = document.as_object_mut().filter(|_| state.wallet_profile == Profile::Standard) {
        members.insert("authorization_endpoint".to_owned(), state.site.url("/oauth2/authorize").into());
        members.insert("code_challenge_methods_supported".to_owned(), json!(["S256"]));
        members.insert("authorization_response_iss_parameter_supported".to_owned(), true.into());
    }
    answer(&request, "application/json", document.to_string(), Keep::Briefly)
}
