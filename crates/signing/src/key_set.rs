//! The keys as they stood at one moment.

use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError, RwLock},
};

use model::id::Slug;
use proof::did::KeyMaterial;

use crate::{Key, KeyAlgorithm, KeyPurpose};

/// A key as it is published, ready to verify with.
#[derive(Debug)]
pub(crate) enum Published {
    Multikey(proof::multikey::PublicKey),
    Jws(jose::VerifyingKey),
}

impl Published {
    pub(crate) fn of(material: &KeyMaterial) -> Result<Self, jose::JoseError> {
        match material {
            KeyMaterial::Multikey(key) => Ok(Self::Multikey(*key)),
            KeyMaterial::Jwk(jwk) => jose::VerifyingKey::from_jwk(jwk).map(Self::Jws),
        }
    }
}

/// Every key of the vault as it stood when it was read. It never changes;
/// a rotation makes a new set.
#[derive(Debug, Default)]
pub struct KeySet {
    keys: BTreeMap<String, Key>,
    /// Published keys by verification method, read once from the documents
    /// that publish them.
    published: RwLock<BTreeMap<String, Arc<Published>>>,
}

impl KeySet {
    /// A set of these keys.
    pub fn new(keys: impl IntoIterator<Item = Key>) -> Self {
        let keys = keys.into_iter().map(|key| (key.id().to_owned(), key)).collect();
        Self { keys, published: RwLock::default() }
    }

    /// The key that signs for `issuer` at present: the newest that is in force.
    pub fn active(&self, issuer: &Slug, algorithm: KeyAlgorithm) -> Option<&Key> {
        self.of_issuer(issuer)
            .filter(|key| key.record().algorithm == algorithm && key.record().is_in_force())
            .max_by_key(|key| (key.record().created, key.id()))
    }

    /// The key of this name, retired or not.
    pub fn by_id(&self, id: &str) -> Option<&Key> {
        self.keys.get(id)
    }

    /// All keys of `issuer` for credentials, retired ones too, by name.
    pub fn of_issuer(&self, issuer: &Slug) -> impl Iterator<Item = &Key> {
        self.all().filter(move |key| {
            key.record().issuer == *issuer && key.record().purpose == KeyPurpose::Credentials
        })
    }

    /// The keys for another purpose than credentials, retired ones too, oldest first.
    pub fn for_purpose(&self, purpose: KeyPurpose) -> Vec<&Key> {
        let mut keys: Vec<&Key> = self.all().filter(|key| key.record().purpose == purpose).collect();
        keys.sort_by_key(|key| (key.record().created, key.id()));
        keys
    }

    /// The key that signs for that purpose at present: the newest that is in force.
    pub fn active_for(&self, purpose: KeyPurpose) -> Option<&Key> {
        self.for_purpose(purpose).into_iter().rfind(|key| key.record().is_in_force())
    }

    /// All keys, retired ones too, by name.
    pub fn all(&self) -> impl Iterator<Item = &Key> {
        self.keys.values()
    }

    /// The published key of a verification method, found by `find` once.
    pub(crate) fn published<E>(
        &self,
        method: &str,
        find: impl FnOnce() -> Result<Published, E>,
    ) -> Result<Arc<Published>, E> {
        let known = self.published.read().unwrap_or_else(PoisonError::into_inner).get(method).cloned();
        if let Some(key) = known {
            return Ok(key);
        }
        let key = Arc::new(find()?);
        let mut published = self.published.write().unwrap_or_else(PoisonError::into_inner);
        published.insert(method.to_owned(), Arc::clone(&key));
        Ok(key)
    }
}
