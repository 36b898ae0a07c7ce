//! Lists of issuers that stand on the web, fetched when a policy needs them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use model::id::Slug;
use model::trust::{Entry, List, Policy, TrustFile, TrustRegistry, read_list};

use crate::Fetch;

/// What an asker trusts: a policy, and the lists it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trust {
    /// The policy's name in the registry.
    pub name: Slug,
    /// The policy.
    pub policy: Arc<Policy>,
    /// The lists.
    pub registry: Arc<TrustRegistry>,
}

impl Trust {
    /// The same with what a registrar decided of issuers, in that order and each when it
    /// was recorded.
    #[must_use]
    pub fn with_entries(self, entries: impl IntoIterator<Item = (Entry, DateTime<Utc>)>) -> Self {
        let registry = Arc::unwrap_or_clone(self.registry).with_entries(entries);
        Self { registry: Arc::new(registry), ..self }
    }
}

const ACCEPT: &str = "application/json";
/// Bytes of a list.
const LIMIT: usize = 4_194_304;

/// The policies and lists of files, and what was fetched of those lists that stand
/// elsewhere.
#[derive(Debug, Default)]
pub struct TrustBook {
    file: TrustFile,
    read: Mutex<HashMap<Slug, Arc<List>>>,
}

impl TrustBook {
    /// The book of what stands in files.
    pub fn new(file: TrustFile) -> Self {
        Self { file, read: Mutex::default() }
    }

    /// What stands in the files.
    pub fn file(&self) -> &TrustFile {
        &self.file
    }

    /// The policy of that name with its lists, those of the web as `fetch` has them at
    /// `now`; `None` if there is no such policy. A list that cannot be had or read stays as
    /// it was read before.
    pub async fn trust(&self, policy: &Slug, fetch: &dyn Fetch, now: DateTime<Utc>) -> Option<Trust> {
        let name = policy.clone();
        let policy = Arc::clone(self.file.registry.policies.get(policy)?);
        let wanted = |list: &Slug| policy.issuers.contains(list) || policy.endorsers.contains(list);
        let mut fetched = Vec::new();
        for source in self.file.sources.iter().filter(|source| wanted(&source.list)) {
            fetched.extend(
                self.list(&source.list, &source.url, fetch, now).await.map(|list| (&source.list, list)),
            );
        }
        let mut registry =
            TrustRegistry { lists: self.file.registry.lists.clone(), ..TrustRegistry::default() };
        registry.lists.extend(fetched.into_iter().map(|(name, list)| (name.clone(), list)));
        Some(Trust { name, policy, registry: Arc::new(registry) })
    }

    async fn list(&self, name: &Slug, url: &str, fetch: &dyn Fetch, now: DateTime<Utc>) -> Option<Arc<List>> {
        let stated = self.file.registry.lists.get(name)?;
        let before = self.read.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned();
        let fetched = match fetch.fetch(url, ACCEPT, LIMIT).await {
            Ok(fetched) if fetched.status == 200 => fetched,
            Ok(answer) => {
                tracing::warn!(url, http.status = answer.status, "a list of issuers could not be had");
                return before;
            }
            Err(error) => {
                tracing::warn!(url, %error, "a list of issuers could not be had");
                return before;
            }
        };
        let since = fetched.kept.map_or(now, |kept| kept.since);
        if before.as_ref().is_some_and(|list| list.fetched == Some(since)) {
            return before;
        }
        match read_list(url, &String::from_utf8_lossy(&fetched.body)) {
            Ok(issuers) => {
                let list =
                    List { name: stated.name.clone(), fetched: Some(since), is_missing: false, issuers };
                let list = Arc::new(list);
                self.read
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .insert(name.clone(), Arc::clone(&list));
                Some(list)
            }
            Err(error) => {
                tracing::warn!(url, %error, "a list of issuers is refused");
                before
            }
        }
    }
}
