//! Endorsements as clients see them.

use model::{catalogue::Catalogue, endorsement::Endorsed, site::Site};
use registry::EndorsementRecord;
use serde::Serialize;
use utoipa::ToSchema;

use super::{accreditation::NamedAnswer, ledger::rfc3339, standards::EndorsementCredential};

/// An endorsement that is asked for: to be signed here, or signed elsewhere.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "by": "cilip",
    "achievement": "introduction-data-analytics",
    "comment": "A sound introduction for library and knowledge staff.",
    "validUntil": "2027-12-31T23:59:59Z"
}))]
#[serde(rename_all = "camelCase")]
pub struct EndorsementRequest {
    /// The body that endorses: an organisation's short name.
    pub by: String,
    /// What is endorsed: an achievement's short name.
    pub achievement: Option<String>,
    /// Its version; without it, the present one.
    pub version: Option<String>,
    /// What is endorsed instead: an organisation's short name.
    pub organisation: Option<String>,
    /// What the body says of it.
    #[schema(max_length = 500)]
    pub comment: Option<String>,
    /// When it begins; without it, at once.
    #[schema(format = DateTime)]
    pub valid_from: Option<String>,
    /// When it ends, within five years.
    #[schema(format = DateTime)]
    pub valid_until: Option<String>,
    /// Instead of all that, an `EndorsementCredential` with a Data Integrity proof of the
    /// body's own.
    #[schema(value_type = Option<EndorsementCredential>)]
    pub credential: Option<serde_json::Value>,
}

/// Endorsements.
#[derive(Debug, Serialize, ToSchema)]
pub struct EndorsementsAnswer {
    /// By who endorses.
    pub endorsements: Vec<EndorsementAnswer>,
}

/// An endorsement.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EndorsementAnswer {
    /// A UUID.
    #[schema(format = Uuid)]
    pub id: String,
    /// The body that endorses.
    pub by: NamedAnswer,
    /// `achievement` or `organisation`.
    pub of: &'static str,
    /// What is endorsed.
    pub subject: NamedAnswer,
    /// When it begins.
    #[schema(format = DateTime)]
    pub valid_from: String,
    /// When it ends.
    #[schema(format = DateTime)]
    pub valid_until: String,
    /// Whether it was signed here, by the body's key in this service.
    pub hosted: bool,
    /// Since when it is withdrawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub withdrawn_at: Option<String>,
    /// Where the signed credential stands.
    #[schema(format = "uri")]
    pub credential: String,
    /// What it adds to each badge that carries it, in bytes.
    pub bytes: usize,
}

impl EndorsementAnswer {
    /// What is told of an endorsement.
    pub fn of(site: &Site, catalogue: &Catalogue, record: &EndorsementRecord) -> Self {
        let (of, subject) = match &record.endorsed {
            Endorsed::Organisation(slug) => {
                ("organisation", NamedAnswer::organisation(site, catalogue, slug))
            }
            Endorsed::Achievement { slug, version } => {
                let known = catalogue.achievements.get(slug);
                let name = known.map_or_else(|| slug.to_string(), |known| known.name.clone());
                let id = site.achievement(slug, version);
                ("achievement", NamedAnswer { id, slug: slug.to_string(), name })
            }
        };
        Self {
            id: record.id.to_string(),
            by: NamedAnswer::organisation(site, catalogue, &record.by),
            of,
            subject,
            valid_from: rfc3339(record.valid_from),
            valid_until: rfc3339(record.valid_until),
            hosted: record.hosted,
            withdrawn_at: record.withdrawn.map(rfc3339),
            credential: site.endorsement(record.id),
            bytes: record.document.len(),
        }
    }
}
