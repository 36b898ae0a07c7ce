//! Reviews of programmes' awards: opened, and decided.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{columns::Columns, entry::EntryKind, rows::seat_of, standing::Found};
use crate::{RegistryError, db::Db, schema::award_reviews};

/// When it was opened, and when, by whom and how it was decided.
type Row = (NaiveDateTime, Option<NaiveDateTime>, Option<String>, Option<String>);

/// The reviews of these ids, each `award/component`.
pub(super) fn standing(db: &mut Db, kind: EntryKind, ids: &[&str]) -> Result<Vec<Found>, RegistryError> {
    let mut found = Vec::new();
    for id in ids {
        let Some(key) = id.split_once('/') else { continue };
        let row: Option<Row> = award_reviews::table
            .find(key)
            .select((
                award_reviews::opened_at,
                award_reviews::closed_at,
                award_reviews::closed_by,
                award_reviews::decision,
            ))
            .first(db)
            .optional()?;
        let Some((opened, closed, by, decision)) = row else { continue };
        found.push(if kind == EntryKind::ReviewOpened {
            Found::new(id, Columns::default().time(opened), Some(opened))
        } else {
            let columns = Columns::default().optional_time(closed);
            let columns = columns.optional(by.as_deref()).optional(decision.as_deref());
            Found::new(id, columns, closed)
        });
    }
    Ok(found)
}

/// What names each, and whether it is decided, in the order in which they were opened.
pub(super) fn all(db: &mut Db) -> Result<Vec<(String, bool)>, RegistryError> {
    let rows: Vec<(String, String, bool)> = award_reviews::table
        .order((award_reviews::opened_at, award_reviews::award_id, award_reviews::component_id))
        .select((award_reviews::award_id, award_reviews::component_id, award_reviews::decision.is_not_null()))
        .load(db)?;
    Ok(rows.into_iter().map(|(award, component, decided)| (seat_of(&award, &component), decided)).collect())
}
