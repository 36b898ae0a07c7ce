//! Exchanges of the VC API: another way to take an offer or to answer a request. Each is
//! the offer's or the request's own row, so that whichever way is taken first is the only
//! one.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use model::id::{OfferId, PresentationRequestId, WalletIssueId};

use super::{
    offer::{OfferRecord, OfferRow, Taken},
    presentation::PresentationRequestRecord,
};
use crate::{
    Registry, RegistryError,
    db::stored,
    schema::{presentation_requests, wallet_issues, wallet_offers},
};

/// The form in which a badge is handed over in an exchange.
const FORM: &str = "ldp_vc";

/// How far an exchange has come (VCALM 1.0, "Get exchange state").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExchangeState {
    /// No wallet was there.
    Pending,
    /// A wallet asked what is wanted.
    Active,
    /// The offer was taken, or the request answered, in whichever protocol.
    Complete,
    /// It ended before that.
    Invalid,
}

/// An offer that can be taken in an exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferExchange {
    /// The offer.
    pub offer: OfferRecord,
    /// The client that made it.
    pub by: String,
    /// How far it has come.
    pub state: ExchangeState,
    /// Whether a wallet is still answered: its time is not over, and nobody took it in
    /// another protocol.
    pub is_open: bool,
}

/// An offer, by whom it was made, when a wallet began an exchange, when it was taken, and a
/// digest of who took it in an exchange.
type Found = (OfferRow, String, Option<NaiveDateTime>, Option<NaiveDateTime>, Option<String>);

