//! How awards stand, what it takes to renew them, and messages that wait, as clients see
//! them.

use issuing::{Maintained, Maintenance};
use model::{
    catalogue::Catalogue,
    id::Slug,
    maintenance::{Need, Way, WayKind},
    programme::Language,
    site::Site,
};
use registry::OutboxMessage;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{ledger::rfc3339, pathways::Words, standards::OutboxPayload};

/// How awards stood at a moment.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MaintenanceAnswer {
    /// The moment.
    #[schema(format = DateTime)]
    pub at: String,
    /// Each award that ends or has a policy, the one that ends first first.
    pub awards: Vec<MaintainedItem>,
}

/// How an award stood.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MaintainedItem {
    /// When this was so.
    #[schema(format = DateTime)]
    pub at: String,
    /// What was achieved.
    pub achievement: String,
    /// The credential that is the award's present form.
    #[schema(format = "uri")]
    pub credential: String,
    /// The credential before that one, if the award was renewed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = "uri")]
    pub renews: Option<String>,
    /// `in_force`; `reinstated`, in force again after it had lapsed; `due`, in force and can
    /// be renewed; `grace`, ended and can still be renewed; `lapsed`, comes back only by
    /// reinstatement; `expired` for good; `revoked`; `superseded` by a later award.
    pub state: &'static str,
    /// The state in words.
    pub words: Words,
    /// The first moment of that state.
    #[schema(format = DateTime)]
    pub since: String,
    /// Its last, if nothing happens.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub until: Option<String>,
    /// When the credential ends (`validUntil`).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub ends: Option<String>,
    /// The policy under which the award runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// Whether the policy's figures are samples.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_sample: Option<bool>,
    /// What it takes to hold longer, or again, where there is a way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub way: Option<WayItem>,
}

/// What it takes.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WayItem {
    /// `renewal` or `reinstatement`.
    pub kind: &'static str,
    /// The first moment at which it can be done.
    #[schema(format = DateTime)]
    pub opens: String,
    /// The last.
    #[schema(format = DateTime)]
    pub closes: String,
    /// Whether somebody must ask for it; otherwise it happens when all is met.
    pub on_request: bool,
    /// Whether all that is asked is there. Not told to everybody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_met: Option<bool>,
    /// What is asked; all of it.
    pub needs: Vec<NeedItem>,
    /// The same as a sentence.
    pub sentence: Words,
}

/// One thing that is asked. What its holder did for it is not told to everybody.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "type")]
pub enum NeedItem {
    /// Credit earned between two days.
    Cpd {
        /// How much there is, an exact decimal. Not told to everybody.
        #[serde(skip_serializing_if = "Option::is_none")]
        have: Option<String>,
        /// How much is asked.
        of: String,
        /// The unit of both.
        unit: String,
        /// The category in which it is to be.
        #[serde(skip_serializing_if = "Option::is_none")]
        category: Option<String>,
        /// The scheme by whose rules it is counted.
        #[serde(skip_serializing_if = "Option::is_none")]
        scheme: Option<String>,
        /// The first day.
        from: String,
        /// The last day.
        until: String,
        /// Whether it is there. Not told to everybody.
        #[serde(rename = "isMet", skip_serializing_if = "Option::is_none")]
        is_met: Option<bool>,
    },
    /// An achievement completed between two moments.
    Completion {
        /// Which.
        achievement: String,
        /// The first moment.
        from: String,
        /// The last.
        until: String,
        /// When it was. Not told to everybody.
        #[serde(skip_serializing_if = "Option::is_none")]
        done: Option<String>,
        /// Whether it was. Not told to everybody.
        #[serde(rename = "isMet", skip_serializing_if = "Option::is_none")]
        is_met: Option<bool>,
    },
    /// What a scheme asks that nobody knows any more.
    UnknownScheme {
        /// The scheme.
        scheme: String,
        /// Never. Not told to everybody.
        #[serde(rename = "isMet", skip_serializing_if = "Option::is_none")]
        is_met: Option<bool>,
    },
}

/// Writes answers with the catalogue's names.
pub struct Writer<'a> {
    pub site: &'a Site,
    pub catalogue: &'a Catalogue,
    /// Whether anybody may read it: then what is asked is told, and nothing of what the
    /// holder has done.
    pub is_public: bool,
}

