//! Policies and lists of issuers, as they are sent.

use chrono::NaiveDate;
use model::{
    report::Question,
    trust::{List, Policy, TrustFile, Unlisted},
};
use serde::Serialize;
use utoipa::ToSchema;

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
}

impl<'a> TrustDocument<'a> {
    /// What stands in the files.
    pub fn new(file: &'a TrustFile) -> Self {
        let policies = file.registry.policies.iter().map(|(id, policy)| PolicyItem::new(id.as_str(), policy));
        let source =
            |id: &str| file.sources.iter().find(|it| it.list.as_str() == id).map(|it| it.url.as_str());
        let lists = file.registry.lists.iter();
        let lists = lists.map(|(id, list)| ListItem::new(id.as_str(), list, source(id.as_str())));
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
    fn new(id: &'a str, list: &'a List, url: Option<&'a str>) -> Self {
        let mut issuers: Vec<_> = list
            .issuers
            .iter()
            .map(|(id, it)| IssuerItem { id, name: &it.name, from: it.from, until: it.until })
            .collect();
        issuers.sort_by_key(|issuer| issuer.id);
        Self { id, name: &list.name, url, issuers }
    }
}