impl Registry {
    /// The offer whose exchange has this secret.
    pub fn offer_exchange(
        &self,
        secret: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<OfferExchange>, RegistryError> {
        let digest = self.exchange_digest(secret);
        let found: Option<Found> = self.read(|db| {
            Ok(wallet_offers::table
                .filter(wallet_offers::exchange_digest.eq(digest))
                .select((
                    OfferRow::as_select(),
                    wallet_offers::offered_by,
                    wallet_offers::exchange_begun_at,
                    wallet_offers::taken_at,
                    wallet_offers::exchange_holder,
                ))
                .first(db)
                .optional()?)
        })?;
        let Some((row, by, begun, taken, holder)) = found else { return Ok(None) };
        let offer = row.read()?;
        let can_be_taken = row.can_be_taken(stored(now));
        let is_open = can_be_taken || (holder.is_some() && now <= offer.expires);
        let state = match (taken, begun) {
            (Some(_), _) => ExchangeState::Complete,
            (None, _) if !can_be_taken => ExchangeState::Invalid,
            (None, Some(_)) => ExchangeState::Active,
            (None, None) => ExchangeState::Pending,
        };
        Ok(Some(OfferExchange { offer, by, state, is_open }))
    }

    /// Opens the exchange of an offer to whoever gives its transaction code: from now on
    /// `exchange` is its secret, and no other. The offer stays to be taken.
    pub fn open_exchange(
        &self,
        code: &str,
        transaction_code: &str,
        exchange: &str,
        now: DateTime<Utc>,
    ) -> Result<Taken, RegistryError> {
        let (code, exchange) = (self.code_digest(code), self.exchange_digest(exchange));
        self.write(|db| {
            let by_code = wallet_offers::table.filter(wallet_offers::code_digest.eq(&code));
            diesel::update(by_code).set(wallet_offers::tries.eq(wallet_offers::tries)).execute(db)?;
            let row = by_code.select(OfferRow::as_select()).first(db).optional()?;
            let Some(row) = row.filter(|row: &OfferRow| row.can_be_taken(stored(now))) else {
                return Ok(Taken::Unknown);
            };
            if let Some(refused) = self.wrong_code(db, &row, Some(transaction_code))? {
                return Ok(refused);
            }
            diesel::update(wallet_offers::table.find(&row.id))
                .set(wallet_offers::exchange_digest.eq(&exchange))
                .execute(db)?;
            Ok(Taken::Offer(row.read()?))
        })
    }

    /// Notes that a wallet asked what is wanted of it to take an offer.
    pub fn begin_offer_exchange(&self, offer: OfferId, now: DateTime<Utc>) -> Result<(), RegistryError> {
        self.write(|db| {
            let first = wallet_offers::table
                .filter(wallet_offers::id.eq(offer.to_string()))
                .filter(wallet_offers::exchange_begun_at.is_null());
            diesel::update(first).set(wallet_offers::exchange_begun_at.eq(stored(now))).execute(db)?;
            Ok(())
        })
    }

    /// Takes an offer in its exchange for `holder`, a DID, and notes under `issue` that the
    /// badge was given. Whoever took it there before takes it again, as long as it lasts;
    /// then nothing is noted.
    pub fn take_in_exchange(
        &self,
        secret: &str,
        holder: &str,
        issue: WalletIssueId,
        now: DateTime<Utc>,
    ) -> Result<Taken, RegistryError> {
        let digest = self.exchange_digest(secret);
        self.write(|db| {
            // Whoever takes the same offer at this moment waits here.
            let by_secret = wallet_offers::table.filter(wallet_offers::exchange_digest.eq(&digest));
            diesel::update(by_secret).set(wallet_offers::tries.eq(wallet_offers::tries)).execute(db)?;
            let found: Option<(OfferRow, Option<String>)> = by_secret
                .select((OfferRow::as_select(), wallet_offers::exchange_holder))
                .first(db)
                .optional()?;
            let Some((row, held)) = found else { return Ok(Taken::Unknown) };
            let offer = row.read()?;
            let holder = self.digests().text("exchange holder", &[row.id.as_bytes(), holder.as_bytes()]);
            if held.as_ref() == Some(&holder) && now <= offer.expires {
                return Ok(Taken::Offer(offer));
            }
            if !row.can_be_taken(stored(now)) {
                return Ok(Taken::Unknown);
            }
            diesel::update(wallet_offers::table.find(&row.id))
                .set((wallet_offers::taken_at.eq(stored(now)), wallet_offers::exchange_holder.eq(holder)))
                .execute(db)?;
            diesel::insert_into(wallet_issues::table)
                .values((
                    wallet_issues::id.eq(issue.to_string()),
                    wallet_issues::offer_id.eq(&row.id),
                    wallet_issues::form.eq(FORM),
                    wallet_issues::asked_at.eq(stored(now)),
                    wallet_issues::issued_at.eq(stored(now)),
                ))
                .execute(db)?;
            Ok(Taken::Offer(offer))
        })
    }

    /// Notes that a wallet asked what is wanted of it to answer a request.
    pub fn begin_presentation_exchange(
        &self,
        request: PresentationRequestId,
        now: DateTime<Utc>,
    ) -> Result<(), RegistryError> {
        self.write(|db| {
            let first = presentation_requests::table
                .filter(presentation_requests::id.eq(request.to_string()))
                .filter(presentation_requests::exchange_begun_at.is_null());
            diesel::update(first)
                .set(presentation_requests::exchange_begun_at.eq(stored(now)))
                .execute(db)?;
            Ok(())
        })
    }

    /// Whether it was this presentation, as text, that answered a request in its exchange.
    pub fn was_presented(
        &self,
        request: PresentationRequestId,
        presented: &str,
    ) -> Result<bool, RegistryError> {
        let id = request.to_string();
        let digest = self.presented_digest(&id, presented);
        self.read(|db| {
            let found = presentation_requests::table
                .find(&id)
                .filter(presentation_requests::exchange_digest.eq(digest));
            Ok(diesel::select(diesel::dsl::exists(found)).get_result(db)?)
        })
    }

    /// A response code for whoever answers a request with this presentation: the same for
    /// the same, and to be guessed by nobody, not even by who has the request's secret.
    pub fn response_code(&self, request: PresentationRequestId, presented: &str) -> String {
        self.digests().text("exchange response", &[request.to_string().as_bytes(), presented.as_bytes()])
    }

    pub(super) fn exchange_digest(&self, secret: &str) -> String {
        self.digests().text("exchange", &[secret.as_bytes()])
    }

    pub(super) fn presented_digest(&self, request: &str, presented: &str) -> String {
        self.digests().text("exchange presentation", &[request.as_bytes(), presented.as_bytes()])
    }
}

impl PresentationRequestRecord {
    /// How far its exchange has come.
    pub fn exchange_state(&self, now: DateTime<Utc>) -> ExchangeState {
        match (self.answered, self.begun) {
            (Some(_), _) => ExchangeState::Complete,
            (None, _) if self.expires < now => ExchangeState::Invalid,
            (None, Some(_)) => ExchangeState::Active,
            (None, None) => ExchangeState::Pending,
        }
    }
}
