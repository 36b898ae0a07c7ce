//! Rows as they stand, and the entries that they ought to have.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{
    accreditations, awards,
    columns::Columns,
    cpd, credentials, endorsements,
    entry::{EntryKind, LogEntry},
    parcel::Parcel,
    publications, reviews, rows, statuses, successions,
    tables::{KeyEventRow, key_events},
    trust,
};
use crate::{
    RegistryError,
    db::Db,
    digest::Digests,
    schema::{ErasureRow, erasures},
    sealing::{self, Column, PersonKey, Wrapping},
};

/// A row.
pub(super) struct Standing {
    /// What the log would be told of it now.
    pub entry: LogEntry,
    /// What it was told of such a row before it held more of them.
    pub before: Option<LogEntry>,
    /// The completion that is digested with it.
    pub completion: Option<String>,
    /// When it was written; not known of accreditations and successions.
    pub written: Option<NaiveDateTime>,
    /// Of a line in the ledger: whose, and its place there.
    pub line: Option<(String, i64)>,
}

/// The rows of these ids, by id. What is not there is left out. With `wrapping` seals are
/// tried, and the entry of a row whose seal is broken is none that the log holds.
pub(super) fn standing(
    db: &mut Db,
    digests: &Digests,
    wrapping: Option<&Wrapping>,
    kind: EntryKind,
    ids: &[&str],
) -> Result<HashMap<String, Standing>, RegistryError> {
    let found = match kind {
        EntryKind::Award => awards::awarded(db, digests, wrapping, ids)?,
        EntryKind::Superseded => awards::superseded(db, ids)?,
        EntryKind::Corrected => awards::corrected(db, ids)?,
        EntryKind::Withdrawn => awards::withdrawn(db, digests, wrapping, ids)?,
        EntryKind::Seated => awards::seated(db, ids)?,
        EntryKind::Prepared => credentials::prepared(db, digests, wrapping, ids)?,
        EntryKind::Issued => credentials::issued(db, digests, wrapping, ids)?,
        EntryKind::Revoked => credentials::revoked(db, digests, wrapping, ids)?,
        EntryKind::Ledger => cpd::lines(db, digests, wrapping, ids)?,
        EntryKind::Transferred => cpd::transfers(db, ids)?,
        EntryKind::Statement => cpd::statements(db, digests, wrapping, ids)?,
        EntryKind::Endorsed | EntryKind::EndorsementWithdrawn => endorsements::standing(db, kind, ids)?,
        EntryKind::Erased => {
            let rows: Vec<ErasureRow> =
                erasures::table.filter(erasures::id.eq_any(ids)).select(ErasureRow::as_select()).load(db)?;
            let each = |row: ErasureRow| Found::new(&row.id, rows::erasure(&row), Some(row.erased_at));
            rows.into_iter().map(each).collect()
        }
        EntryKind::Accreditation => {
            let all = accreditations::standing(db)?;
            let each = |id: &&str| Some(Found::new(id, all.get(*id)?.columns(), None));
            ids.iter().filter_map(each).collect()
        }
        EntryKind::ReviewOpened | EntryKind::ReviewClosed => reviews::standing(db, kind, ids)?,
        EntryKind::Membership => cpd::memberships(db, ids)?,
        EntryKind::AdjustmentAsked | EntryKind::AdjustmentDecided => {
            cpd::adjustments(db, digests, wrapping, kind, ids)?
        }
        EntryKind::Programme => publications::standing(db, ids)?,
        EntryKind::Policy => publications::standing_policies(db, ids)?,
        EntryKind::Succession => {
            let all = successions::standing(db)?;
            let each = |id: &&str| Some(Found::new(id, all.get(*id)?.columns(), None));
            ids.iter().filter_map(each).collect()
        }
        EntryKind::Key => {
            let rows: Vec<KeyEventRow> = key_events::table
                .filter(key_events::id.eq_any(ids))
                .select(KeyEventRow::as_select())
                .load(db)?;
            let each = |row: KeyEventRow| Found::new(&row.id, rows::key_event(&row), Some(row.recorded_at));
            rows.into_iter().map(each).collect()
        }
        EntryKind::Trust => trust::decisions(db, ids)?,
        EntryKind::StatusTaken | EntryKind::StatusRevoked => statuses::entries(db, kind, ids)?,
        EntryKind::SuspensionTaken => statuses::suspension_entries(db, ids)?,
        EntryKind::SuspensionChanged => statuses::suspension_changes(db, ids)?,
    };
    let entry = |one: Found| {
        let entry = one.columns.entry(digests, kind, &one.id);
        let before = one.before.map(|columns| columns.entry(digests, kind, &one.id));
        let Found { id, completion, written, line, .. } = one;
        (id, Standing { entry, before, completion, written, line })
    };
    Ok(found.into_iter().map(entry).collect())
}

/// Tells the log of rows that this transaction wrote, as they stand now.
pub(crate) fn tell(
    db: &mut Db,
    digests: &Digests,
    kind: EntryKind,
    ids: &[&str],
    at: NaiveDateTime,
) -> Result<(), RegistryError> {
    let rows = standing(db, digests, None, kind, ids)?;
    let mut parcel = Parcel::new(digests);
    for row in ids.iter().filter_map(|id| rows.get(*id)) {
        parcel.add_entry(&row.entry);
    }
    parcel.store(db, at)
}

/// The keys of some learners, if seals are to be tried.
pub(super) fn keys_of<'a>(
    db: &mut Db,
    wrapping: Option<&Wrapping>,
    learners: impl IntoIterator<Item = &'a str>,
) -> Result<HashMap<String, PersonKey>, RegistryError> {
    wrapping.map_or_else(|| Ok(HashMap::new()), |wrapping| sealing::known(db, wrapping, learners))
}

/// Whether what is sealed of a row opens, as far as there is a key to open it with: the
/// marks that are compared with the log lie beside it.
pub(super) fn opens(key: Option<&PersonKey>, id: &str, values: &[(Column, Option<&str>)]) -> bool {
    let mut sealed = values.iter().filter_map(|(column, stored)| Some((*column, (*stored)?)));
    key.is_none() || sealed.all(|(column, stored)| sealing::read(key, column, id, stored).is_ok())
}

/// Columns that no entry has.
pub(super) fn broken() -> Columns {
    Columns::default().text("a seal is broken")
}

/// A row that was found, and what is digested of it.
pub(super) struct Found {
    id: String,
    columns: Columns,
    /// What was digested of it before more was.
    before: Option<Columns>,
    /// The completion that is digested with it.
    completion: Option<String>,
    written: Option<NaiveDateTime>,
    line: Option<(String, i64)>,
}

impl Found {
    pub(super) fn new(id: &str, columns: Columns, written: Option<NaiveDateTime>) -> Self {
        Self { id: id.to_owned(), columns, before: None, completion: None, written, line: None }
    }

    /// A line of that learner's ledger, at that place.
    pub(super) fn line(self, learner: &str, sequence: i64) -> Self {
        Self { line: Some((learner.to_owned(), sequence)), ..self }
    }

    /// With a completion; `before` is what was digested before completions were.
    pub(super) fn with_completion(self, id: &str, before: Option<Columns>) -> Self {
        Self { completion: Some(id.to_owned()), before, ..self }
    }
}
