//! `GET /oid4vci/offers/{secret}`: an offer by reference (OID4VCI 1.0, 4.1.3).

use actix_web::{HttpRequest, HttpResponse, web};
use wallet::{Form, Offer};

use super::{offers::DIGITS, secret::OfferSecret};
use crate::{
    blocking,
    caching::{Keep, answer},
    problem::Problem,
    state::AppState,
    wire::standards::CredentialOffer,
};

/// An offer by reference
///
/// What a wallet reads that was given the address of an offer, for as long as nobody has
/// taken it.
#[utoipa::path(
    get,
    path = "/oid4vci/offers/{secret}",
    operation_id = "getWalletOffer",
    tag = "Wallets",
    params(("secret" = String, Path, description = "As the offer's link has it")),
    responses(
        (status = 200, description = "The offer", body = CredentialOffer),
        (status = 404, description = "No such offer, or it was taken or has ended"),
    ),
)]
pub async fn offer(
    request: HttpRequest,
    state: web::Data<AppState>,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let missing = || Problem::not_found("offer that can still be taken");
    let secret = OfferSecret::read(&path).ok_or_else(missing)?;
    let (code, now) = (secret.code(), state.clock.now());
    let found = blocking::registry(&state, move |registry| registry.offer_by_code(&code, now)).await?;
    let found = found.ok_or_else(missing)?;
    let (code, issuer_state) = (secret.code(), secret.issuer_state());
    let document = Offer {
        issuer: state.site.base(),
        forms: &Form::ALL,
        code: &code,
        digits: found.has_transaction_code.then_some(DIGITS),
        issuer_state: found.has_transaction_code.then_some(issuer_state.as_str()),
    };
    Ok(answer(&request, "application/json", document.document().to_string(), Keep::Never))
}
