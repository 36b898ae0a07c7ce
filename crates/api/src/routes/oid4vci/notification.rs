//! `POST /oid4vci/notification`: what became of a badge in the wallet (OID4VCI 1.0, 11).

use actix_web::{HttpRequest, HttpResponse, web};
use model::id::WalletIssueId;
use wallet::{Notification, RequestError};

use super::refusal::{Refusal, offer_of};
use crate::{
    blocking, body,
    problem::Problem,
    state::AppState,
    wire::protocols::{ProtocolError, WalletNotification},
};

/// Say what became of a badge
///
/// `credential_accepted`, `credential_failure` or `credential_deleted`, for the
/// `notification_id` that came with it. What is said about it in words is not kept.
#[utoipa::path(
    post,
    path = "/oid4vci/notification",
    operation_id = "notifyOfWalletCredential",
    tag = "Wallets",
    request_body = WalletNotification,
    responses(
        (status = 204, description = "It is noted"),
        (status = 400, description = "The request is refused, by a code of OID4VCI 1.0, section 11.3", body = ProtocolError),
        (status = 401, description = "The access token is not known or has ended", body = ProtocolError),
    ),
)]
pub async fn notify(
    request: HttpRequest,
    state: web::Data<AppState>,
    payload: web::Bytes,
) -> Result<HttpResponse, Problem> {
    match note(&request, &state, &payload).await {
        Ok(()) => Ok(HttpResponse::NoContent().finish()),
        Err(refusal) => refusal.answer(&state),
    }
}

async fn note(request: &HttpRequest, state: &web::Data<AppState>, payload: &[u8]) -> Result<(), Refusal> {
    let offer = offer_of(request, state).await?;
    let notification = Notification::read(&body::json(request, payload)?)?;
    let id: WalletIssueId = notification.id.parse().map_err(|_| RequestError::InvalidNotificationId)?;
    let (event, now) = (notification.event.as_str(), state.clock.now());
    let noted =
        blocking::registry(state, move |registry| registry.notify_issue(offer.id, id, event, now)).await?;
    if noted { Ok(()) } else { Err(RequestError::InvalidNotificationId.into()) }
}
