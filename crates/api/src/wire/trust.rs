//! Policies and lists of issuers, as they are sent.

use chrono::NaiveDate;
use model::{
    report::Question,
    trust::{List, Policy, Source, TrustRegistry, Trusted, Unlisted},
};
use registry::TrustRecord;
use serde::Serialize;
use utoipa::ToSchema;

use super::ledger::rfc3339;

/// Whom those trust who check badges here.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Trust)]
pub struct TrustDocument<'a> {
    /// The policies, by name.
    policies: Vec<PolicyItem<'a>>,
    /// The lists of issuers, by name.
    lists: Vec<ListItem<'a>>,
}

/// A policy.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = TrustPolicy)]
struct PolicyItem<'a> {
    /// What to name in a verification.
    id: &'a str,
    /// Its name, for people.
    name: &'a str,
    /// The lists of issuers that are trusted.
    issuers: Vec<&'a str>,
    /// The lists of those whose endorsement inside a badge makes its issuer trusted.
    endorsers: Vec<&'a str>,
    /// How old the word of a status list may be, in hours; absent if it does not matter.
    #[serde(skip_serializing_if = "Option::is_none")]
    status_age_hours: Option<i64>,
    /// The questions that must be answered beside those that always must.
    #[schema(value_type = Vec<String>)]
    necessary: Vec<Question>,
    /// What an issuer that no list names comes to: `valid` or `undetermined`.
    unlisted: &'static str,
}

/// A list of issuers.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TrustList)]
struct ListItem<'a> {
    /// What policies call it.
    id: &'a str,
    /// Its name, for people.
    name: &'a str,
    /// Where it is fetched from, if it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = "uri")]
    url: Option<&'a str>,
    /// The issuers; of a list that is fetched, ask its address.
    issuers: Vec<IssuerItem<'a>>,
}

/// An issuer on a list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TrustedIssuer)]
struct IssuerItem<'a> {
    /// Its DID or address.
    id: &'a str,
    /// What it is called there.
    name: &'a str,
    /// The first day of which awards count.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<NaiveDate>,
    /// The last such day.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<NaiveDate>,
    /// When the registrar added it, if it does not stand on the list itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    added: Option<String>,
}

/// An issuer that is to stand on a list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "list": "academies",
    "issuer": "did:web:badges.example.org",
    "name": "Example Academy",
    "from": "2026-01-01",
    "reason": "Accredited by the board on 3 March"
}))]
pub struct TrustEntryRequest {
    /// The list's short name.
    pub list: String,
    /// The issuer's DID or address, letter by letter as its badges name it.
    #[schema(max_length = 2000)]
    pub issuer: String,
    /// What it is called there.
    #[schema(max_length = 200)]
    pub name: String,
    /// The first day of which awards count; without it, all before too.
    pub from: Option<NaiveDate>,
    /// The last such day.
    pub until: Option<NaiveDate>,
    /// Why, in a line.
    #[schema(max_length = 200)]
    pub reason: String,
}

/// An issuer that is to be taken off a list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "list": "academies",
    "issuer": "did:web:badges.example.org",
    "reason": "It closed"
}))]
pub struct TrustWithdrawalRequest {
    /// The list's short name.
    pub list: String,
    /// The issuer's DID or address.
    pub issuer: String,
    /// Why, in a line.
    #[schema(max_length = 200)]
    pub reason: String,
}

/// What the registrar decided.
#[derive(Debug, Serialize, ToSchema)]
pub struct TrustEntriesAnswer {
    /// Each decision, the oldest first.
    pub entries: Vec<TrustEntryAnswer>,
}

/// A decision on an issuer and a list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TrustEntryAnswer {
    /// The list.
    pub list: String,
    /// The issuer's DID or address.
    pub issuer: String,
    /// `listed` or `withdrawn`.
    #[schema(pattern = "^(listed|withdrawn)$")]
    pub decision: &'static str,
    /// What it is called there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The first day of which awards count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// The last such day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
    /// Why.
    pub reason: String,
    /// Which client decided.
    pub recorded_by: String,
    /// When.
    #[schema(format = DateTime)]
    pub recorded_at: String,
}

impl TrustEntryAnswer {
    /// A decision as it was recorded.
    pub fn of(record: &TrustRecord) -> Self {
        let TrustRecord { entry, recorded_by, recorded } = record;
        let trusted = entry.trusted.as_ref();
        Self {
            list: entry.list.to_string(),
            issuer: entry.issuer.clone(),
            decision: if trusted.is_some() { "listed" } else { "withdrawn" },
            name: trusted.map(|trusted| trusted.name.clone()),
            from: trusted.and_then(|trusted| trusted.from),
            until: trusted.and_then(|trusted| trusted.until),
            reason: entry.reason.clone(),
            recorded_by: recorded_by.clone(),
            recorded_at: rfc3339(*recorded),
        }
    }
}

impl<'a> TrustDocument<'a> {
    /// What there is.
    pub fn new(registry: &'a TrustRegistry, sources: &'a [Source]) -> Self {
        let policies = registry.policies.iter().map(|(id, policy)| PolicyItem::new(id.as_str(), policy));
        let source = |id: &str| sources.iter().find(|it| it.list.as_str() == id).map(|it| it.url.as_str());
        let lists = registry.lists.iter().map(|(id, list)| {
            let added = registry.added.get(id).map(AsRef::as_ref);
            ListItem::new(id.as_str(), list, added, source(id.as_str()))
        });
        Self { policies: policies.collect(), lists: lists.collect() }
    }
}

impl<'a> PolicyItem<'a> {
    fn new(id: &'a str, policy: &'a Policy) -> Self {
        Self {
            id,
            name: &policy.name,
            issuers: policy.issuers.iter().map(AsRef::as_ref).collect(),
            endorsers: policy.endorsers.iter().map(AsRef::as_ref).collect(),
            status_age_hours: policy.status_age.map(|age| age.num_hours()),
            necessary: policy.necessary.iter().copied().collect(),
            unlisted: match policy.unlisted {
                Unlisted::Valid => "valid",
                Unlisted::Undetermined => "undetermined",
            },
        }
    }
}

impl<'a> ListItem<'a> {
    fn new(id: &'a str, list: &'a List, added: Option<&'a List>, url: Option<&'a str>) -> Self {
        let named = [Some(list), added].into_iter().flatten().flat_map(|list| &list.issuers);
        let item = |(id, it): (&'a String, &'a Trusted)| IssuerItem {
            id,
            name: &it.name,
            from: it.from,
            until: it.until,
            added: it.added.map(rfc3339),
        };
        let mut issuers: Vec<_> = named.map(item).collect();
        issuers.sort_by_key(|issuer| issuer.id);
        Self { id, name: &list.name, url, issuers }
    }
}
