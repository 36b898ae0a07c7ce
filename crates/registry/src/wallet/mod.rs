//! What is kept of the talk with wallets: offers and what came of them, nonces that were
//! used, and what verifiers ask.

mod bound;
mod exchange;
mod issue;
mod nonce;
mod offer;
mod presentation;
mod taking;

pub use exchange::{ExchangeState, OfferExchange};
pub use issue::Issue;
pub use offer::{NewOffer, NewWalletToken, OfferRecord, OfferSummary, Taken};
pub use presentation::{NewAnswer, NewPresentationRequest, PresentationRequestRecord, Read};

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;

use crate::{
    RegistryError,
    db::{Db, stored},
    schema::{wallet_issues, wallet_nonces, wallet_offers},
};

/// How many rows one statement names.
const AT_ONCE: usize = 500;

/// How long whoever made an offer can see what came of it after it ended.
const OFFERS_STAY: TimeDelta = TimeDelta::days(30);

/// Deletes what a wallet was offered of these credentials and what verifiers were told of
/// this learner.
pub(crate) fn forget(db: &mut Db, learner: &str, credentials: &[String]) -> Result<(), RegistryError> {
    for credentials in credentials.chunks(AT_ONCE) {
        let offers = wallet_offers::table
            .filter(wallet_offers::credential_id.eq_any(credentials))
            .select(wallet_offers::id)
            .load(db)?;
        delete(db, &offers)?;
    }
    presentation::forget(db, learner)
}

/// Deletes what ended long enough ago; gives the number of rows.
pub(crate) fn sweep(db: &mut Db, now: DateTime<Utc>) -> Result<usize, RegistryError> {
    let long_ago = stored(now - OFFERS_STAY);
    let is_over = wallet_offers::token_expires_at.is_null().or(wallet_offers::token_expires_at.lt(long_ago));
    let offers: Vec<String> = wallet_offers::table
        .filter(wallet_offers::expires_at.lt(long_ago))
        .filter(is_over.assume_not_null())
        .select(wallet_offers::id)
        .load(db)?;
    delete(db, &offers)?;
    let nonces = wallet_nonces::table.filter(wallet_nonces::expires_at.lt(stored(now)));
    Ok(offers.len() + diesel::delete(nonces).execute(db)? + presentation::sweep(db, now)?)
}

fn delete(db: &mut Db, offers: &[String]) -> Result<(), RegistryError> {
    for offers in offers.chunks(AT_ONCE) {
        diesel::delete(wallet_issues::table.filter(wallet_issues::offer_id.eq_any(offers))).execute(db)?;
        diesel::delete(wallet_offers::table.filter(wallet_offers::id.eq_any(offers))).execute(db)?;
    }
    Ok(())
}