impl Writer<'_> {
    /// All of them.
    pub fn all(&self, maintenance: &Maintenance) -> MaintenanceAnswer {
        let at = rfc3339(maintenance.at);
        let awards = maintenance.awards.iter().map(|one| self.one(&at, one)).collect();
        MaintenanceAnswer { at, awards }
    }

    /// One of them, as it stood `at`.
    pub fn one(&self, at: &str, one: &Maintained) -> MaintainedItem {
        let standing = &one.standing;
        let policy = standing.policy.as_ref().and_then(|slug| self.catalogue.maintenance.get(slug));
        let url = |id| self.site.credential(id);
        MaintainedItem {
            at: at.to_owned(),
            achievement: one.achievement.to_string(),
            credential: url(standing.term.credential),
            renews: standing.before.map(url),
            state: standing.state.as_str(),
            words: Words {
                en: standing.state.words(Language::En).to_owned(),
                cy: standing.state.words(Language::Cy).to_owned(),
            },
            since: rfc3339(standing.since),
            until: standing.until.map(rfc3339),
            ends: standing.term.until.map(rfc3339),
            policy: standing.policy.as_ref().map(ToString::to_string),
            is_sample: policy.map(|policy| policy.is_sample),
            way: standing.way.as_ref().map(|way| self.way(way)),
        }
    }

    /// What it takes.
    fn way(&self, way: &Way) -> WayItem {
        let name = |slug: &Slug| self.name(slug);
        let sentence = |language| {
            if self.is_public { way.asked(&name, language) } else { way.sentence(&name, language) }
        };
        WayItem {
            kind: match way.kind {
                WayKind::Renewal => "renewal",
                WayKind::Reinstatement => "reinstatement",
            },
            opens: rfc3339(way.opens),
            closes: rfc3339(way.closes),
            on_request: way.on_request,
            is_met: (!self.is_public).then(|| way.is_met()),
            needs: way.needs.iter().map(|need| self.need(need)).collect(),
            sentence: Words { en: sentence(Language::En), cy: sentence(Language::Cy) },
        }
    }

    fn name(&self, slug: &Slug) -> String {
        self.catalogue.achievements.get(slug).map_or_else(|| slug.to_string(), |known| known.name.clone())
    }

    fn need(&self, need: &Need) -> NeedItem {
        let is_met = (!self.is_public).then(|| need.is_met());
        match need {
            Need::Cpd { have, of, unit, category, scheme, span } => NeedItem::Cpd {
                have: (!self.is_public).then(|| have.to_string()),
                of: of.to_string(),
                unit: unit.to_string(),
                category: category.as_ref().map(ToString::to_string),
                scheme: scheme.as_ref().map(ToString::to_string),
                from: span.first.to_string(),
                until: span.last.to_string(),
                is_met,
            },
            Need::Completion { achievement, from, by, done } => NeedItem::Completion {
                achievement: achievement.to_string(),
                from: rfc3339(*from),
                until: rfc3339(*by),
                done: done.filter(|_| !self.is_public).map(rfc3339),
                is_met,
            },
            Need::UnknownScheme { scheme } => NeedItem::UnknownScheme { scheme: scheme.to_string(), is_met },
        }
    }
}

/// Some messages that wait, oldest first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OutboxAnswer {
    /// The messages.
    pub messages: Vec<OutboxItem>,
    /// Where those after these are; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = "uri")]
    pub next: Option<String>,
}

/// A message: identifiers and dates, never a name or an address.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutboxItem {
    /// A UUID.
    #[schema(format = Uuid)]
    pub id: String,
    /// What it is about, such as `credential.issued`, `credential.renewed`,
    /// `credential.revoked` or `maintenance.reminder`.
    pub topic: String,
    /// `credentialId`, `awardId` and `learnerId`; of maintenance also `ends`, `closes` and
    /// of a reminder `daysBefore`.
    #[schema(value_type = OutboxPayload)]
    pub payload: Value,
    /// When it was written.
    #[schema(format = DateTime)]
    pub created_at: String,
}

impl From<&OutboxMessage> for OutboxItem {
    fn from(message: &OutboxMessage) -> Self {
        Self {
            id: message.id.to_string(),
            topic: message.topic.clone(),
            payload: message.payload.clone(),
            created_at: rfc3339(message.created),
        }
    }
}
