//! `GET` and `POST /oid4vp/requests/{secret}`: the signed request that a wallet reads
//! (RFC 9101; OID4VP 1.0, 5.7 and 5.10).

use ::wallet::Request;
use actix_web::{HttpResponse, http::header::CACHE_CONTROL, web};
use url::form_urlencoded;

use super::stored::{nonce, open_at};
use crate::{blocking, problem::Problem, state::AppState, wire::protocols::RequestObjectForm};

/// The longest nonce of a wallet's that is signed, in bytes.
const LONGEST: usize = 256;

/// A request, signed
///
/// For the wallet that was given its address, as long as it can be answered. By POST with
/// the wallet's own `wallet_nonce`, if it has one.
#[utoipa::path(
    get,
    path = "/oid4vp/requests/{secret}",
    operation_id = "getPresentationRequestObject",
    tag = "Wallets",
    params(("secret" = String, Path, description = "As the request's link has it")),
    responses(
        (status = 200, description = "The request object", body = String, content_type = "application/oauth-authz-req+jwt"),
        (status = 404, description = "No such request, or it was answered or has ended"),
    ),
)]
pub async fn get(state: web::Data<AppState>, path: web::Path<String>) -> Result<HttpResponse, Problem> {
    signed(&state, &path, None).await
}

/// A request, signed with the wallet's nonce
///
/// The same as by GET, with the wallet's own `wallet_nonce` in it.
#[utoipa::path(
    post,
    path = "/oid4vp/requests/{secret}",
    operation_id = "createPresentationRequestObject",
    tag = "Wallets",
    params(("secret" = String, Path, description = "As the request's link has it")),
    request_body(content = RequestObjectForm, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "The request object", body = String, content_type = "application/oauth-authz-req+jwt"),
        (status = 404, description = "No such request, or it was answered or has ended"),
    ),
)]
pub async fn post(
    state: web::Data<AppState>,
    path: web::Path<String>,
    payload: web::Bytes,
) -> Result<HttpResponse, Problem> {
    let mut fields = form_urlencoded::parse(&payload);
    let wallet_nonce = fields.find(|(name, _)| name == "wallet_nonce").map(|(_, value)| value.into_owned());
    if wallet_nonce.as_ref().is_some_and(|nonce| nonce.len() > LONGEST) {
        return Err(Problem::malformed(format!("`wallet_nonce` is longer than {LONGEST} bytes.")));
    }
    signed(&state, &path, wallet_nonce).await
}

async fn signed(
    state: &web::Data<AppState>,
    secret: &str,
    wallet_nonce: Option<String>,
) -> Result<HttpResponse, Problem> {
    let (record, asked) = open_at(state, secret).await?;
    let response_uri = state.site.url(&format!("/oid4vp/requests/{secret}/answer"));
    let claims = Request {
        client_id: &record.audience,
        client_name: &asked.client_name,
        purpose: &asked.purpose,
        response_uri: &response_uri,
        nonce: &nonce(secret),
        wallet_nonce: wallet_nonce.as_deref(),
        query: &asked.query,
        issued: state.clock.now().timestamp(),
        expires: record.expires.timestamp(),
    };
    let claims = claims.claims();
    let token = blocking::run(state, move |state| Ok(state.service.sign_request(&claims)?)).await?;
    Ok(HttpResponse::Ok()
        .content_type("application/oauth-authz-req+jwt")
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(token))
}
