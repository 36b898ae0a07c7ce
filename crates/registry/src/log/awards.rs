//! Awards as they stand, with the completions behind them, and what became of both.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{
    rows::{self, MadeOf, StatedCompletion},
    standing::{Found, broken, keys_of, opens},
};
use crate::{
    RegistryError,
    db::Db,
    digest::Digests,
    schema::{
        AwardRow, CorrectionRow, SeatRow, WithdrawalRow, award_components, award_successions, awards,
        completion_corrections, completion_withdrawals, completions,
    },
    sealing::{COMPLETION, WITHDRAWAL, Wrapping},
};

/// The completion behind an award.
#[derive(Queryable, Selectable)]
#[diesel(table_name = completions)]
struct Behind {
    id: String,
    client: String,
    provider: String,
    completed_at: NaiveDateTime,
    source: String,
    programme: Option<String>,
    received_at: NaiveDateTime,
    evidenced: bool,
    body: String,
}

impl Behind {
    fn stated(&self) -> StatedCompletion<'_> {
        StatedCompletion {
            id: &self.id,
            client: &self.client,
            provider: &self.provider,
            completed_at: self.completed_at,
            source: &self.source,
            programme: self.programme.as_deref(),
            received_at: self.received_at,
            evidenced: self.evidenced,
            body: &self.body,
        }
    }
}

/// An award that counts in another, and how.
type Part = (String, String, String, String, bool, Option<String>, String, String);

/// Awards, each with the completion behind it.
pub(super) fn awarded(
    db: &mut Db,
    digests: &Digests,
    wrapping: Option<&Wrapping>,
    ids: &[&str],
) -> Result<Vec<Found>, RegistryError> {
    let rows: Vec<AwardRow> =
        awards::table.filter(awards::id.eq_any(ids)).select(AwardRow::as_select()).load(db)?;
    let completions_of: Vec<&str> = rows.iter().map(|row| row.completion_id.as_str()).collect();
    let behind: Vec<Behind> = completions::table
        .filter(completions::id.eq_any(&completions_of))
        .select(Behind::as_select())
        .load(db)?;
    let behind: HashMap<&str, &Behind> = behind.iter().map(|one| (one.id.as_str(), one)).collect();
    let keys = keys_of(db, wrapping, rows.iter().map(|row| row.learner_id.as_str()))?;
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
        let before = rows::award(row, &made_of);
        let Some(completion) = behind.get(row.completion_id.as_str()) else {
            return Found::new(&row.id, before, None);
        };
        let values = [(COMPLETION, Some(completion.body.as_str()))];
        let (columns, before) = if opens(keys.get(&row.learner_id), &completion.id, &values) {
            (rows::award(row, &made_of).and(rows::behind(digests, &completion.stated())), Some(before))
        } else {
            (broken(), None)
        };
        let found = Found::new(&row.id, columns, Some(completion.received_at));
        found.with_completion(&completion.id, before)
    };
    Ok(rows.iter().map(each).collect())
}

/// Awards that count in the place of others.
pub(super) fn seated(db: &mut Db, ids: &[&str]) -> Result<Vec<Found>, RegistryError> {
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

/// Awards that later ones supersede.
pub(super) fn superseded(db: &mut Db, ids: &[&str]) -> Result<Vec<Found>, RegistryError> {
    let rows: Vec<(String, String)> = award_successions::table
        .filter(award_successions::award_id.eq_any(ids))
        .select((award_successions::award_id, award_successions::successor_id))
        .load(db)?;
    let each = |(id, successor): (String, String)| Found::new(&id, rows::superseded(&successor), None);
    Ok(rows.into_iter().map(each).collect())
}

/// Completions that correct others.
pub(super) fn corrected(db: &mut Db, ids: &[&str]) -> Result<Vec<Found>, RegistryError> {
    let rows: Vec<CorrectionRow> = completion_corrections::table
        .filter(completion_corrections::completion_id.eq_any(ids))
        .select(CorrectionRow::as_select())
        .load(db)?;
    let each = |row: CorrectionRow| Found::new(&row.completion_id, rows::correction(&row), None);
    Ok(rows.into_iter().map(each).collect())
}

/// Completions that were taken back.
pub(super) fn withdrawn(
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
