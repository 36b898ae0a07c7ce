//! Rows from before there was a log, or before it held rows of their kind, are taken up in
//! the transaction that changes the tables to that end: later nobody can have rows taken
//! up that were not written by the service.

use chrono::NaiveDateTime;
use diesel::{connection::SimpleConnection as _, prelude::*};

use super::{
    accreditations, cpd, endorsements, entry::EntryKind, parcel::Parcel, publications, reviews,
    rows::place_of, sequence::anything_waits, standing::standing, successions, tables::log_state, trust,
};
use crate::{
    RegistryError,
    db::Db,
    digest::Digests,
    schema::{award_successions, awards, completions, credentials, ledger_entries, vc_status_entries},
};

/// Rows that go to wait together.
const ROWS: usize = 1000;

/// Kinds that a log which was there before did not hold, with the version of the migration
/// that has it hold them.
const LATER: [(&str, &[EntryKind]); 3] = [
    (
        "20261127000051",
        &[
            EntryKind::ReviewOpened,
            EntryKind::ReviewClosed,
            EntryKind::Membership,
            EntryKind::AdjustmentAsked,
            EntryKind::AdjustmentDecided,
            EntryKind::Programme,
            EntryKind::Succession,
        ],
    ),
    (
        "20261127000100",
        &[EntryKind::Transferred, EntryKind::Statement, EntryKind::Endorsed, EntryKind::EndorsementWithdrawn],
    ),
    ("20261127000190", &[EntryKind::Trust]),
];

/// Takes up every row if the log is new; else those of the kinds that the migrations just
/// `run` have it hold.
pub(crate) fn take_up(db: &mut Db, digests: &Digests, run: &[String]) -> Result<(), RegistryError> {
    let waits = anything_waits(db)?;
    let size: i64 = log_state::table.select(log_state::size).first(db)?;
    let is_new = !waits && size == 0;
    let later = LATER.iter().filter(|(version, _)| run.iter().any(|name| name.starts_with(version)));
    let kinds: Vec<EntryKind> =
        if is_new { EntryKind::ALL.to_vec() } else { later.flat_map(|(_, kinds)| *kinds).copied().collect() };
    if kinds.is_empty() {
        return Ok(());
    }
    if let Db::Postgres(connection) = db {
        connection.batch_execute(
            "LOCK TABLE accreditations, award_reviews, award_successions, awards, cpd_memberships, cpd_statements, \
             credentials, endorsements, ledger_adjustments, ledger_entries, organisations, programme_versions, \
             transfers, trust_entries, vc_status_entries IN SHARE MODE",
        )?;
    }
    for kind in kinds {
        let ids = in_order(db, kind)?;
        for ids in ids.chunks(ROWS) {
            let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
            let rows = standing(db, digests, None, kind, &ids)?;
            let mut parcel = Parcel::new(digests);
            let times: Vec<_> = ids.iter().filter_map(|id| rows.get(*id)?.written).collect();
            for row in ids.iter().filter_map(|id| rows.get(*id)) {
                parcel.add_entry(&row.entry);
            }
            // Accreditations and successions bear no time, and nobody looks for one by it.
            let bound = |time: Option<&NaiveDateTime>| time.copied().unwrap_or_default();
            parcel.store_spanning(db, bound(times.iter().min()), bound(times.iter().max()))?;
        }
    }
    Ok(())
}

/// The rows of a kind, in the order in which they came to be.
fn in_order(db: &mut Db, kind: EntryKind) -> Result<Vec<String>, RegistryError> {
    let places = |rows: Vec<(String, i32)>| rows.iter().map(|(list, index)| place_of(list, *index)).collect();
    Ok(match kind {
        EntryKind::Award => awards::table
            .inner_join(completions::table)
            .order((completions::received_at, awards::id))
            .select(awards::id)
            .load(db)?,
        EntryKind::Superseded => award_successions::table
            .order(award_successions::award_id)
            .select(award_successions::award_id)
            .load(db)?,
        EntryKind::Prepared => credentials::table
            .order((credentials::prepared_at, credentials::id))
            .select(credentials::id)
            .load(db)?,
        EntryKind::Issued => credentials::table
            .filter(credentials::issued_at.is_not_null())
            .order((credentials::issued_at, credentials::id))
            .select(credentials::id)
            .load(db)?,
        EntryKind::Revoked => credentials::table
            .filter(credentials::revoked_at.is_not_null())
            .order((credentials::revoked_at, credentials::id))
            .select(credentials::id)
            .load(db)?,
        EntryKind::Ledger => {
            ledger_entries::table.order(ledger_entries::sequence).select(ledger_entries::id).load(db)?
        }
        EntryKind::Accreditation => accreditations::standing(db)?.into_keys().collect(),
        EntryKind::ReviewOpened => reviews::all(db)?.into_iter().map(|(id, _)| id).collect(),
        EntryKind::ReviewClosed => decided(reviews::all(db)?),
        EntryKind::Membership => cpd::all_memberships(db)?,
        EntryKind::AdjustmentAsked => cpd::all_adjustments(db)?.into_iter().map(|(id, _)| id).collect(),
        EntryKind::AdjustmentDecided => decided(cpd::all_adjustments(db)?),
        EntryKind::Transferred => cpd::all_transfers(db)?,
        EntryKind::Statement => cpd::all_statements(db)?,
        EntryKind::Endorsed => endorsements::all(db)?.into_iter().map(|(id, _)| id).collect(),
        EntryKind::EndorsementWithdrawn => decided(endorsements::all(db)?),
        EntryKind::Programme => publications::all(db)?,
        EntryKind::Succession => {
            let all = successions::standing(db)?.into_iter();
            all.filter(|(_, succession)| !succession.is_none()).map(|(slug, _)| slug).collect()
        }
        EntryKind::Trust => trust::all(db)?,
        // These came with the log or later: whoever has such rows has a log.
        EntryKind::Key
        | EntryKind::SuspensionTaken
        | EntryKind::SuspensionChanged
        | EntryKind::Corrected
        | EntryKind::Withdrawn
        | EntryKind::Seated
        | EntryKind::Erased
        | EntryKind::Policy => Vec::new(),
        EntryKind::StatusTaken => places(
            vc_status_entries::table
                .order(vc_status_entries::created_at)
                .select((vc_status_entries::status_list_id, vc_status_entries::status_index))
                .load(db)?,
        ),
        EntryKind::StatusRevoked => places(
            vc_status_entries::table
                .filter(vc_status_entries::revoked_at.is_not_null())
                .order(vc_status_entries::revoked_at)
                .select((vc_status_entries::status_list_id, vc_status_entries::status_index))
                .load(db)?,
        ),
    })
}

fn decided(all: Vec<(String, bool)>) -> Vec<String> {
    all.into_iter().filter(|(_, is_decided)| *is_decided).map(|(id, _)| id).collect()
}
