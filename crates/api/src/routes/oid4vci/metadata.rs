//! `GET /.well-known/openid-credential-issuer` (OID4VCI 1.0, 12.2).

use std::collections::BTreeSet;

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::Value;
use wallet::Profile;

use crate::{
    blocking,
    caching::{Keep, answer},
    problem::Problem,
    state::AppState,
    wire::standards::CredentialIssuerMetadata,
};

/// What wallets can have
///
/// Credential issuer metadata (OID4VCI 1.0, section 12.2): the forms of a badge, in English
/// and Welsh, and where they are had.
#[utoipa::path(
    get,
    path = "/.well-known/openid-credential-issuer",
    operation_id = "getCredentialIssuerMetadata",
    tag = "Wallets",
    responses((status = 200, description = "The metadata", body = CredentialIssuerMetadata)),
)]
pub async fn metadata(request: HttpRequest, state: web::Data<AppState>) -> Result<HttpResponse, Problem> {
    let catalogue = blocking::run(&state, |state| Ok(state.service.catalogue()?)).await?;
    let root = state.site.root_issuer();
    let name = catalogue.organisations.get(root).map_or(root.as_str(), |root| &root.name);
    let document = wallet::issuer_metadata(
        (state.site.base(), name),
        &state.site.credential_type(),
        &model::ob::contexts(),
        &algorithms(&state),
        state.wallet_profile,
    );
    Ok(answer(&request, "application/json", document.to_string(), Keep::Briefly))
}

/// What JWTs are signed with here.
fn algorithms(state: &AppState) -> Vec<String> {
    let keys = state.service.jwks();
    let keys = keys.get("keys").and_then(Value::as_array).into_iter().flatten();
    let named = keys.filter_map(|key| key.get("alg")?.as_str().map(str::to_owned));
    let all: BTreeSet<String> =
        named.filter(|name| state.wallet_profile == Profile::Standard || name == "ES256").collect();
    all.into_iter().collect()
}
