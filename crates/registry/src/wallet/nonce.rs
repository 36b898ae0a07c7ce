//! Nonces for wallets (OID4VCI 1.0, 7). Anybody may ask for one, so nothing is written until
//! one is used: it carries its end and a keyed digest that shows that we made it.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use model::chance::Entropy;

use crate::{
    Registry, RegistryError,
    db::{each, stored},
    schema::wallet_nonces,
};

const PURPOSE: &str = "wallet nonce";
/// Hexadecimal digits of the end (seconds since 1970), of what is random, and of the digest.
const END: usize = 16;
const RANDOM: usize = 32;
const DIGEST: usize = 64;

impl Registry {
    /// A fresh nonce that ends after `lifetime`.
    pub fn nonce(&self, now: DateTime<Utc>, lifetime: TimeDelta, entropy: &dyn Entropy) -> String {
        let end = format!("{:016x}", (now + lifetime).timestamp());
        let random = hex::encode(entropy.array::<16>());
        let digest = self.digests().text(PURPOSE, &[end.as_bytes(), random.as_bytes()]);
        format!("{end}{random}{digest}")
    }

    /// Uses a nonce up; `false` when it is not one of ours, has ended, or was used before.
    pub fn use_nonce(&self, nonce: &str, now: DateTime<Utc>) -> Result<bool, RegistryError> {
        let Some(expires) = self.end_of(nonce).filter(|end| now <= *end) else { return Ok(false) };
        let row = (
            wallet_nonces::digest.eq(self.digests().text("used nonce", &[nonce.as_bytes()])),
            wallet_nonces::expires_at.eq(stored(expires)),
        );
        self.write(|db| {
            let written = each!(db, connection => diesel::insert_into(wallet_nonces::table)
                .values(row)
                .on_conflict_do_nothing()
                .execute(connection))?;
            Ok(written == 1)
        })
    }

    /// When a nonce of ours ends.
    fn end_of(&self, nonce: &str) -> Option<DateTime<Utc>> {
        if nonce.len() != END + RANDOM + DIGEST {
            return None;
        }
        let (end, rest) = nonce.split_at_checked(END)?;
        let (random, digest) = rest.split_at_checked(RANDOM)?;
        let expected = self.digests().bytes(PURPOSE, &[end.as_bytes(), random.as_bytes()]);
        let mut stated = [0; 32];
        hex::decode_to_slice(digest, &mut stated).ok()?;
        // Compared under a key of its own, so that the time it takes tells nothing.
        let blind = |bytes: &[u8; 32]| self.digests().bytes("compared", &[bytes]);
        let is_ours =
            blind(&expected) == blind(&stated) && digest.bytes().all(|byte| !byte.is_ascii_uppercase());
        let seconds = i64::from_str_radix(end, 16).ok().filter(|_| is_ours)?;
        DateTime::from_timestamp(seconds, 0)
    }
}
