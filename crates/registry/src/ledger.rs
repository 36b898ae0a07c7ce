//! The CPD ledger: append-only, exact.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use model::{
    cpd::{Unit, activity::Details, standing::Line},
    id::{CredentialId, LearnerId, LedgerEntryId, Slug},
};
use rust_decimal::Decimal;

use crate::{
    Registry, RegistryError,
    db::stored,
    erasure,
    error::parsed,
    schema::{LedgerRow, awards, credentials, ledger_entries},
    sealing::{self, DETAILS, PersonKey},
};

/// What an entry records. A line that says that the learner was erased stands in the table
/// too, and in a ledger that nobody reads any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// Credit of an issued credential.
    Award,
    /// The same credit taken back because the credential was revoked.
    Reversal,
    /// Credit that the learner claims for something of their own.
    Activity,
    /// A correction that two people agreed on.
    Adjustment,
    /// Credit of a credential that somebody else issued.
    Transfer,
}

impl EntryKind {
    const ALL: [Self; 5] = [Self::Award, Self::Reversal, Self::Activity, Self::Adjustment, Self::Transfer];

    /// The word that is stored: `award`, `reversal`, `activity`, `adjustment`, `transfer`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Award => "award",
            Self::Reversal => "reversal",
            Self::Activity => "activity",
            Self::Adjustment => "adjustment",
            Self::Transfer => "transfer",
        }
    }
}

/// What stands behind an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// An award's credential.
    Credential {
        /// The credential.
        id: CredentialId,
        /// Who delivered the learning.
        provider: Slug,
        /// The achievement.
        achievement: Slug,
        /// Its version.
        achievement_version: String,
    },
    /// Somebody's word.
    Stated(Details),
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
    /// What stands behind it.
    pub origin: Origin,
    /// The exact amount: zero or more for an award, zero or less for a reversal.
    pub amount: Decimal,
    /// The unit of the amount.
    pub unit: Unit,
    /// When the credit was earned.
    pub earned_at: DateTime<Utc>,
    /// When the line was written.
    pub recorded_at: DateTime<Utc>,
}

impl LedgerEntry {
    /// The credential behind it, if there is one.
    pub fn credential_id(&self) -> Option<CredentialId> {
        match &self.origin {
            Origin::Credential { id, .. } => Some(*id),
            Origin::Stated(_) => None,
        }
    }

    /// Who delivered the learning, if it was awarded.
    pub fn provider(&self) -> Option<&Slug> {
        match &self.origin {
            Origin::Credential { provider, .. } => Some(provider),
            Origin::Stated(_) => None,
        }
    }

    /// The entry as a CPD scheme reads it.
    pub fn line(&self) -> Line {
        let category = match &self.origin {
            Origin::Credential { .. } => None,
            Origin::Stated(details) => details.category.clone(),
        };
        Line {
            id: self.id.to_string(),
            earned_on: self.earned_at.date_naive(),
            amount: self.amount,
            unit: self.unit.clone(),
            category,
        }
    }
}

/// What the ledger holds of a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Credited {
    /// When its credit was written.
    pub at: DateTime<Utc>,
    /// When that was taken back, if it was.
    pub reversed: Option<DateTime<Utc>>,
}

/// Which of a learner's entries.
#[derive(Debug, Clone, Default)]
pub struct LedgerPage<'a> {
    /// Those of one provider alone.
    pub provider: Option<&'a Slug>,
    /// Those written at or before that moment.
    pub as_of: Option<DateTime<Utc>>,
    /// Those after that one.
    pub after: Option<LedgerEntryId>,
    /// At most so many.
    pub limit: Option<u32>,
}

impl Registry {
    /// What the ledger holds of a credential; `None` if it holds no credit of it.
    pub fn credited(&self, credential: CredentialId) -> Result<Option<Credited>, RegistryError> {
        let lines: Vec<(String, NaiveDateTime)> = self.read(|db| {
            // By its award: that is how the lines are ordered.
            Ok(credentials::table
                .inner_join(
                    ledger_entries::table.on(ledger_entries::award_id
                        .eq(credentials::award_id.nullable())
                        .and(ledger_entries::credential_id.eq(credentials::id.nullable()))),
                )
                .filter(credentials::id.eq(credential.to_string()))
                .select((ledger_entries::kind, ledger_entries::recorded_at))
                .load(db)?)
        })?;
        let of = |kind: EntryKind| {
            lines.iter().find(|(word, _)| word == kind.as_str()).map(|(_, at)| at.and_utc())
        };
        Ok(of(EntryKind::Award).map(|at| Credited { at, reversed: of(EntryKind::Reversal) }))
    }

