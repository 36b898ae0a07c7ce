//! `GET /ims/ob/v3p0/discovery`: the service description document (Open Badges 3.0, 6.2.1).

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Map, Value, json};

use super::{BASE, scope};
use crate::{
    caching::{Keep, answer},
    state::AppState,
    wire::standards::ApiDescription,
};

/// What other systems can do with a passport
///
/// The service description document of the service API of Open Badges 3.0.
#[utoipa::path(
    get,
    path = "/ims/ob/v3p0/discovery",
    operation_id = "getPassportDiscovery",
    tag = "Passport",
    responses((status = 200, description = "The document", body = ApiDescription)),
)]
pub async fn discovery(request: HttpRequest, state: web::Data<AppState>) -> HttpResponse {
    let at = |path: &str| state.site.url(&format!("{BASE}{path}"));
    let scopes: Map<String, Value> =
        scope::ALL.into_iter().map(|(name, meaning)| (name.to_owned(), meaning.into())).collect();
    let operation = |id: &str, summary: &str, scope: Option<&str>| {
        let mut operation = json!({
            "tags": ["OpenBadgeCredentials"],
            "operationId": id,
            "summary": summary,
            "responses": {"200": {"description": "As Open Badges 3.0 has it."}},
        });
        if let (Some(scope), Some(members)) = (scope, operation.as_object_mut()) {
            members.insert("security".to_owned(), json!([{"OAuth2ACG": [scope]}]));
        }
        operation
    };
    let document = json!({
        "openapi": "3.0.1",
        "info": {
            "title": "Lanyard",
            "version": "3.0",
            "termsOfService": state.site.url("/docs/api"),
            "x-imssf-privacyPolicyUrl": state.site.url("/docs/api"),
            "x-imssf-image": state.site.url("/assets/icon.png"),
        },
        "servers": [{"url": at("")}],
        "tags": [{"name": "OpenBadgeCredentials", "description": "A learner's passport"}],
        "paths": {
            "/credentials": {
                "get": operation("getCredentials", "Read the credentials", Some(scope::READ)),
                "post": operation("upsertCredential", "Add a credential", Some(scope::UPSERT)),
            },
            "/discovery": {"get": operation("getServiceDescription", "This document", None)},
            "/profile": {
                "get": operation("getProfile", "Read the profile", Some(scope::PROFILE_READ)),
                "put": operation("putProfile", "Write the profile", Some(scope::PROFILE_WRITE)),
            },
        },
        "components": {"securitySchemes": {"OAuth2ACG": {
            "type": "oauth2",
            "description": "OAuth 2.0 authorisation code with PKCE (S256)",
            "x-imssf-registrationUrl": at("/register"),
            "x-imssf-revocationUrl": at("/revoke"),
            "flows": {"authorizationCode": {
                "authorizationUrl": at("/authorize"),
                "tokenUrl": at("/token"),
                "refreshUrl": at("/token"),
                "scopes": scopes,
            }},
        }}},
    });
    answer(&request, "application/json", document.to_string(), Keep::Briefly)
}
