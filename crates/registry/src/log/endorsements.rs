//! Endorsements as they stand, and that they were withdrawn.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{columns::Columns, entry::EntryKind, standing::Found};
use crate::{RegistryError, db::Db, schema::endorsements};

#[derive(Queryable, Selectable)]
#[diesel(table_name = endorsements)]
struct Row {
    id: String,
    body: String,
    kind: String,
    subject: String,
    version: Option<String>,
    credential_id: String,
    document: String,
    hosted: bool,
    valid_from: NaiveDateTime,
    valid_until: NaiveDateTime,
    recorded_at: NaiveDateTime,
    recorded_by: String,
    withdrawn_at: Option<NaiveDateTime>,
    withdrawn_by: Option<String>,
}

/// Endorsements, or that they were withdrawn.
pub(super) fn standing(db: &mut Db, kind: EntryKind, ids: &[&str]) -> Result<Vec<Found>, RegistryError> {
    let rows: Vec<Row> =
        endorsements::table.filter(endorsements::id.eq_any(ids)).select(Row::as_select()).load(db)?;
    let each = |row: Row| {
        if kind == EntryKind::Endorsed {
            return Found::new(&row.id, given(&row), Some(row.recorded_at));
        }
        let columns = Columns::default().optional_time(row.withdrawn_at);
        Found::new(&row.id, columns.optional(row.withdrawn_by.as_deref()), row.withdrawn_at)
    };
    Ok(rows.into_iter().map(each).collect())
}

fn given(row: &Row) -> Columns {
    Columns::default()
        .text(&row.body)
        .text(&row.kind)
        .text(&row.subject)
        .optional(row.version.as_deref())
        .text(&row.credential_id)
        .document(&row.document)
        .text(if row.hosted { "hosted" } else { "posted" })
        .time(row.valid_from)
        .time(row.valid_until)
        .time(row.recorded_at)
        .text(&row.recorded_by)
}

/// What names each, in the order in which they came, and whether it was withdrawn.
pub(super) fn all(db: &mut Db) -> Result<Vec<(String, bool)>, RegistryError> {
    Ok(endorsements::table
        .order((endorsements::recorded_at, endorsements::id))
        .select((endorsements::id, endorsements::withdrawn_at.is_not_null()))
        .load(db)?)
}
