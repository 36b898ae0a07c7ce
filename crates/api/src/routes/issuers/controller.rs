//! `GET /.well-known/did.json` and `GET /issuers/{slug}/did.json`: the keys an
//! issuer signs with (Controlled Identifiers 1.0; did:web).

use actix_web::{HttpRequest, HttpResponse, web};
use model::id::Slug;
use wallet::Profile;

use crate::{
    blocking,
    caching::{Keep, answer},
    negotiate,
    problem::Problem,
    state::AppState,
    wire::protocols::DidDocument,
};

const OFFERS: &[(&str, &str)] = &[
    ("application/did+ld+json", "application/did+ld+json"),
    ("application/did+json", "application/did+json"),
    ("application/did", "application/did"),
    ("application/cid", "application/cid"),
    ("application/ld+json", "application/ld+json"),
    ("application/json", "application/json"),
];

/// The root issuer's keys
///
/// The DID document of the organisation whose DID is the bare domain.
#[utoipa::path(
    get,
    path = "/.well-known/did.json",
    operation_id = "getRootDidDocument",
    tag = "Keys",
    responses(
        (status = 200, description = "The document", body = DidDocument, content_type = "application/did+ld+json"),
        (status = 404, description = "The organisation has no keys"),
        (status = 406, description = "It does not exist in any form accepted"),
    ),
)]
pub async fn of_root(request: HttpRequest, state: web::Data<AppState>) -> Result<HttpResponse, Problem> {
    let root = state.site.root_issuer().clone();
    document(&request, &state, root).await
}

/// An issuer's keys
///
/// The DID document of one organisation. Retired keys stay in it: what they
/// signed is still good.
#[utoipa::path(
    get,
    path = "/issuers/{slug}/did.json",
    operation_id = "getIssuerDidDocument",
    tag = "Keys",
    params(("slug" = String, Path, description = "The organisation's short name")),
    responses(
        (status = 200, description = "The document", body = DidDocument, content_type = "application/did+ld+json"),
        (status = 404, description = "No such organisation, or it has no keys"),
        (status = 406, description = "It does not exist in any form accepted"),
    ),
)]
pub async fn of_issuer(
    request: HttpRequest,
    state: web::Data<AppState>,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let slug = super::super::segment(&path, "organisation")?;
    document(&request, &state, slug).await
}

async fn document(
    request: &HttpRequest,
    state: &web::Data<AppState>,
    slug: Slug,
) -> Result<HttpResponse, Problem> {
    let media_type = negotiate::choose(request.headers(), OFFERS)?;
    let document = blocking::run(state, move |state| Ok(state.service.controlled_document(&slug)?)).await?;
    let document = document.ok_or_else(|| Problem::not_found("organisation with keys"))?;
    let document = match state.wallet_profile {
        Profile::Standard => document,
        Profile::GovUk => wallet::json_web_key_2020(document),
    };
    Ok(answer(request, media_type, document.to_string(), Keep::AskFirst))
}
