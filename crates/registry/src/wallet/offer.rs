//! Offers of badges to wallets.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use model::id::{CredentialId, OfferId};

use crate::{
    Registry, RegistryError,
    db::{Db, stored},
    digest::Digests,
    error::parsed,
    schema::{wallet_issues, wallet_offers},
};

/// How often a wrong transaction code may be given; then nobody can take the offer.
const TRIES: i32 = 5;

/// An offer to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOffer<'a> {
    /// The offer.
    pub id: OfferId,
    /// The credential that is offered.
    pub credential: CredentialId,
    /// The client that makes it.
    pub by: &'a str,
    /// The pre-authorised code.
    pub code: &'a str,
    /// What names the offer at the authorisation endpoint.
    pub issuer_state: &'a str,
    /// The transaction code, if there is one.
    pub transaction_code: Option<&'a str>,
    /// The secret of its exchange, if it can be taken there without a transaction code.
    pub exchange: Option<&'a str>,
    /// Until when it can be taken.
    pub expires: DateTime<Utc>,
}

/// An access token to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewWalletToken<'a> {
    /// The token.
    pub token: &'a str,
    /// When it ends.
    pub expires: DateTime<Utc>,
}

/// An offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferRecord {
    /// The offer.
    pub id: OfferId,
    /// The credential that is offered.
    pub credential: CredentialId,
    /// Whether a transaction code is asked for.
    pub has_transaction_code: bool,
    /// Until when it can be taken.
    pub expires: DateTime<Utc>,
}

/// What came of an offer, for whoever made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferSummary {
    /// The offer.
    pub id: OfferId,
    /// The client that made it.
    pub by: String,
    /// When it was made.
    pub created: DateTime<Utc>,
    /// Until when it can be taken.
    pub expires: DateTime<Utc>,
    /// Whether too many wrong transaction codes were given.
    pub is_void: bool,
    /// When it was taken.
    pub taken: Option<DateTime<Utc>>,
    /// The last that a wallet said of what it was given.
    pub event: Option<String>,
}

/// What came of an attempt to take an offer a step further.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// It was taken; nobody takes this step again.
    Offer(OfferRecord),
    /// There is no such offer or code: never, no longer, not for this wallet, or it was
    /// taken before.
    Unknown,
    /// The transaction code is missing.
    CodeMissing,
    /// There is no transaction code to be given.
    CodeUnexpected,
    /// The transaction code is wrong.
    CodeWrong {
        /// How often it may still be tried.
        left: u32,
    },
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = wallet_offers)]
pub(super) struct OfferRow {
    pub id: String,
    credential_id: String,
    pub transaction_digest: Option<String>,
    pub tries: i32,
    expires_at: NaiveDateTime,
    taken_at: Option<NaiveDateTime>,
}

impl OfferRow {
    pub fn read(&self) -> Result<OfferRecord, RegistryError> {
        Ok(OfferRecord {
            id: parsed("wallet_offers", &self.id, &self.id)?,
            credential: parsed("wallet_offers", &self.id, &self.credential_id)?,
            has_transaction_code: self.transaction_digest.is_some(),
            expires: self.expires_at.and_utc(),
        })
    }

    pub fn can_be_taken(&self, now: NaiveDateTime) -> bool {
        self.taken_at.is_none() && self.tries > 0 && now <= self.expires_at
    }
}

impl Registry {
    /// Keeps an offer.
    pub fn offer(&self, offer: &NewOffer<'_>, now: DateTime<Utc>) -> Result<(), RegistryError> {
        let id = offer.id.to_string();
        let transaction = offer.transaction_code.map(|code| transaction_digest(self.digests(), &id, code));
        let row = (
            wallet_offers::id.eq(&id),
            wallet_offers::credential_id.eq(offer.credential.to_string()),
            wallet_offers::offered_by.eq(offer.by),
            wallet_offers::code_digest.eq(self.code_digest(offer.code)),
            wallet_offers::state_digest.eq(self.state_digest(offer.issuer_state)),
            wallet_offers::transaction_digest.eq(transaction),
            wallet_offers::exchange_digest.eq(offer.exchange.map(|secret| self.exchange_digest(secret))),
            wallet_offers::tries.eq(TRIES),
            wallet_offers::created_at.eq(stored(now)),
            wallet_offers::expires_at.eq(stored(offer.expires)),
        );
        self.write(|db| {
            diesel::insert_into(wallet_offers::table).values(row).execute(db)?;
            Ok(())
        })
    }

