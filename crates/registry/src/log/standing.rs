//! Rows as they stand, and the entries that they ought to have.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{
    accreditations,
    columns::Columns,
    cpd,
    entry::{EntryKind, LogEntry},
    parcel::Parcel,
    publications, reviews,
    rows::{self, MadeOf, SignedForms},
    successions,
    tables::{KeyEventRow, key_events},
};
use crate::{
    RegistryError,
    db::Db,
    digest::Digests,
    schema::{
        AwardRow, CorrectionRow, ErasureRow, IntentRow, LedgerRow, SeatRow, WithdrawalRow, award_components,
        award_successions, awards, completion_corrections, completion_withdrawals, completions, credentials,
        erasures, ledger_entries, suspension_changes, suspension_entries, vc_status_entries,
    },
    sealing::{self, Column, DETAILS, PROOF, PersonKey, REASON, UNSIGNED, VC_JWT, WITHDRAWAL, Wrapping},
};

/// A row.
pub(super) struct Standing {
    /// What the log would be told of it now.
    pub entry: LogEntry,
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
        EntryKind::Award => of_awards(db, ids)?,
        EntryKind::Superseded => {
            let rows: Vec<(String, String)> = award_successions::table
                .filter(award_successions::award_id.eq_any(ids))
                .select((award_successions::award_id, award_successions::successor_id))
                .load(db)?;
            let each =
                |(id, successor): (String, String)| Found::new(&id, rows::superseded(&successor), None);
            rows.into_iter().map(each).collect()
        }
        EntryKind::Corrected => {
            let rows: Vec<CorrectionRow> = completion_corrections::table
                .filter(completion_corrections::completion_id.eq_any(ids))
                .select(CorrectionRow::as_select())
                .load(db)?;
            let each = |row: CorrectionRow| Found::new(&row.completion_id, rows::correction(&row), None);
            rows.into_iter().map(each).collect()
        }
        EntryKind::Withdrawn => of_withdrawn(db, digests, wrapping, ids)?,
        EntryKind::Seated => of_seats(db, ids)?,
        EntryKind::Prepared => of_prepared(db, digests, wrapping, ids)?,
        EntryKind::Issued => of_issued(db, digests, wrapping, ids)?,
        EntryKind::Revoked => of_revoked(db, digests, wrapping, ids)?,
        EntryKind::Ledger => of_ledger(db, digests, wrapping, ids)?,
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
        EntryKind::StatusTaken | EntryKind::StatusRevoked => of_status(db, kind, ids)?,
        EntryKind::SuspensionTaken => of_suspension_entries(db, ids)?,
        EntryKind::SuspensionChanged => of_suspension_changes(db, ids)?,
    };
    let entry = |one: Found| {
        let entry = one.columns.entry(digests, kind, &one.id);
        (one.id, Standing { entry, written: one.written, line: one.line })
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
    written: Option<NaiveDateTime>,
    line: Option<(String, i64)>,
}

impl Found {
    pub(super) fn new(id: &str, columns: Columns, written: Option<NaiveDateTime>) -> Self {
        Self { id: id.to_owned(), columns, written, line: None }
    }
}

/// An award that counts in another, and how.
type Part = (String, String, String, String, bool, Option<String>, String, String);

fn of_awards(db: &mut Db, ids: &[&str]) -> Result<Vec<Found>, RegistryError> {
    let rows: Vec<AwardRow> =
        awards::table.filter(awards::id.eq_any(ids)).select(AwardRow::as_select()).load(db)?;
    let completions_of: Vec<&str> = rows.iter().map(|row| row.completion_id.as_str()).collect();
    let received: HashMap<String, NaiveDateTime> = completions::table
        .filter(completions::id.eq_any(&completions_of))
        .select((completions::id, completions::received_at))
        .load(db)?
        .into_iter()
        .collect();
    let parts: Vec<Part> = award_components::table
        .filter(award_components::award_id.eq_any(ids))
        // What took another's place later has entries of its own.
        .filter(award_components::replaces.is_null())
        .select((
            award_components::award_id,
            award_components::component_id,
            award_components::programme,
            award_components::programme_version,
            award_components::alone,
            award_components::builds_on,
            award_components::on_revocation,
            award_components::path,
        ))
        .load(db)?;
    let mut made_of: HashMap<String, MadeOf> = HashMap::new();
    for (award, component, programme, version, alone, builds_on, on_revocation, path) in parts {
        let part = rows::part(&programme, &version, alone, builds_on.as_deref(), &on_revocation, &path);
        made_of.entry(award).or_default().insert(component, part);
    }
    let each = |row: &AwardRow| {
        let made_of = made_of.remove(&row.id).unwrap_or_default();
        Found::new(&row.id, rows::award(row, &made_of), received.get(&row.completion_id).copied())
    };
    Ok(rows.iter().map(each).collect())
}

