//! The CPD ledger as clients see it.

use model::{cpd::activity::Details, site::Site};
use registry::{EntryKind, LedgerEntry, Origin};
use serde::Serialize;
use utoipa::ToSchema;

/// Some lines of a learner's ledger, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LedgerAnswer {
    /// The lines.
    pub entries: Vec<LedgerLine>,
    /// Where the lines after these are; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = "uri")]
    pub next: Option<String>,
}

/// One line of a CPD ledger. Lines are never changed: a revocation adds one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LedgerLine {
    /// A UUID.
    #[schema(format = Uuid)]
    pub id: String,
    /// `award`; `reversal` when its credential was revoked; `activity`, which the learner
    /// declares and nobody vouches for; `adjustment`, on which two people agreed; `transfer`
    /// of a credential that somebody else issued.
    pub kind: &'static str,
    /// The exact amount, as a decimal; below zero where credit is taken back.
    pub amount: String,
    /// `hours`, `points` or `credits:<scheme>`.
    pub unit: String,
    /// The award behind the line.
    #[serde(flatten)]
    pub award: Option<LineOfAward>,
    /// What stands behind a line that no award made.
    #[serde(flatten)]
    pub stated: Option<StatedLine>,
    /// When the credit was earned.
    #[schema(format = DateTime)]
    pub earned_at: String,
    /// When the line was written.
    #[schema(format = DateTime)]
    pub recorded_at: String,
}

/// What a line of an award adds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LineOfAward {
    /// The achievement's short name.
    pub achievement: String,
    /// Its version.
    pub achievement_version: String,
    /// Who delivered the learning.
    pub provider: String,
    /// The credential behind the line.
    #[schema(format = "uri")]
    pub credential: String,
}

/// What a line that no award made adds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatedLine {
    /// What was done, or why the line was added.
    pub title: String,
    /// The category of a scheme.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// What was learned by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reflection: Option<String>,
    /// Where it can be seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = "uri")]
    pub evidence: Option<String>,
    /// Whether nobody but the learner vouches for it.
    pub self_declared: bool,
    /// The client through which it was stated or asked for.
    pub stated_by: String,
    /// The client that approved it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<String>,
    /// The credential that it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<OriginAnswer>,
}

/// A credential of somebody else's, as it was when it was verified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OriginAnswer {
    /// The id of who issued it.
    pub issuer: String,
    /// The name that it gives its issuer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer_name: Option<String>,
    /// Its id.
    pub credential: String,
    /// The id of its achievement.
    pub achievement: String,
    /// SHA-256 of its content without proofs (RFC 8785), hexadecimal.
    pub digest: String,
    /// Why it is worth the credit, where it does not state that itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub equivalence: Option<String>,
}

impl LedgerLine {
    /// What is told of an entry.
    pub fn of(site: &Site, entry: &LedgerEntry) -> Self {
        let (award, stated) = match &entry.origin {
            Origin::Credential { id, provider, achievement, achievement_version } => {
                let award = LineOfAward {
                    achievement: achievement.to_string(),
                    achievement_version: achievement_version.clone(),
                    provider: provider.to_string(),
                    credential: site.credential(*id),
                };
                (Some(award), None)
            }
            Origin::Stated(details) => (None, Some(StatedLine::of(entry.kind, details))),
        };
        Self {
            id: entry.id.to_string(),
            kind: entry.kind.as_str(),
            amount: entry.amount.to_string(),
            unit: entry.unit.to_string(),
            award,
            stated,
            earned_at: rfc3339(entry.earned_at),
            recorded_at: rfc3339(entry.recorded_at),
        }
    }
}

impl StatedLine {
    fn of(kind: EntryKind, details: &Details) -> Self {
        Self {
            title: details.title.clone(),
            category: details.category.as_ref().map(ToString::to_string),
            reflection: details.reflection.clone(),
            evidence: details.evidence.clone(),
            self_declared: kind == EntryKind::Activity,
            stated_by: details.stated_by.clone(),
            approved_by: details.approved_by.clone(),
            origin: details.origin.as_ref().map(|origin| OriginAnswer {
                issuer: origin.issuer.clone(),
                issuer_name: origin.issuer_name.clone(),
                credential: origin.credential.clone(),
                achievement: origin.achievement.clone(),
                digest: origin.digest.clone(),
                equivalence: origin.equivalence.clone(),
            }),
        }
    }
}

/// A moment as the API writes it: UTC, whole seconds, `Z`.
pub fn rfc3339(at: chrono::DateTime<chrono::Utc>) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}
