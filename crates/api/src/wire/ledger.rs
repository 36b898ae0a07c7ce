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
    /// Of an award: the achievement's short name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub achievement: Option<String>,
    /// Of an award: the achievement's version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub achievement_version: Option<String>,
    /// Of an award: who delivered the learning.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// Of an award: the credential behind the line.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = "uri")]
    pub credential: Option<String>,
    /// Where no award made the line: what was done, or why it was added.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
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
    /// Where no award made the line: whether nobody but the learner vouches for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub self_declared: Option<bool>,
    /// Where no award made the line: the client through which it was stated or asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stated_by: Option<String>,
    /// The client that approved it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<String>,
    /// The credential that it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<OriginAnswer>,
    /// When the credit was earned.
    #[schema(format = DateTime)]
    pub earned_at: String,
    /// When the line was written.
    #[schema(format = DateTime)]
    pub recorded_at: String,
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
        let line = Self {
            id: entry.id.to_string(),
            kind: entry.kind.as_str(),
            amount: entry.amount.to_string(),
            unit: entry.unit.to_string(),
            achievement: None,
            achievement_version: None,
            provider: None,
            credential: None,
            title: None,
            category: None,
            reflection: None,
            evidence: None,
            self_declared: None,
            stated_by: None,
            approved_by: None,
            origin: None,
            earned_at: rfc3339(entry.earned_at),
            recorded_at: rfc3339(entry.recorded_at),
        };
        match &entry.origin {
            Origin::Credential { id, provider, achievement, achievement_version } => Self {
                achievement: Some(achievement.to_string()),
                achievement_version: Some(achievement_version.clone()),
                provider: Some(provider.to_string()),
                credential: Some(site.credential(*id)),
                ..line
            },
            Origin::Stated(details) => line.stated(entry.kind, details),
        }
    }

    /// With what stands behind a line that no award made.
    fn stated(self, kind: EntryKind, details: &Details) -> Self {
        Self {
            title: Some(details.title.clone()),
            category: details.category.as_ref().map(ToString::to_string),
            reflection: details.reflection.clone(),
            evidence: details.evidence.clone(),
            self_declared: Some(kind == EntryKind::Activity),
            stated_by: Some(details.stated_by.clone()),
            approved_by: details.approved_by.clone(),
            origin: details.origin.as_ref().map(|origin| OriginAnswer {
                issuer: origin.issuer.clone(),
                issuer_name: origin.issuer_name.clone(),
                credential: origin.credential.clone(),
                achievement: origin.achievement.clone(),
                digest: origin.digest.clone(),
                equivalence: origin.equivalence.clone(),
            }),
            ..self
        }
    }
}

/// A moment as the API writes it: UTC, whole seconds, `Z`.
pub fn rfc3339(at: chrono::DateTime<chrono::Utc>) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}