fn of_seats(db: &mut Db, ids: &[&str]) -> Result<Vec<Found>, RegistryError> {
    let mut found = Vec::new();
    for id in ids {
        let Some((award, component)) = id.split_once('/') else { continue };
        let row: Option<SeatRow> = award_components::table
            .find((award, component))
            .filter(award_components::replaces.is_not_null())
            .select(SeatRow::as_select())
            .first(db)
            .optional()?;
        found.extend(row.map(|row| Found::new(id, rows::seat(&row), None)));
    }
    Ok(found)
}

fn of_withdrawn(
    db: &mut Db,
    digests: &Digests,
    wrapping: Option<&Wrapping>,
    ids: &[&str],
) -> Result<Vec<Found>, RegistryError> {
    let rows: Vec<(WithdrawalRow, String)> = completion_withdrawals::table
        .inner_join(completions::table)
        .filter(completion_withdrawals::completion_id.eq_any(ids))
        .select((WithdrawalRow::as_select(), completions::learner_id))
        .load(db)?;
    let keys = keys_of(db, wrapping, rows.iter().map(|(_, learner)| learner.as_str()))?;
    let each = |(row, learner): (WithdrawalRow, String)| {
        let columns = rows::withdrawal(digests, &row);
        let values = [(WITHDRAWAL, Some(row.reason.as_str()))];
        let is_whole = opens(keys.get(&learner), &row.completion_id, &values);
        let columns = if is_whole { columns } else { broken() };
        Found::new(&row.completion_id, columns, Some(row.withdrawn_at))
    };
    Ok(rows.into_iter().map(each).collect())
}

fn of_prepared(
    db: &mut Db,
    digests: &Digests,
    wrapping: Option<&Wrapping>,
    ids: &[&str],
) -> Result<Vec<Found>, RegistryError> {
    let rows: Vec<(IntentRow, String)> = credentials::table
        .inner_join(awards::table)
        .filter(credentials::id.eq_any(ids))
        .select((IntentRow::as_select(), awards::learner_id))
        .load(db)?;
    let keys = keys_of(db, wrapping, rows.iter().map(|(_, learner)| learner.as_str()))?;
    let each = |(row, learner): (IntentRow, String)| {
        let columns = rows::prepared(digests, &row);
        let values = [(UNSIGNED, Some(row.unsigned.as_str()))];
        let columns = if opens(keys.get(&learner), &row.id, &values) { columns } else { broken() };
        Found::new(&row.id, columns, Some(row.prepared_at))
    };
    Ok(rows.into_iter().map(each).collect())
}

fn of_ledger(
    db: &mut Db,
    digests: &Digests,
    wrapping: Option<&Wrapping>,
    ids: &[&str],
) -> Result<Vec<Found>, RegistryError> {
    let rows: Vec<(i64, LedgerRow)> = ledger_entries::table
        .filter(ledger_entries::id.eq_any(ids))
        .select((ledger_entries::sequence, LedgerRow::as_select()))
        .load(db)?;
    let stated = rows.iter().filter(|(_, row)| row.details.is_some());
    let keys = keys_of(db, wrapping, stated.map(|(_, row)| row.learner_id.as_str()))?;
    let each = |(sequence, row): (i64, LedgerRow)| {
        let columns = rows::ledger(digests, &row);
        let values = [(DETAILS, row.details.as_deref())];
        let is_whole = opens(keys.get(&row.learner_id), &row.id, &values);
        Found {
            line: Some((row.learner_id.clone(), sequence)),
            ..Found::new(&row.id, if is_whole { columns } else { broken() }, Some(row.recorded_at))
        }
    };
    Ok(rows.into_iter().map(each).collect())
}