    /// A learner's ledger in the order in which it was written. An entry `after` that is
    /// not the learner's gives an empty page; a learner who was erased an error
    /// ([`RegistryError::Erased`]).
    pub fn ledger(
        &self,
        learner: LearnerId,
        page: &LedgerPage<'_>,
    ) -> Result<Vec<LedgerEntry>, RegistryError> {
        let learner = learner.to_string();
        self.snapshot(|db| {
            erasure::refuse(db, &learner)?;
            let mut query = ledger_entries::table
                .left_join(awards::table)
                .filter(ledger_entries::learner_id.eq(&learner))
                .filter(ledger_entries::kind.eq_any(EntryKind::ALL.map(EntryKind::as_str)))
                .order(ledger_entries::sequence)
                .select((
                    LedgerRow::as_select(),
                    awards::achievement.nullable(),
                    awards::achievement_version.nullable(),
                ))
                .into_boxed();
            if let Some(limit) = page.limit {
                query = query.limit(i64::from(limit));
            }
            if let Some(provider) = page.provider {
                query = query.filter(ledger_entries::provider.eq(provider.as_str()));
            }
            if let Some(as_of) = page.as_of {
                query = query.filter(ledger_entries::recorded_at.le(stored(as_of)));
            }
            if let Some(after) = page.after {
                let last: Option<i64> = ledger_entries::table
                    .filter(ledger_entries::id.eq(after.to_string()))
                    .filter(ledger_entries::learner_id.eq(&learner))
                    .select(ledger_entries::sequence)
                    .first(db)
                    .optional()?;
                let Some(last) = last else { return Ok(Vec::new()) };
                query = query.filter(ledger_entries::sequence.gt(last));
            }
            let rows: Vec<(LedgerRow, Option<String>, Option<String>)> = query.load(db)?;
            let key = match rows.iter().find(|(row, ..)| row.details.is_some()) {
                Some(_) => Some(sealing::of(db, self.wrapping(), &learner)?),
                None => None,
            };
            let each = |(row, achievement, version): &(LedgerRow, Option<String>, Option<String>)| {
                entry(row, achievement.as_deref().zip(version.as_deref()), key.as_ref())
            };
            rows.iter().map(each).collect()
        })
    }
}

/// Reads an entry, with the achievement and version of its award if it has one, and with
/// the learner's key if it has not.
pub(crate) fn entry(
    row: &LedgerRow,
    award: Option<(&str, &str)>,
    key: Option<&PersonKey>,
) -> Result<LedgerEntry, RegistryError> {
    const TABLE: &str = "ledger_entries";
    let absent = |what: &str| RegistryError::corrupt(TABLE, &row.id, format!("it names no {what}"));
    let kind = EntryKind::ALL.into_iter().find(|kind| kind.as_str() == row.kind);
    let kind =
        kind.ok_or_else(|| RegistryError::corrupt(TABLE, &row.id, format!("unknown kind `{}`", row.kind)))?;
    let origin = match kind {
        EntryKind::Award | EntryKind::Reversal => {
            let credential = row.credential_id.as_deref().ok_or_else(|| absent("credential"))?;
            let provider = row.provider.as_deref().ok_or_else(|| absent("provider"))?;
            let (achievement, version) = award.ok_or_else(|| absent("award"))?;
            Origin::Credential {
                id: parsed(TABLE, &row.id, credential)?,
                provider: parsed(TABLE, &row.id, provider)?,
                achievement: parsed(TABLE, &row.id, achievement)?,
                achievement_version: version.to_owned(),
            }
        }
        EntryKind::Activity | EntryKind::Adjustment | EntryKind::Transfer => {
            let details = row.details.as_deref().ok_or_else(|| absent("details"))?;
            Origin::Stated(sealing::read_json(key, DETAILS, &row.id, details)?)
        }
    };
    Ok(LedgerEntry {
        id: parsed(TABLE, &row.id, &row.id)?,
        kind,
        learner_id: parsed(TABLE, &row.id, &row.learner_id)?,
        origin,
        amount: parsed(TABLE, &row.id, &row.amount)?,
        unit: parsed(TABLE, &row.id, &row.unit)?,
        earned_at: row.earned_at.and_utc(),
        recorded_at: row.recorded_at.and_utc(),
    })
}
