//! `POST /oid4vci/deferred`: what could not be given before (OID4VCI 1.0, 9).

use actix_web::{HttpRequest, HttpResponse, web};
use model::id::WalletIssueId;
use registry::OfferRecord;
use serde_json::Value;
use wallet::{Form, RequestError};

use super::{
    credential::{Given, made, standing},
    refusal::{Refusal, offer_of},
};
use crate::{
    blocking, body,
    problem::Problem,
    state::AppState,
    wire::protocols::{DeferredRequest, ProtocolError, WalletCredentialAnswer},
};

/// Take a badge that was deferred
///
/// By the `transaction_id` that the credential endpoint gave, with the same access token.
#[utoipa::path(
    post,
    path = "/oid4vci/deferred",
    operation_id = "takeDeferredWalletCredential",
    tag = "Wallets",
    request_body = DeferredRequest,
    responses(
        (status = 200, description = "The badge: `credentials`, and a `notification_id`", body = WalletCredentialAnswer),
        (status = 202, description = "Not yet: ask again after `interval` seconds", body = WalletCredentialAnswer),
        (status = 400, description = "The request is refused, by a code of OID4VCI 1.0, section 9.3", body = ProtocolError),
        (status = 401, description = "The access token is not known or has ended", body = ProtocolError),
    ),
)]
pub async fn deferred(
    request: HttpRequest,
    state: web::Data<AppState>,
    payload: web::Bytes,
) -> Result<HttpResponse, Problem> {
    match finish(&request, &state, &payload).await {
        Ok(given) => Ok(given.answer(&state)),
        Err(refusal) => refusal.answer(&state),
    }
}

async fn finish(
    request: &HttpRequest,
    state: &web::Data<AppState>,
    payload: &[u8],
) -> Result<Given, Refusal> {
    let offer = offer_of(request, state).await?;
    let asked = body::json(request, payload)?;
    let id = asked.get("transaction_id").and_then(Value::as_str).and_then(|id| id.parse().ok());
    let id = id.ok_or(RequestError::InvalidTransaction)?;
    blocking::run(state, move |state| Ok(give(state, &offer, id))).await?
}

fn give(state: &AppState, offer: &OfferRecord, id: WalletIssueId) -> Result<Given, Refusal> {
    let waiting = state.registry.deferred_issue(offer.id, id).map_err(Problem::from)?;
    let form = waiting.and_then(|form| Form::of_format(&form)).ok_or(RequestError::InvalidTransaction)?;
    let record = standing(state, offer)?;
    let credential = made(state, &record, offer, form)?;
    if credential.is_some() {
        state.registry.finish_issue(offer.id, id, state.clock.now()).map_err(Problem::from)?;
    }
    Ok(Given { credential, id, is_draft: false })
}