fn of_issued(
    db: &mut Db,
    digests: &Digests,
    wrapping: Option<&Wrapping>,
    ids: &[&str],
) -> Result<Vec<Found>, RegistryError> {
    type Row = ((String, String), String, Option<String>, Option<String>, Option<NaiveDateTime>);
    let rows: Vec<Row> = credentials::table
        .inner_join(awards::table)
        .filter(credentials::id.eq_any(ids))
        .select((
            (credentials::id, awards::learner_id),
            credentials::unsigned,
            credentials::proof,
            credentials::vc_jwt,
            credentials::issued_at,
        ))
        .load(db)?;
    let keys = keys_of(db, wrapping, rows.iter().map(|((_, learner), ..)| learner.as_str()))?;
    let each = |((id, learner), unsigned, proof, vc_jwt, at): Row| {
        let token = vc_jwt.as_deref().filter(|token| !token.is_empty());
        let is_whole = opens(keys.get(&learner), &id, &[(PROOF, proof.as_deref()), (VC_JWT, token)]);
        let forms = SignedForms { unsigned, proof, vc_jwt };
        let columns = if is_whole { rows::issued(digests, &id, &forms, at) } else { broken() };
        Found::new(&id, columns, at)
    };
    Ok(rows.into_iter().map(each).collect())
}

fn of_revoked(
    db: &mut Db,
    digests: &Digests,
    wrapping: Option<&Wrapping>,
    ids: &[&str],
) -> Result<Vec<Found>, RegistryError> {
    type Row = ((String, String), Option<NaiveDateTime>, Option<String>, Option<String>);
    let rows: Vec<Row> = credentials::table
        .inner_join(awards::table)
        .filter(credentials::id.eq_any(ids))
        .select((
            (credentials::id, awards::learner_id),
            credentials::revoked_at,
            credentials::revoked_reason,
            credentials::revoked_by,
        ))
        .load(db)?;
    let keys = keys_of(db, wrapping, rows.iter().map(|((_, learner), ..)| learner.as_str()))?;
    let each = |((id, learner), at, reason, by): Row| {
        let columns = rows::revoked(digests, &id, at, reason.as_deref(), by.as_deref());
        let is_whole = opens(keys.get(&learner), &id, &[(REASON, reason.as_deref())]);
        Found::new(&id, if is_whole { columns } else { broken() }, at)
    };
    Ok(rows.into_iter().map(each).collect())
}

fn of_status(db: &mut Db, kind: EntryKind, ids: &[&str]) -> Result<Vec<Found>, RegistryError> {
    type Row = (Option<String>, NaiveDateTime, Option<NaiveDateTime>);
    let mut found = Vec::new();
    for id in ids {
        let Some((list, index)) = numbered(id) else { continue };
        let row: Option<Row> = vc_status_entries::table
            .find((list, index))
            .select((
                vc_status_entries::credential_digest,
                vc_status_entries::created_at,
                vc_status_entries::revoked_at,
            ))
            .first(db)
            .optional()?;
        let Some((credential, created, revoked)) = row else { continue };
        found.push(if kind == EntryKind::StatusTaken {
            Found::new(id, rows::taken(credential.as_deref(), created), Some(created))
        } else {
            Found::new(id, Columns::default().optional_time(revoked), revoked)
        });
    }
    Ok(found)
}

fn of_suspension_entries(db: &mut Db, ids: &[&str]) -> Result<Vec<Found>, RegistryError> {
    let mut found = Vec::new();
    for id in ids {
        let Some((list, index)) = numbered(id) else { continue };
        let row: Option<(Option<String>, NaiveDateTime)> = suspension_entries::table
            .find((list, index))
            .select((suspension_entries::credential_digest, suspension_entries::created_at))
            .first(db)
            .optional()?;
        let Some((credential, created)) = row else { continue };
        found.push(Found::new(id, rows::taken(credential.as_deref(), created), Some(created)));
    }
    Ok(found)
}

fn of_suspension_changes(db: &mut Db, ids: &[&str]) -> Result<Vec<Found>, RegistryError> {
    let mut found = Vec::new();
    for id in ids {
        let place = numbered(id).and_then(|(place, number)| Some((numbered(place)?, number)));
        let Some(((list, index), number)) = place else { continue };
        let row: Option<(String, NaiveDateTime)> = suspension_changes::table
            .find((list, index, number))
            .select((suspension_changes::change, suspension_changes::changed_at))
            .first(db)
            .optional()?;
        let Some((change, at)) = row else { continue };
        found.push(Found::new(id, rows::suspension(&change, at), Some(at)));
    }
    Ok(found)
}

/// What stands before the last `/`, and the number behind it.
fn numbered(id: &str) -> Option<(&str, i32)> {
    let (before, number) = id.rsplit_once('/')?;
    Some((before, number.parse().ok()?))
}
