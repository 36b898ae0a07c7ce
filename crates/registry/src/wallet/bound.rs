//! An offer is bound to the key of the wallet that takes it.

use diesel::prelude::*;
use model::{chance::Entropy, id::OfferId};

use crate::{
    Registry, RegistryError,
    db::Db,
    schema::{awards, credentials, wallet_offers},
    sealing::{self, WALLET_KEY},
};

impl Registry {
    /// Binds an offer to the key of a wallet, a JWK as text; `false` when it is bound to
    /// another. An error ([`RegistryError::Erased`]) if the learner was erased.
    pub fn bind_offer(
        &self,
        offer: OfferId,
        jwk: &str,
        entropy: &dyn Entropy,
    ) -> Result<bool, RegistryError> {
        let id = offer.to_string();
        self.write(|db| {
            let row = wallet_offers::table.find(&id);
            diesel::update(row).set(wallet_offers::tries.eq(wallet_offers::tries)).execute(db)?;
            let (learner, held) = holder_of(db, &id)?;
            let key = sealing::of(db, self.wrapping(), &learner)?;
            if let Some(held) = held {
                return Ok(sealing::read(Some(&key), WALLET_KEY, &id, &held)? == jwk);
            }
            let sealed = key.seal(WALLET_KEY, &id, jwk, entropy)?;
            diesel::update(row).set(wallet_offers::holder.eq(sealed)).execute(db)?;
            Ok(true)
        })
    }

    /// The key that an offer is bound to, a JWK as text, if it is.
    pub fn key_of_offer(&self, offer: OfferId) -> Result<Option<String>, RegistryError> {
        let id = offer.to_string();
        self.read(|db| {
            let (learner, held) = holder_of(db, &id)?;
            let Some(held) = held else { return Ok(None) };
            let key = sealing::of(db, self.wrapping(), &learner)?;
            Ok(Some(sealing::read(Some(&key), WALLET_KEY, &id, &held)?.into_owned()))
        })
    }
}

/// Whose the offered badge is, and the wallet's key, sealed.
fn holder_of(db: &mut Db, offer: &str) -> Result<(String, Option<String>), RegistryError> {
    let found: Option<(String, Option<String>)> = wallet_offers::table
        .find(offer)
        .select((wallet_offers::credential_id, wallet_offers::holder))
        .first(db)
        .optional()?;
    // An offer goes when its learner is erased.
    let (credential, held) = found.ok_or(RegistryError::Erased)?;
    let learner = credentials::table
        .inner_join(awards::table)
        .filter(credentials::id.eq(credential))
        .select(awards::learner_id)
        .first(db)?;
    Ok((learner, held))
}
