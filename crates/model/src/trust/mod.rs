//! Whom a verifier trusts: lists of issuers, and policies that say what of a report
//! matters.
//!
//! All of it is data. Whether an issuer is on a list says nothing about the signature: an
//! issuer that nobody lists is untrusted, and its badges may be as genuine as any.

mod entry;
mod policy;
mod read;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use crate::id::Slug;

pub use entry::Entry;
pub use policy::{Policy, Unlisted};
pub(crate) use read::is_issuer;
pub use read::{Source, TrustError, TrustFile, read, read_list};

/// An issuer on a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trusted {
    /// What it is called there.
    pub name: String,
    /// The first day of which awards count; every earlier one too without it.
    pub from: Option<NaiveDate>,
    /// The last such day.
    pub until: Option<NaiveDate>,
    /// When the registrar added it, if it does not stand on the list itself.
    pub added: Option<DateTime<Utc>>,
}

impl Trusted {
    /// Whether it is trusted for what it awarded on that day.
    pub fn covers(&self, day: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }
}

/// A list of issuers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct List {
    /// Its name, for people.
    pub name: String,
    /// When it was fetched, if it was.
    pub fetched: Option<DateTime<Utc>>,
    /// Whether it is to be fetched and never was, so that whom it names is not known.
    pub is_missing: bool,
    /// The issuers by their ids: DIDs and https addresses, letter by letter.
    pub issuers: HashMap<String, Trusted>,
}

/// Every list and every policy that a verifier knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustRegistry {
    /// The lists.
    pub lists: BTreeMap<Slug, Arc<List>>,
    /// What the registrar added to lists of these names.
    pub added: BTreeMap<Slug, Arc<List>>,
    /// The policies.
    pub policies: BTreeMap<Slug, Arc<Policy>>,
}

/// How an issuer stands under a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing<'a> {
    /// A list names it for that day.
    Listed {
        /// As the list calls it.
        trusted: &'a Trusted,
        /// The list.
        list: &'a List,
    },
    /// A list names it, but not for that day.
    OtherDays {
        /// As the list calls it.
        trusted: &'a Trusted,
        /// The list.
        list: &'a List,
    },
    /// No list that is here names it, and this one is not here.
    Unknown {
        /// The list.
        list: &'a List,
    },
    /// No list names it.
    Unlisted,
}

impl TrustRegistry {
    /// How `issuer` stands on the lists with these names, for what it awarded on `day`. A
    /// list that is not known names nobody.
    pub fn standing<'a>(&'a self, lists: &[Slug], issuer: &str, day: NaiveDate) -> Standing<'a> {
        let mut standing = Standing::Unlisted;
        let named = lists.iter().flat_map(|name| [self.lists.get(name), self.added.get(name)]);
        for list in named.flatten() {
            match list.issuers.get(issuer) {
                Some(trusted) if trusted.covers(day) => return Standing::Listed { trusted, list },
                Some(trusted) => standing = Standing::OtherDays { trusted, list },
                None if list.is_missing && standing == Standing::Unlisted => {
                    standing = Standing::Unknown { list };
                }
                None => {}
            }
        }
        standing
    }
}

#[cfg(test)]
mod tests;
