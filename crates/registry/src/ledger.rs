//! The CPD ledger: append-only, exact.
use chrono::{DateTime, Utc};
use model::{
    cpd::Unit,
    id::{CredentialId, LearnerId, LedgerEntryId, Slug},
};
use rust_decimal::Decimal;

use crate::{Registry, RegistryError};

/// What an entry records. More kinds will follow (activities, adjustments,
/// transfers in, erasures).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// Credit of an issued credential.
    Award,
    /// The same credit taken back because the credential was revoked.
    Reversal,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerEntry {
    /// The line.
    pub id: LedgerEntryId,
    /// What it records.
    pub kind: EntryKind,
    /// Whose ledger.
    pub learner_id: LearnerId,
    /// The credential behind it.
    pub credential_id: CredentialId,
    /// Who delivered the learning.
    pub provider: Slug,
    /// The achievement.
    pub achievement: Slug,
    /// Its version.
    pub achievement_version: String,
    /// The exact amount: zero or more for an award, zero or less for a reversal.
    pub amount: Decimal,
    /// The unit of the amount.
    pub unit: Unit,
    /// When the credit was earned.
    pub earned_at: DateTime<Utc>,
    /// When the line was written.
    pub recorded_at: DateTime<Utc>,
}

impl Registry {
    /// A learner's ledger, oldest line first: at most `limit` lines after the line
    /// `after`, of one provider if `provider` is given.
    pub fn ledger(
        &self,
        learner: LearnerId,
        provider: Option<&Slug>,
        limit: u32,
        after: Option<LedgerEntryId>,
    ) -> Result<Vec<LedgerEntry>, RegistryError> {
        let _ = (learner, provider, limit, after);
        todo!()
    }
}
