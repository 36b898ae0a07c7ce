//! Lists and policies as they are written.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::{NaiveDate, TimeDelta};
use serde::Deserialize;

use super::{List, Policy, TrustRegistry, Trusted, Unlisted};
use crate::{id::Slug, report::Question};

/// Issuers on one list that are read.
const MOST: usize = 10_000;

/// Why a file of trust, or a list that was fetched, is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TrustError {
    /// It is no YAML, or not of this form. Whose fault: who wrote it.
    #[error("{file}: {reason}")]
    Form {
        /// The file, or the address.
        file: String,
        /// What is wrong, and where.
        reason: String,
    },
    /// A list or a policy of that name is there already. Whose fault: who wrote the later file.
    #[error("{file}: `{name}` is defined twice")]
    Twice {
        /// The later file.
        file: String,
        /// The name.
        name: String,
    },
    /// A policy names a list that is nowhere. Whose fault: who wrote the policy.
    #[error("the policy `{policy}` names the list `{list}`, which is not defined")]
    NoSuchList {
        /// The policy.
        policy: String,
        /// The list.
        list: String,
    },
}

/// Where a list stands that is not in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The list.
    pub list: Slug,
    /// Its https address.
    pub url: String,
}

/// What files of trust come to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustFile {
    /// Lists and policies; a list that is to be fetched is there and empty.
    pub registry: TrustRegistry,
    /// The lists that are to be fetched.
    pub sources: Vec<Source>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenFile {
    #[serde(default)]
    lists: BTreeMap<Slug, WrittenList>,
    #[serde(default)]
    policies: BTreeMap<Slug, WrittenPolicy>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenList {
    name: String,
    url: Option<String>,
    #[serde(default)]
    issuers: Vec<WrittenIssuer>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenIssuer {
    id: String,
    name: String,
    from: Option<NaiveDate>,
    until: Option<NaiveDate>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenPolicy {
    name: String,
    issuers: Vec<Slug>,
    #[serde(default)]
    endorsers: Vec<Slug>,
    status_age_hours: Option<u32>,
    #[serde(default)]
    necessary: Vec<Question>,
    #[serde(default)]
    unlisted: WrittenUnlisted,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum WrittenUnlisted {
    Valid,
    #[default]
    Undetermined,
}

/// Reads files of lists and policies, each a name (for errors) and a YAML text.
pub fn read(files: &[(String, String)]) -> Result<TrustFile, TrustError> {
    let mut whole = TrustFile::default();
    for (file, text) in files {
        let form = |reason: String| TrustError::Form { file: file.clone(), reason };
        let twice = |name: &Slug| TrustError::Twice { file: file.clone(), name: name.to_string() };
        let written: WrittenFile = serde_saphyr::from_str(text).map_err(|error| form(error.to_string()))?;
        for (name, list) in written.lists {
            let is_missing = list.url.is_some();
            if let Some(url) = list.url {
                if !list.issuers.is_empty() {
                    return Err(form(format!(
                        "the list `{name}` has `url` and `issuers`, and must have one"
                    )));
                }
                whole.sources.push(Source { list: name.clone(), url });
            }
            let issuers = issuers(list.issuers).map_err(&form)?;
            let list = Arc::new(List { name: list.name, fetched: None, is_missing, issuers });
            if whole.registry.lists.insert(name.clone(), list).is_some() {
                return Err(twice(&name));
            }
        }
        for (name, policy) in written.policies {
            let policy = Policy {
                name: policy.name,
                issuers: policy.issuers,
                endorsers: policy.endorsers,
                status_age: policy.status_age_hours.map(|hours| TimeDelta::hours(hours.into())),
                necessary: policy.necessary.into_iter().collect(),
                unlisted: match policy.unlisted {
                    WrittenUnlisted::Valid => Unlisted::Valid,
                    WrittenUnlisted::Undetermined => Unlisted::Undetermined,
                },
            };
            if whole.registry.policies.insert(name.clone(), Arc::new(policy)).is_some() {
                return Err(twice(&name));
            }
        }
    }
    for (name, policy) in &whole.registry.policies {
        let mut named = policy.issuers.iter().chain(&policy.endorsers);
        if let Some(list) = named.find(|list| !whole.registry.lists.contains_key(*list)) {
            return Err(TrustError::NoSuchList { policy: name.to_string(), list: list.to_string() });
        }
    }
    Ok(whole)
}

/// Reads a list that was fetched from `url`: a JSON object whose `issuers` are written as
/// in a file. Members it has besides say nothing.
pub fn read_list(url: &str, text: &str) -> Result<HashMap<String, Trusted>, TrustError> {
    #[derive(Deserialize)]
    struct Fetched {
        issuers: Vec<WrittenIssuer>,
    }
    let form = |reason: String| TrustError::Form { file: url.to_owned(), reason };
    let fetched: Fetched = serde_json::from_str(text).map_err(|error| form(error.to_string()))?;
    issuers(fetched.issuers).map_err(form)
}

/// Whether it is a DID or an address, as badges name their issuers.
pub(crate) fn is_issuer(id: &str) -> bool {
    ["did:", "https://", "http://"].iter().any(|start| id.starts_with(start) && id.len() > start.len())
        && id.chars().all(|c| c.is_ascii_graphic())
}

fn issuers(written: Vec<WrittenIssuer>) -> Result<HashMap<String, Trusted>, String> {
    if written.len() > MOST {
        return Err(format!("a list has at most {MOST} issuers, and this has {}", written.len()));
    }
    let mut issuers = HashMap::new();
    for WrittenIssuer { id, name, from, until } in written {
        if !is_issuer(&id) {
            return Err(format!("`{id}` is neither a DID nor an address"));
        }
        if issuers.insert(id.clone(), Trusted { name, from, until, added: None }).is_some() {
            return Err(format!("`{id}` stands twice in one list"));
        }
    }
    Ok(issuers)
}
