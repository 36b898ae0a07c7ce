//! Rows from before there was a log are taken up in the transaction that makes
//! its tables: later nobody can have rows taken up that were not written by the
//! service.

use chrono::NaiveDateTime;
use diesel::{connection::SimpleConnection as _, prelude::*};

use super::{
    accreditations, entry::EntryKind, parcel::Parcel, rows::place_of, sequence::anything_waits,
    standing::standing, tables::log_state,
};
use crate::{
    RegistryError,
    db::Db,
    digest::Digests,
    schema::{award_successions, awards, completions, credentials, ledger_entries, vc_status_entries},
};

/// Rows that go to wait together.
const ROWS: usize = 1000;

/// Takes up every row, if the log is new.
pub(crate) fn take_up(db: &mut Db, digests: &Digests) -> Result<(), RegistryError> {
    let waits = anything_waits(db)?;
    let size: i64 = log_state::table.select(log_state::size).first(db)?;
    if waits || size > 0 {
        return Ok(());
    }
    if let Db::Postgres(connection) = db {
        connection.batch_execute(
            "LOCK TABLE accreditations, award_successions, awards, credentials, ledger_entries, vc_status_entries IN SHARE MODE",
        )?;
    }
    for kind in EntryKind::ALL.iter().copied() {
        let ids = in_order(db, kind)?;
        for ids in ids.chunks(ROWS) {
            let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
            let rows = standing(db, digests, kind, &ids)?;
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
        // These came with the log or later: whoever has such rows has a log.
        EntryKind::Key
        | EntryKind::SuspensionTaken
        | EntryKind::SuspensionChanged
        | EntryKind::Corrected
        | EntryKind::Withdrawn
        | EntryKind::Seated => Vec::new(),
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
