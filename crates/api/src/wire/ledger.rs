//! The CPD ledger as clients see it.

use model::site::Site;
use registry::{EntryKind, LedgerEntry};
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
    /// `award`, or `reversal` when its credential was revoked.
    pub kind: &'static str,
    /// The exact amount, as a decimal; below zero for a reversal.
    pub amount: String,
    /// `hours`, `points` or `credits:<scheme>`.
    pub unit: String,
    /// The achievement's short name.
    pub achievement: String,
    /// Its version.
    pub achievement_version: String,
    /// Who delivered the learning.
    pub provider: String,
    /// The credential behind the line.
    #[schema(format = "uri")]
    pub credential: String,
    /// When the credit was earned.
    #[schema(format = DateTime)]
    pub earned_at: String,
    /// When the line was written.
    #[schema(format = DateTime)]
    pub recorded_at: String,
}

impl LedgerLine {
    /// What is told of an entry.
    pub fn of(site: &Site, entry: &LedgerEntry) -> Self {
        Self {
            id: entry.id.to_string(),
            kind: match entry.kind {
                EntryKind::Award => "award",
                EntryKind::Reversal => "reversal",
            },
            amount: entry.amount.to_string(),
            unit: entry.unit.to_string(),
            achievement: entry.achievement.to_string(),
            achievement_version: entry.achievement_version.clone(),
            provider: entry.provider.to_string(),
            credential: site.credential(entry.credential_id),
            earned_at: rfc3339(entry.earned_at),
            recorded_at: rfc3339(entry.recorded_at),
        }
    }
}

/// A moment as the API writes it: UTC, whole seconds, `Z`.
pub fn rfc3339(at: chrono::DateTime<chrono::Utc>) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}
