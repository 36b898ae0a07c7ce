//! Lines of the CPD ledger, and what stands beside it: transfers, adjustments from when they
//! are asked for, since when learners count under schemes, what they write of a period.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::{
    columns::Columns,
    entry::EntryKind,
    rows,
    standing::{Found, broken, keys_of, opens},
};
use crate::{
    RegistryError,
    db::Db,
    digest::Digests,
    schema::{LedgerRow, cpd_memberships, cpd_statements, ledger_adjustments, ledger_entries, transfers},
    sealing::{self, ADJUSTMENT, DETAILS, STATEMENT, Wrapping},
};

/// Id, learner, scheme, since when, who said so, and when.
type Membership = (String, String, String, NaiveDate, String, NaiveDateTime);

/// Id; learner, what is asked for, by whom and when; who decided, when, how, and the line
/// that was written.
type Adjustment = (
    String,
    (String, String, String, NaiveDateTime),
    (Option<String>, Option<NaiveDateTime>, Option<String>, Option<String>),
);

/// Lines of the ledger.
pub(super) fn lines(
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
        let columns = if is_whole { columns } else { broken() };
        Found::new(&row.id, columns, Some(row.recorded_at)).line(&row.learner_id, sequence)
    };
    Ok(rows.into_iter().map(each).collect())
}

/// Credentials of others whose credit is in the ledger.
pub(super) fn transfers(db: &mut Db, ids: &[&str]) -> Result<Vec<Found>, RegistryError> {
    let rows: Vec<(String, String, String, String, NaiveDateTime)> = transfers::table
        .filter(transfers::entry_id.eq_any(ids))
        .select((
            transfers::entry_id,
            transfers::learner_id,
            transfers::name_digest,
            transfers::content_digest,
            transfers::recorded_at,
        ))
        .load(db)?;
    let each = |(id, learner, name, content, at): (String, String, String, String, NaiveDateTime)| {
        Found::new(&id, Columns::default().text(&learner).text(&name).text(&content).time(at), Some(at))
    };
    Ok(rows.into_iter().map(each).collect())
}

/// What learners wrote of a period.
pub(super) fn statements(
    db: &mut Db,
    digests: &Digests,
    wrapping: Option<&Wrapping>,
    ids: &[&str],
) -> Result<Vec<Found>, RegistryError> {
    type Row = (String, String, String, NaiveDate, String, String, NaiveDateTime);
    let rows: Vec<Row> = cpd_statements::table
        .filter(cpd_statements::id.eq_any(ids))
        .select((
            cpd_statements::id,
            cpd_statements::learner_id,
            cpd_statements::scheme,
            cpd_statements::day,
            cpd_statements::body,
            cpd_statements::stated_by,
            cpd_statements::recorded_at,
        ))
        .load(db)?;
    let keys = keys_of(db, wrapping, rows.iter().map(|row| row.1.as_str()))?;
    let each = |(id, learner, scheme, day, body, stated_by, at): Row| {
        let columns = if opens(keys.get(&learner), &id, &[(STATEMENT, Some(&body))]) {
            let columns = Columns::default().text(&learner).text(&scheme).optional_day(Some(day));
            columns.text(&sealing::mark(digests, STATEMENT, &id, &body)).text(&stated_by).time(at)
        } else {
            broken()
        };
        Found::new(&id, columns, Some(at))
    };
    Ok(rows.into_iter().map(each).collect())
}

/// What names each transfer, in the order in which they came.
pub(super) fn all_transfers(db: &mut Db) -> Result<Vec<String>, RegistryError> {
    Ok(transfers::table
        .order((transfers::recorded_at, transfers::entry_id))
        .select(transfers::entry_id)
        .load(db)?)
}

/// What names each text about a period, in the order in which they were written.
pub(super) fn all_statements(db: &mut Db) -> Result<Vec<String>, RegistryError> {
    Ok(cpd_statements::table
        .order((cpd_statements::recorded_at, cpd_statements::id))
        .select(cpd_statements::id)
        .load(db)?)
}

pub(super) fn memberships(db: &mut Db, ids: &[&str]) -> Result<Vec<Found>, RegistryError> {
    let rows: Vec<Membership> = cpd_memberships::table
        .filter(cpd_memberships::id.eq_any(ids))
        .select((
            cpd_memberships::id,
            cpd_memberships::learner_id,
            cpd_memberships::scheme,
            cpd_memberships::joined_on,
            cpd_memberships::stated_by,
            cpd_memberships::recorded_at,
        ))
        .load(db)?;
    let each = |(id, learner, scheme, joined_on, stated_by, at): Membership| {
        let columns = Columns::default().text(&learner).text(&scheme).optional_day(Some(joined_on));
        Found::new(&id, columns.text(&stated_by).time(at), Some(at))
    };
    Ok(rows.into_iter().map(each).collect())
}

pub(super) fn adjustments(
    db: &mut Db,
    digests: &Digests,
    wrapping: Option<&Wrapping>,
    kind: EntryKind,
    ids: &[&str],
) -> Result<Vec<Found>, RegistryError> {
    let rows: Vec<Adjustment> = ledger_adjustments::table
        .filter(ledger_adjustments::id.eq_any(ids))
        .select((
            ledger_adjustments::id,
            (
                ledger_adjustments::learner_id,
                ledger_adjustments::body,
                ledger_adjustments::requested_by,
                ledger_adjustments::requested_at,
            ),
            (
                ledger_adjustments::decided_by,
                ledger_adjustments::decided_at,
                ledger_adjustments::decision,
                ledger_adjustments::entry_id,
            ),
        ))
        .load(db)?;
    let keys = keys_of(db, wrapping, rows.iter().map(|(_, (learner, ..), _)| learner.as_str()))?;
    let each = |(id, asked, decided): Adjustment| {
        let ((learner, body, by, at), (decided_by, decided_at, decision, line)) = (asked, decided);
        if kind == EntryKind::AdjustmentAsked {
            let is_whole = opens(keys.get(&learner), &id, &[(ADJUSTMENT, Some(&body))]);
            let asked = sealing::mark(digests, ADJUSTMENT, &id, &body);
            let columns = Columns::default().text(&learner).text(&asked).text(&by).time(at);
            let columns = if is_whole { columns } else { broken() };
            return Found::new(&id, columns, Some(at));
        }
        let columns = Columns::default().optional(decided_by.as_deref()).optional_time(decided_at);
        let columns = columns.optional(decision.as_deref()).optional(line.as_deref());
        Found::new(&id, columns, decided_at)
    };
    Ok(rows.into_iter().map(each).collect())
}

/// What names each membership, in the order in which they were stated.
pub(super) fn all_memberships(db: &mut Db) -> Result<Vec<String>, RegistryError> {
    Ok(cpd_memberships::table
        .order((cpd_memberships::recorded_at, cpd_memberships::id))
        .select(cpd_memberships::id)
        .load(db)?)
}

/// What names each adjustment, and whether it is decided, in the order in which they were
/// asked for.
pub(super) fn all_adjustments(db: &mut Db) -> Result<Vec<(String, bool)>, RegistryError> {
    Ok(ledger_adjustments::table
        .order((ledger_adjustments::requested_at, ledger_adjustments::id))
        .select((ledger_adjustments::id, ledger_adjustments::decision.is_not_null()))
        .load(db)?)
}
