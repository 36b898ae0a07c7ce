//! The table of persons' keys. Each is sealed under a key of the vault's, so that who has
//! the database alone opens nothing.

use std::collections::{BTreeSet, HashMap};

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use diesel::{
    dsl::{exists, not},
    prelude::*,
};
use model::chance::Entropy;
use zeroize::Zeroizing;

use super::PersonKey;
use crate::{
    RegistryError,
    db::{Db, insert_bulk},
    schema::{PersonKeyRow, erasures, learners, person_keys},
};

/// How many keys one statement asks for.
const ASKED_AT_ONCE: usize = 1000;
const NONCE: usize = 24;

/// What persons' keys are sealed under.
#[derive(Clone)]
pub(crate) struct Wrapping(XChaCha20Poly1305);

impl Wrapping {
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        Self(XChaCha20Poly1305::new(&(*key).into()))
    }

    /// A fresh key for a learner, and the row that holds it.
    pub(crate) fn fresh(
        &self,
        learner: &str,
        entropy: &dyn Entropy,
    ) -> Result<(PersonKey, PersonKeyRow), RegistryError> {
        let mut key = Zeroizing::new([0; 32]);
        entropy.fill(key.as_mut_slice());
        let nonce = entropy.array::<NONCE>();
        let payload = Payload { msg: key.as_slice(), aad: learner.as_bytes() };
        let ciphertext = self.0.encrypt(&XNonce::from(nonce), payload);
        let ciphertext =
            ciphertext.map_err(|_| RegistryError::corrupt("person_keys", learner, "it cannot be sealed"))?;
        let sealed = nonce.into_iter().chain(ciphertext).collect();
        Ok((PersonKey::new(&key), PersonKeyRow { learner_id: learner.to_owned(), sealed }))
    }

    /// The key that such a row holds.
    pub(crate) fn open(&self, row: &PersonKeyRow) -> Result<PersonKey, RegistryError> {
        let open = || {
            let (nonce, ciphertext) = row.sealed.split_first_chunk::<NONCE>()?;
            let payload = Payload { msg: ciphertext, aad: row.learner_id.as_bytes() };
            let key = Zeroizing::new(self.0.decrypt(&XNonce::from(*nonce), payload).ok()?);
            let key: [u8; 32] = key.as_slice().try_into().ok()?;
            Some(PersonKey::new(&Zeroizing::new(key)))
        };
        open().ok_or_else(|| {
            let detail = "the vault does not open it: it was changed, or is another vault's";
            RegistryError::corrupt("person_keys", &row.learner_id, detail)
        })
    }
}

/// The keys of learners, as far as they have one.
pub(crate) fn known<'a>(
    db: &mut Db,
    wrapping: &Wrapping,
    learners: impl IntoIterator<Item = &'a str>,
) -> Result<HashMap<String, PersonKey>, RegistryError> {
    let learners: BTreeSet<&str> = learners.into_iter().collect();
    let mut keys = HashMap::with_capacity(learners.len());
    for learners in learners.into_iter().collect::<Vec<_>>().chunks(ASKED_AT_ONCE) {
        let rows: Vec<PersonKeyRow> = person_keys::table
            .filter(person_keys::learner_id.eq_any(learners))
            .select(PersonKeyRow::as_select())
            .load(db)?;
        for row in rows {
            keys.insert(row.learner_id.clone(), wrapping.open(&row)?);
        }
    }
    Ok(keys)
}

/// The key of one learner, to seal something with. Whoever has none was erased.
pub(crate) fn of(db: &mut Db, wrapping: &Wrapping, learner: &str) -> Result<PersonKey, RegistryError> {
    known(db, wrapping, [learner])?.remove(learner).ok_or(RegistryError::Erased)
}

/// Gives a key to every learner who has none and was not erased: those who were known
/// before there were keys.
pub(crate) fn make_missing(
    db: &mut Db,
    wrapping: &Wrapping,
    entropy: &dyn Entropy,
) -> Result<(), RegistryError> {
    let without: Vec<String> = learners::table
        .filter(not(exists(person_keys::table.filter(person_keys::learner_id.eq(learners::id)))))
        .filter(not(exists(erasures::table.filter(erasures::learner_id.eq(learners::id)))))
        .select(learners::id)
        .load(db)?;
    for learners in without.chunks(ASKED_AT_ONCE) {
        let rows = learners.iter().map(|learner| Ok(wrapping.fresh(learner, entropy)?.1));
        let rows = rows.collect::<Result<Vec<_>, RegistryError>>()?;
        insert_bulk!(db, person_keys: rows);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use testkit::SeededEntropy;

    use super::*;
    use crate::sealing::{COMPLETION, read};

    #[test]
    fn a_key_opens_beside_its_learner_under_the_same_vault_and_nowhere_else() {
        let (wrapping, entropy) = (Wrapping::new(&[7; 32]), SeededEntropy::new(1));
        let (key, row) = wrapping.fresh("a", &entropy).unwrap();
        let sealed = key.seal(COMPLETION, "c", "Rhiannon Test", &entropy).unwrap();
        let again = wrapping.open(&row).unwrap();
        assert_eq!(read(Some(&again), COMPLETION, "c", &sealed).unwrap(), "Rhiannon Test");
        assert!(Wrapping::new(&[8; 32]).open(&row).is_err());
        let moved = PersonKeyRow { learner_id: "b".to_owned(), ..row.clone() };
        assert!(wrapping.open(&moved).is_err());
        let (_, other) = wrapping.fresh("a", &entropy).unwrap();
        assert_ne!(row.sealed, other.sealed);
    }
}
