//! An offer is taken: by its code, or by way of the authorisation endpoint. Each step
//! begins with an update of the offer's row, so that of two that take it one waits.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::offer::{NewWalletToken, OfferRecord, OfferRow, Taken, transaction_digest};
use crate::{
    Registry, RegistryError,
    db::{Db, stored},
    schema::wallet_offers,
};

/// An offer by its authorisation code: the offer, until when the code can be exchanged, for
/// whom it was made, and the token it gave.
type Authorised = (OfferRow, Option<NaiveDateTime>, Option<String>, Option<String>);

impl Registry {
    /// Takes an offer by its pre-authorised code: from now on `token` stands for it.
    pub fn take_offer(
        &self,
        code: &str,
        transaction_code: Option<&str>,
        token: NewWalletToken<'_>,
        now: DateTime<Utc>,
    ) -> Result<Taken, RegistryError> {
        let digest = self.code_digest(code);
        self.write(|db| {
            // Whoever takes the same offer at this moment waits here.
            let by_code = wallet_offers::table.filter(wallet_offers::code_digest.eq(&digest));
            diesel::update(by_code).set(wallet_offers::tries.eq(wallet_offers::tries)).execute(db)?;
            let row = by_code.select(OfferRow::as_select()).first(db).optional()?;
            let Some(row) = row.filter(|row: &OfferRow| row.can_be_taken(stored(now))) else {
                return Ok(Taken::Unknown);
            };
            if let Some(refused) = self.wrong_code(db, &row, transaction_code)? {
                return Ok(refused);
            }
            self.give_token(db, &row.id, token, now)?;
            Ok(Taken::Offer(row.read()?))
        })
    }

    /// Takes an offer at the authorisation endpoint: from now on `code` stands for it, until
    /// `expires`, for whoever names `bound_to` again.
    pub fn authorise_offer(
        &self,
        state: &str,
        transaction_code: Option<&str>,
        (code, bound_to): (&str, &[&str]),
        expires: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Taken, RegistryError> {
        let digest = self.state_digest(state);
        self.write(|db| {
            let by_state = wallet_offers::table.filter(wallet_offers::state_digest.eq(&digest));
            diesel::update(by_state).set(wallet_offers::tries.eq(wallet_offers::tries)).execute(db)?;
            let row = by_state.select(OfferRow::as_select()).first(db).optional()?;
            let Some(row) = row.filter(|row: &OfferRow| row.can_be_taken(stored(now))) else {
                return Ok(Taken::Unknown);
            };
            if let Some(refused) = self.wrong_code(db, &row, transaction_code)? {
                return Ok(refused);
            }
            diesel::update(wallet_offers::table.find(&row.id))
                .set((
                    wallet_offers::taken_at.eq(stored(now)),
                    wallet_offers::authorisation_digest.eq(self.authorisation_digest(code)),
                    wallet_offers::authorisation_expires_at.eq(stored(expires)),
                    wallet_offers::authorised_digest.eq(self.bound_digest(bound_to)),
                ))
                .execute(db)?;
            Ok(Taken::Offer(row.read()?))
        })
    }

    /// Exchanges an authorisation code for a token, once. A second time it is refused, and the
    /// token that it gave is taken back (RFC 6749, 4.1.2).
    pub fn exchange_code(
        &self,
        code: &str,
        bound_to: &[&str],
        token: NewWalletToken<'_>,
        now: DateTime<Utc>,
    ) -> Result<Taken, RegistryError> {
        let digest = self.authorisation_digest(code);
        let bound = self.bound_digest(bound_to);
        self.write(|db| {
            let by_code = wallet_offers::table.filter(wallet_offers::authorisation_digest.eq(&digest));
            diesel::update(by_code).set(wallet_offers::tries.eq(wallet_offers::tries)).execute(db)?;
            let found: Option<Authorised> = by_code
                .select((
                    OfferRow::as_select(),
                    wallet_offers::authorisation_expires_at,
                    wallet_offers::authorised_digest,
                    wallet_offers::token_digest,
                ))
                .first(db)
                .optional()?;
            let Some((row, expires, authorised, held)) = found else { return Ok(Taken::Unknown) };
            if held.is_some() {
                diesel::update(wallet_offers::table.find(&row.id))
                    .set(wallet_offers::token_expires_at.eq(stored(now)))
                    .execute(db)?;
                return Ok(Taken::Unknown);
            }
            let is_in_time = expires.is_some_and(|end| stored(now) <= end);
            if !is_in_time || authorised.as_deref() != Some(&bound) {
                return Ok(Taken::Unknown);
            }
            self.give_token(db, &row.id, token, now)?;
            Ok(Taken::Offer(row.read()?))
        })
    }

    /// The offer for which a token stands, as long as it does.
    pub fn offer_of_token(
        &self,
        token: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<OfferRecord>, RegistryError> {
        let digest = self.token_digest(token);
        let row: Option<OfferRow> = self.read(|db| {
            Ok(wallet_offers::table
                .filter(wallet_offers::token_digest.eq(digest))
                .filter(wallet_offers::token_expires_at.gt(stored(now)))
                .select(OfferRow::as_select())
                .first(db)
                .optional()?)
        })?;
        row.map(|row| row.read()).transpose()
    }

    pub(super) fn wrong_code(
        &self,
        db: &mut Db,
        row: &OfferRow,
        stated: Option<&str>,
    ) -> Result<Option<Taken>, RegistryError> {
        let stated = stated.map(|code| transaction_digest(self.digests(), &row.id, code));
        match (&row.transaction_digest, stated) {
            (None, None) => Ok(None),
            (Some(_), None) => Ok(Some(Taken::CodeMissing)),
            (None, Some(_)) => Ok(Some(Taken::CodeUnexpected)),
            (Some(expected), Some(stated)) if *expected == stated => Ok(None),
            (Some(_), Some(_)) => {
                let left = row.tries.saturating_sub(1);
                diesel::update(wallet_offers::table.find(&row.id))
                    .set(wallet_offers::tries.eq(left))
                    .execute(db)?;
                Ok(Some(Taken::CodeWrong { left: u32::try_from(left).unwrap_or_default() }))
            }
        }
    }

    fn give_token(
        &self,
        db: &mut Db,
        offer: &str,
        token: NewWalletToken<'_>,
        now: DateTime<Utc>,
    ) -> Result<(), RegistryError> {
        let offer = wallet_offers::table.find(offer);
        diesel::update(offer.filter(wallet_offers::taken_at.is_null()))
            .set(wallet_offers::taken_at.eq(stored(now)))
            .execute(db)?;
        diesel::update(offer)
            .set((
                wallet_offers::token_digest.eq(self.token_digest(token.token)),
                wallet_offers::token_expires_at.eq(stored(token.expires)),
            ))
            .execute(db)?;
        Ok(())
    }

    fn token_digest(&self, token: &str) -> String {
        self.digests().text("wallet token", &[token.as_bytes()])
    }

    fn authorisation_digest(&self, code: &str) -> String {
        self.digests().text("wallet authorisation", &[code.as_bytes()])
    }

    fn bound_digest(&self, bound_to: &[&str]) -> String {
        let parts: Vec<&[u8]> = bound_to.iter().map(|part| part.as_bytes()).collect();
        self.digests().text("wallet authorised", &parts)
    }
}
