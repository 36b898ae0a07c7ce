//! Since when learners count under schemes, and adjustments of ledgers from when they are
//! asked for.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::{
    columns::Columns,
    entry::EntryKind,
    standing::{Found, broken, keys_of, opens},
};
use crate::{
    RegistryError,
    db::Db,
    digest::Digests,
    schema::{cpd_memberships, ledger_adjustments},
    sealing::{self, ADJUSTMENT, Wrapping},
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