    /// The offer with this pre-authorised code, as long as it can be taken.
    pub fn offer_by_code(
        &self,
        code: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<OfferRecord>, RegistryError> {
        let digest = self.code_digest(code);
        self.open_offer(
            |db| {
                wallet_offers::table
                    .filter(wallet_offers::code_digest.eq(digest))
                    .select(OfferRow::as_select())
                    .first(db)
                    .optional()
            },
            now,
        )
    }

    /// The offer that the authorisation endpoint knows by this name, as long as it can be
    /// taken.
    pub fn offer_by_state(
        &self,
        state: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<OfferRecord>, RegistryError> {
        let digest = self.state_digest(state);
        self.open_offer(
            |db| {
                wallet_offers::table
                    .filter(wallet_offers::state_digest.eq(digest))
                    .select(OfferRow::as_select())
                    .first(db)
                    .optional()
            },
            now,
        )
    }

    fn open_offer(
        &self,
        find: impl FnOnce(&mut Db) -> QueryResult<Option<OfferRow>>,
        now: DateTime<Utc>,
    ) -> Result<Option<OfferRecord>, RegistryError> {
        let row = self.read(|db| Ok(find(db)?))?;
        row.filter(|row| row.can_be_taken(stored(now))).map(|row| row.read()).transpose()
    }

    /// What was offered of a credential, the latest first.
    pub fn offers_of(&self, credential: CredentialId) -> Result<Vec<OfferSummary>, RegistryError> {
        type Columns = (String, String, NaiveDateTime, NaiveDateTime, i32, Option<NaiveDateTime>);
        let (offers, events): (Vec<Columns>, Vec<(String, Option<String>)>) = self.snapshot(|db| {
            let of_it = wallet_offers::credential_id.eq(credential.to_string());
            let offers = wallet_offers::table
                .filter(of_it.clone())
                .order((wallet_offers::created_at.desc(), wallet_offers::id))
                .select((
                    wallet_offers::id,
                    wallet_offers::offered_by,
                    wallet_offers::created_at,
                    wallet_offers::expires_at,
                    wallet_offers::tries,
                    wallet_offers::taken_at,
                ))
                .load(db)?;
            let events = wallet_issues::table
                .inner_join(wallet_offers::table.on(wallet_offers::id.eq(wallet_issues::offer_id)))
                .filter(of_it.and(wallet_issues::event.is_not_null()))
                .order(wallet_issues::event_at)
                .select((wallet_issues::offer_id, wallet_issues::event))
                .load(db)?;
            Ok((offers, events))
        })?;
        let summary = |(id, by, created, expires, tries, taken): Columns| {
            Ok(OfferSummary {
                event: events.iter().rfind(|(offer, _)| *offer == id).and_then(|(_, event)| event.clone()),
                by,
                created: created.and_utc(),
                expires: expires.and_utc(),
                is_void: tries <= 0,
                taken: taken.map(|at| at.and_utc()),
                id: parsed("wallet_offers", &id, &id)?,
            })
        };
        offers.into_iter().map(summary).collect()
    }

    pub(super) fn code_digest(&self, code: &str) -> String {
        self.digests().text("wallet code", &[code.as_bytes()])
    }

    pub(super) fn state_digest(&self, state: &str) -> String {
        self.digests().text("wallet issuer state", &[state.as_bytes()])
    }
}

/// Six digits can be guessed by whoever has a plain digest of them; not without the key.
pub(super) fn transaction_digest(digests: &Digests, offer: &str, code: &str) -> String {
    digests.text("wallet transaction code", &[offer.as_bytes(), code.as_bytes()])
}
