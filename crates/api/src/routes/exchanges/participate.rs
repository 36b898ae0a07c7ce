//! `POST /v1/exchanges/{secret}`: a wallet takes part (W3C VCALM 1.0, "Participate in an
//! exchange").

use ::wallet::Message;
use actix_web::{HttpRequest, HttpResponse, http::header::CACHE_CONTROL, web};

use super::{found::Exchange, offered, requested};
use crate::{
    body,
    problem::Problem,
    state::AppState,
    wire::exchanges::{ExchangeAnswer, ExchangeMessage},
};

/// Take part in an exchange
///
/// What a wallet posts that found the exchange at the address of an interaction: first an empty
/// object, which is answered with what is wanted; then a presentation that its holder signed
/// with the challenge and the domain of the exchange. Where a badge is offered it is handed
/// over; where badges are asked for, they are taken as the answer. A presentation may also be
/// the whole body; then the badge comes back so too. What is refused uses nothing up. A wallet
/// that lost the last answer asks again and gets the same: as the same holder where a badge is
/// offered, with the same presentation where badges are asked for.
#[utoipa::path(
    post,
    path = "/v1/exchanges/{secret}",
    operation_id = "participateInExchange",
    tag = "Wallets",
    params(("secret" = String, Path, description = "As the interaction names it")),
    request_body = ExchangeMessage,
    responses(
        (status = 200, description = "What is wanted, what is handed over, or an empty object: nothing more is wanted", body = ExchangeAnswer),
        (status = 404, description = "No such exchange"),
        (status = 409, description = "The badge that is offered was revoked"),
        (status = 410, description = "Its time is over, or it was used"),
        (status = 422, description = "The message, or the presentation in it, is refused; `errors` names the member"),
    ),
)]
pub async fn participate(
    request: HttpRequest,
    state: web::Data<AppState>,
    path: web::Path<String>,
    payload: web::Bytes,
) -> Result<HttpResponse, Problem> {
    let exchange = Exchange::at(&state, &path).await?;
    let message = Message::read(body::json(&request, &payload)?);
    let message = message.map_err(|error| Problem::invalid(vec![error]))?;
    let answer = match exchange {
        Exchange::Offer(offer) => offered::answer(&state, &path, offer, message).await?,
        Exchange::Request(record) => requested::answer(&state, &path, record, message).await?,
    };
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(answer))
}
