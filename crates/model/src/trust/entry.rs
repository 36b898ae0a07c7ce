//! What the Academy's registrar put on a list, beside what stands in files and on the web.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{List, TrustRegistry, Trusted};
use crate::id::Slug;

/// What the registrar decided of an issuer and a list. The last decision holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The list.
    pub list: Slug,
    /// The issuer's id: a DID or an address, letter by letter.
    pub issuer: String,
    /// As what and for which days the list names it; `None` if it was taken off again.
    pub trusted: Option<Trusted>,
    /// Why, in a line.
    pub reason: String,
}

impl TrustRegistry {
    /// The same with what the registrar decided, in that order and each when it was
    /// recorded. It stands beside what a list says itself, and takes nothing from that.
    #[must_use]
    pub fn with_entries(mut self, entries: impl IntoIterator<Item = (Entry, DateTime<Utc>)>) -> Self {
        for (Entry { list, issuer, trusted, .. }, recorded) in entries {
            let Some(stated) = self.lists.get(&list) else { continue };
            let name = &stated.name;
            let new = || Arc::new(List { name: name.clone(), ..List::default() });
            let issuers = &mut Arc::make_mut(self.added.entry(list).or_insert_with(new)).issuers;
            match trusted {
                Some(trusted) => issuers.insert(issuer, Trusted { added: Some(recorded), ..trusted }),
                None => issuers.remove(&issuer),
            };
        }
        self
    }
}
