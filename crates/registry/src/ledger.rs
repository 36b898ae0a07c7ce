//! The CPD ledger: append-only, exact.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use model::{
    cpd::Unit,
    id::{CredentialId, LearnerId, LedgerEntryId, Slug},
};
use rust_decimal::Decimal;

use crate::{
    Registry, RegistryError,
    error::parsed,
    schema::{LedgerRow, awards, ledger_entries},
};

/// What an entry records. More kinds will follow (activities, adjustments,
/// transfers in, erasures); the table has room for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// Credit of an issued credential.
    Award,
    /// The same credit taken back because the credential was revoked.
    Reversal,
}

impl EntryKind {
    /// The word that is stored: `award`, `reversal`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Award => "award",
            Self::Reversal => "reversal",
        }
    }
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
    /// A learner's ledger in the order in which it was written: at most `limit` lines
    /// after the line `after`, of one provider if `provider` is given. A line `after` that is not
    /// the learner's gives an empty page.
    pub fn ledger(
        &self,
        learner: LearnerId,
        provider: Option<&Slug>,
        limit: u32,
        after: Option<LedgerEntryId>,
    ) -> Result<Vec<LedgerEntry>, RegistryError> {
        let learner = learner.to_string();
        self.snapshot(|db| {
            let mut query = ledger_entries::table
                .inner_join(awards::table)
                .filter(ledger_entries::learner_id.eq(&learner))
                .filter(ledger_entries::kind.eq_any(["award", "reversal"]))
                .order(ledger_entries::sequence)
                .limit(i64::from(limit))
                .select((LedgerRow::as_select(), awards::achievement, awards::achievement_version))
                .into_boxed();
            if let Some(provider) = provider {
                query = query.filter(ledger_entries::provider.eq(provider.as_str()));
            }
            if let Some(after) = after {
                let last: Option<i64> = ledger_entries::table
                    .filter(ledger_entries::id.eq(after.to_string()))
                    .filter(ledger_entries::learner_id.eq(&learner))
                    .select(ledger_entries::sequence)
                    .first(db)
                    .optional()?;
                let Some(last) = last else { return Ok(Vec::new()) };
                query = query.filter(ledger_entries::sequence.gt(last));
            }
            let rows: Vec<(LedgerRow, String, String)> = query.load(db)?;
            rows.iter().map(|(row, achievement, version)| entry(row, achievement, version)).collect()
        })
    }
}

/// Reads a line of the ledger with the achievement of its award.
pub(crate) fn entry(row: &LedgerRow, achievement: &str, version: &str) -> Result<LedgerEntry, RegistryError> {
    const TABLE: &str = "ledger_entries";
    let absent = |what: &str| RegistryError::corrupt(TABLE, &row.id, format!("it names no {what}"));
    let credential = row.credential_id.as_deref().ok_or_else(|| absent("credential"))?;
    let provider = row.provider.as_deref().ok_or_else(|| absent("provider"))?;
    Ok(LedgerEntry {
        id: parsed(TABLE, &row.id, &row.id)?,
        kind: match row.kind.as_str() {
            "award" => EntryKind::Award,
            "reversal" => EntryKind::Reversal,
            other => return Err(RegistryError::corrupt(TABLE, &row.id, format!("unknown kind `{other}`"))),
        },
        learner_id: parsed(TABLE, &row.id, &row.learner_id)?,
        credential_id: parsed(TABLE, &row.id, credential)?,
        provider: parsed(TABLE, &row.id, provider)?,
        achievement: parsed(TABLE, &row.id, achievement)?,
        achievement_version: version.to_owned(),
        amount: parsed(TABLE, &row.id, &row.amount)?,
        unit: parsed(TABLE, &row.id, &row.unit)?,
        earned_at: row.earned_at.and_utc(),
        recorded_at: row.recorded_at.and_utc(),
    })
}
