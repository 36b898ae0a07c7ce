//! `GET /v1/exchanges/{secret}`: how far an exchange has come (W3C VCALM 1.0, "Get exchange
//! state").

use actix_web::{HttpResponse, http::header::CACHE_CONTROL, web};
use registry::ExchangeState;

use super::found::Exchange;
use crate::{
    auth::{caller::Caller, scope::Scope},
    problem::Problem,
    state::AppState,
    wire::{exchanges::ExchangeProgress, ledger::rfc3339},
};

/// How far an exchange has come
///
/// For the client that made the offer or the request: whether a wallet was there, and whether
/// the badge was taken or the request answered, by this protocol or another.
#[utoipa::path(
    get,
    path = "/v1/exchanges/{secret}",
    operation_id = "getExchange",
    tag = "Wallets",
    params(("secret" = String, Path, description = "As the interaction names it")),
    responses(
        (status = 200, description = "Its state", body = ExchangeProgress),
        (status = 404, description = "No such exchange of this client"),
    ),
    security(("oauth2" = ["wallets:offer", "presentations:request"]), ("apiKey" = [])),
)]
pub async fn read(
    caller: Caller,
    state: web::Data<AppState>,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let exchange = Exchange::at(&state, &path).await?;
    let (scope, maker) = match &exchange {
        Exchange::Offer(offer) => (Scope::WalletsOffer, &offer.by),
        Exchange::Request(request) => (Scope::PresentationsRequest, &request.client),
    };
    caller.need(scope)?;
    if *maker != caller.acting.client {
        return Err(Problem::not_found("exchange"));
    }
    let answer = ExchangeProgress {
        id: path.into_inner(),
        state: match exchange.state(state.clock.now()) {
            ExchangeState::Pending => "pending",
            ExchangeState::Active => "active",
            ExchangeState::Complete => "complete",
            ExchangeState::Invalid => "invalid",
        },
        expires: rfc3339(exchange.expires()),
    };
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(answer))
}
