//! What is recorded under keys, by one question to the database for all who ask at the same time.

use std::{
    collections::{HashMap, HashSet},
    hash::Hash,
    sync::Arc,
};

use issuing::Together;
use registry::{Registry, RegistryError};

/// How many keys one question asks for at most.
const MOST: usize = 64;

/// Finds what is recorded under each of some keys.
type Find<K, V> = fn(&Registry, &[K]) -> Result<HashMap<K, V>, RegistryError>;

/// What is recorded under a key, if anything.
pub type Found<V> = Result<Option<V>, Arc<RegistryError>>;

/// Those who ask. Each is answered by a question that is asked after they came: who was shut
/// out before, is found shut out.
pub struct Lookups<K, V> {
    together: Together<K, Found<V>>,
    find: Find<K, V>,
}

impl<K: Clone + Eq + Hash, V: Clone> Lookups<K, V> {
    pub fn new(find: Find<K, V>) -> Self {
        Self { together: Together::new(MOST, 1), find }
    }

    /// Asks for `key`. Whether somebody must now [`work`](Self::work): if so, the caller sees
    /// to it, on a thread that may wait.
    #[must_use]
    pub fn ask(&self, key: K, tell: impl FnOnce(Found<V>) + Send + 'static) -> bool {
        self.together.join(key, tell)
    }

    /// Answers until nobody waits.
    pub fn work(&self, registry: &Registry) {
        self.together.work(|keys| {
            let answers = self.answers(registry, keys);
            if let Some(Err(error)) = answers.first()
                && matches!(**error, RegistryError::Unavailable(_))
            {
                // Who came meanwhile would wait for the same database.
                self.together.dismiss(|| Err(Arc::clone(error)));
            }
            answers
        });
    }

    fn answers(&self, registry: &Registry, keys: Vec<K>) -> Vec<Found<V>> {
        let distinct: Vec<K> = keys.iter().collect::<HashSet<_>>().into_iter().cloned().collect();
        match (self.find)(registry, &distinct) {
            Ok(found) => keys.iter().map(|key| Ok(found.get(key).cloned())).collect(),
            Err(error) if distinct.len() == 1 || matches!(error, RegistryError::Unavailable(_)) => {
                let error = Arc::new(error);
                keys.iter().map(|_| Err(Arc::clone(&error))).collect()
            }
            // What is wrong with one is not the others' concern.
            Err(_) => keys.into_iter().flat_map(|key| self.answers(registry, vec![key])).collect(),
        }
    }
}
