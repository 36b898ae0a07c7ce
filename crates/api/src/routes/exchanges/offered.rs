//! A badge is offered: the wallet proves who its holder is, and is given it.

use ::wallet::{Demand, Form, Message, handed_over};
use actix_web::web;
use model::{field::FieldError, id::WalletIssueId};
use registry::{CredentialRecord, CredentialState, OfferExchange, OfferRecord, RegistryError, Taken};
use serde_json::Value;
use verification::Expectation;

use super::{
    found::{address, challenge, over},
    proved::{proved, shows_any, states_domain},
};
use crate::{
    blocking,
    problem::{Problem, table},
    state::AppState,
};

/// What a wallet is answered that would take an offer.
pub async fn answer(
    state: &web::Data<AppState>,
    secret: &str,
    exchange: OfferExchange,
    message: Message,
) -> Result<Value, Problem> {
    if !exchange.is_open {
        return Err(over());
    }
    let place = message.place();
    match message {
        Message::Begin => {
            let demand = Demand {
                challenge: &challenge(secret),
                domain: state.site.base(),
                endpoint: &address(state, secret),
                examples: &[],
                contexts: &[],
            };
            let demand = demand.message();
            let (offer, now) = (exchange.offer, state.clock.now());
            blocking::run(state, move |state| {
                standing(state, &offer)?;
                state.registry.begin_offer_exchange(offer.id, now)?;
                Ok(demand)
            })
            .await
        }
        Message::Presentation { presentation, is_bare } => {
            let holder = holder(state, secret, place, &presentation).await?;
            let badge = take(state, secret, exchange.offer, holder).await?;
            Ok(handed_over(&[badge], is_bare))
        }
    }
}

/// The DID that proves itself.
async fn holder(
    state: &AppState,
    secret: &str,
    place: &str,
    presentation: &Value,
) -> Result<String, Problem> {
    let wrong = |member: &str, code, detail: &str, expected: &str| {
        Problem::invalid(vec![FieldError::new(format!("{place}/{member}"), code, detail, expected)])
    };
    if shows_any(presentation) {
        let expected = "a presentation without credentials: nobody is asked to show any";
        return Err(wrong("verifiableCredential", "not-asked-for", "it shows credentials", expected));
    }
    let expectation = Expectation {
        challenge: Some(challenge(secret)),
        // Older links of the Learner Credential Wallet carry a challenge and no domain, and it
        // signs none. The challenge binds its proof to this exchange, and whoever has the
        // address could take the badge with a key of their own, so nothing rests on it.
        domain: states_domain(presentation).then(|| state.site.base().to_owned()),
        ..Expectation::default()
    };
    let report = proved(state, place, &presentation.to_string(), &expectation).await?;
    let holder = report.summary.holder.filter(|holder| holder.starts_with("did:"));
    holder.ok_or_else(|| wrong("holder", "not-a-did", "it is no DID", "the DID whose key signed"))
}

async fn take(
    state: &web::Data<AppState>,
    secret: &str,
    offer: OfferRecord,
    holder: String,
) -> Result<Value, Problem> {
    let (secret, now) = (secret.to_owned(), state.clock.now());
    let badge = blocking::run(state, move |state| {
        // First, so that what is refused is not used up.
        let record = standing(state, &offer)?;
        let badge =
            serde_json::from_str(&record.data_integrity).map_err(|error| Problem::internal(&error))?;
        let issue = WalletIssueId::random(state.entropy.as_ref());
        match state.registry.take_in_exchange(&secret, &holder, issue, now)? {
            Taken::Offer(_) => Ok(badge),
            _ => Err(over()),
        }
    })
    .await?;
    metrics::counter!("lanyard_wallet_credentials_total", "form" => Form::LdpVc.format()).increment(1);
    Ok(badge)
}

/// The badge of an offer, if it stands.
fn standing(state: &AppState, offer: &OfferRecord) -> Result<CredentialRecord, Problem> {
    match state.registry.credential(offer.credential) {
        Ok(Some(record)) if record.state == CredentialState::Issued => Ok(record),
        Ok(Some(_)) => Err(Problem::new(&table::NOT_OFFERED, "The badge was revoked.")),
        Ok(None) | Err(RegistryError::Erased) => {
            Err(Problem::new(&table::NOT_OFFERED, "There is no such badge any more."))
        }
        Err(error) => Err(error.into()),
    }
}
