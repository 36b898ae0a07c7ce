//! What stands at the address of an exchange.

use actix_web::web;
use chrono::{DateTime, Utc};
use registry::{ExchangeState, OfferExchange, PresentationRequestRecord};

use crate::{
    auth::secret::derived,
    blocking,
    problem::{Problem, table},
    state::AppState,
};

/// An exchange.
pub enum Exchange {
    /// A badge is offered.
    Offer(OfferExchange),
    /// Badges are asked for.
    Request(PresentationRequestRecord),
}

impl Exchange {
    /// The exchange with this secret, over or not.
    pub async fn at(state: &web::Data<AppState>, secret: &str) -> Result<Self, Problem> {
        let (secret, now) = (secret.to_owned(), state.clock.now());
        let found = blocking::registry(state, move |registry| {
            if let Some(offer) = registry.offer_exchange(&secret, now)? {
                return Ok(Some(Self::Offer(offer)));
            }
            Ok(registry.presentation_request_at(&secret)?.map(Self::Request))
        });
        found.await?.ok_or_else(|| Problem::not_found("exchange"))
    }

    /// How far it has come.
    pub fn state(&self, now: DateTime<Utc>) -> ExchangeState {
        match self {
            Self::Offer(offer) => offer.state,
            Self::Request(request) => request.exchange_state(now),
        }
    }

    /// Until when a wallet can take part.
    pub fn expires(&self) -> DateTime<Utc> {
        match self {
            Self::Offer(offer) => offer.offer.expires,
            Self::Request(request) => request.expires,
        }
    }
}

/// The address of the exchange with this secret.
pub fn address(state: &AppState, secret: &str) -> String {
    state.site.url(&format!("/v1/exchanges/{secret}"))
}

/// What the holder signs in the exchange with this secret.
pub fn challenge(secret: &str) -> String {
    derived("exchange challenge", secret)
}

/// Nobody can take part any more.
pub fn over() -> Problem {
    let detail = "The time of this exchange is over, or its offer was taken or its request answered.";
    Problem::new(&table::EXCHANGE_OVER, detail)
}
