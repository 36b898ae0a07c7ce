//! What the registrar decided of issuers on lists of whom to trust.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::{columns::Columns, standing::Found};
use crate::{RegistryError, db::Db, schema::trust_entries};

#[derive(Queryable, Selectable)]
#[diesel(table_name = trust_entries)]
struct Row {
    sequence: i64,
    list: String,
    issuer: String,
    name: Option<String>,
    valid_from: Option<NaiveDate>,
    valid_until: Option<NaiveDate>,
    reason: String,
    recorded_by: String,
    recorded_at: NaiveDateTime,
}

/// Decisions, by their numbers.
pub(super) fn decisions(db: &mut Db, ids: &[&str]) -> Result<Vec<Found>, RegistryError> {
    let numbers: Vec<i64> = ids.iter().filter_map(|id| id.parse().ok()).collect();
    let rows: Vec<Row> = trust_entries::table
        .filter(trust_entries::sequence.eq_any(numbers))
        .select(Row::as_select())
        .load(db)?;
    let each = |row: Row| {
        let columns = Columns::default()
            .text(&row.list)
            .text(&row.issuer)
            .optional(row.name.as_deref())
            .optional_day(row.valid_from)
            .optional_day(row.valid_until)
            .text(&row.reason)
            .text(&row.recorded_by)
            .time(row.recorded_at);
        Found::new(&row.sequence.to_string(), columns, Some(row.recorded_at))
    };
    Ok(rows.into_iter().map(each).collect())
}

/// The numbers of all, in order.
pub(super) fn all(db: &mut Db) -> Result<Vec<String>, RegistryError> {
    let numbers: Vec<i64> =
        trust_entries::table.order(trust_entries::sequence).select(trust_entries::sequence).load(db)?;
    Ok(numbers.iter().map(ToString::to_string).collect())
}
