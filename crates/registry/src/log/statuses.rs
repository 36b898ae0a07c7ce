//! Entries in status lists of credentials that have no row of their own among the badges.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{columns::Columns, entry::EntryKind, rows, standing::Found};
use crate::{
    RegistryError,
    db::Db,
    schema::{self, vc_status_entries},
};

/// Places in status lists, or that they were revoked.
pub(super) fn entries(db: &mut Db, kind: EntryKind, ids: &[&str]) -> Result<Vec<Found>, RegistryError> {
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

/// Places in suspension lists.
pub(super) fn suspension_entries(db: &mut Db, ids: &[&str]) -> Result<Vec<Found>, RegistryError> {
    let mut found = Vec::new();
    for id in ids {
        let Some((list, index)) = numbered(id) else { continue };
        let row: Option<(Option<String>, NaiveDateTime)> = schema::suspension_entries::table
            .find((list, index))
            .select((schema::suspension_entries::credential_digest, schema::suspension_entries::created_at))
            .first(db)
            .optional()?;
        let Some((credential, created)) = row else { continue };
        found.push(Found::new(id, rows::taken(credential.as_deref(), created), Some(created)));
    }
    Ok(found)
}

/// What became of them.
pub(super) fn suspension_changes(db: &mut Db, ids: &[&str]) -> Result<Vec<Found>, RegistryError> {
    let mut found = Vec::new();
    for id in ids {
        let place = numbered(id).and_then(|(place, number)| Some((numbered(place)?, number)));
        let Some(((list, index), number)) = place else { continue };
        let row: Option<(String, NaiveDateTime)> = schema::suspension_changes::table
            .find((list, index, number))
            .select((schema::suspension_changes::change, schema::suspension_changes::changed_at))
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
