//! `POST /oid4vci/nonce`: a nonce for a proof (OID4VCI 1.0, 7).

use actix_web::{HttpResponse, http::header::CACHE_CONTROL, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::refusal::fresh_nonce;
use crate::state::AppState;

/// A nonce.
#[derive(Debug, Serialize, ToSchema)]
pub struct NonceAnswer {
    /// To be signed in the proof of a key, once, within five minutes.
    pub c_nonce: String,
}

/// Get a nonce
///
/// For the proof of a wallet's key (OID4VCI 1.0, section 7). Good once, for five minutes.
#[utoipa::path(
    post,
    path = "/oid4vci/nonce",
    operation_id = "createWalletNonce",
    tag = "Wallets",
    responses((status = 200, description = "The nonce", body = NonceAnswer)),
)]
pub async fn nonce(state: web::Data<AppState>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "no-store"))
        .json(NonceAnswer { c_nonce: fresh_nonce(&state) })
}
