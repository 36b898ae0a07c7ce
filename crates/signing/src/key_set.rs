//! The keys as they stood at one moment.

use std::{
    collections::BTreeMap,
    sync::{PoisonError, RwLock},
};

use model::id::Slug;
use proof::did::KeyMaterial;

use crate::{Key, KeyAlgorithm};

/// Every key of the vault as it stood when it was read. It never changes;
/// a rotation makes a new set.
#[derive(Debug, Default)]
pub struct KeySet {
    keys: BTreeMap<String, Key>,
    /// Published keys by verification method, read once from the documents
    /// that publish them.
    published: RwLock<BTreeMap<String, KeyMaterial>>,
}

impl KeySet {
    /// A set of these keys.
    pub fn new(keys: impl IntoIterator<Item = Key>) -> Self {
        let keys = keys.into_iter().map(|key| (key.id().to_owned(), key)).collect();
        Self { keys, published: RwLock::default() }
    }

    /// The key that signs for `issuer` at present: the newest that is not
    /// retired.
    pub fn active(&self, issuer: &Slug, algorithm: KeyAlgorithm) -> Option<&Key> {
        self.of_issuer(issuer)
            .filter(|key| key.record().algorithm == algorithm && key.record().retired.is_none())
            .max_by_key(|key| (key.record().created, key.id()))
    }

    /// The key of this name, retired or not.
    pub fn by_id(&self, id: &str) -> Option<&Key> {
        self.keys.get(id)
    }

    /// All keys of `issuer`, retired ones too, by name.
    pub fn of_issuer(&self, issuer: &Slug) -> impl Iterator<Item = &Key> {
        self.all().filter(move |key| key.record().issuer == *issuer)
    }

    /// All keys, retired ones too, by name.
    pub fn all(&self) -> impl Iterator<Item = &Key> {
        self.keys.values()
    }

    /// The published key of a verification method, found by `find` once.
    pub(crate) fn published<E>(
        &self,
        method: &str,
        find: impl FnOnce() -> Result<KeyMaterial, E>,
    ) -> Result<KeyMaterial, E> {
        let known = self.published.read().unwrap_or_else(PoisonError::into_inner).get(method).cloned();
        if let Some(material) = known {
            return Ok(material);
        }
        let material = find()?;
        let mut published = self.published.write().unwrap_or_else(PoisonError::into_inner);
        published.insert(method.to_owned(), material.clone());
        Ok(material)
    }
}
