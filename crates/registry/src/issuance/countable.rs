//! What may count in a programme: asked once more in the transaction that makes
//! it count, since the evaluation was before it.

use std::iter;

use chrono::{Months, NaiveDateTime};
use diesel::prelude::*;
use model::{
    catalogue::CORE_EQUALITY_MODULE,
    field::FieldError,
    programme::{Counted, Counting, OnRevocation, Programme},
};

use super::{Intake, Source, hold::take_turn};
use crate::{
    RegistryError,
    db::Db,
    schema::{ComponentRow, award_components, awards, credentials},
};

/// What forbids counting the awards that a programme's award is made of: each must
/// be the learner's and stand, lie in the programme's window, and be free by the
/// counting rules of every programme in which it counts.
pub(super) fn faults(db: &mut Db, row: &Intake<'_>) -> Result<Vec<FieldError>, RegistryError> {
    let Source::Programme { programme, learner, counted, .. } = &row.source else { return Ok(Vec::new()) };
    // Two programmes of one learner are awarded one after the other, and no award
    // is revoked meanwhile.
    take_turn(db, iter::once(learner.to_string()))?;
    let ids: Vec<String> = counted.iter().map(|one| one.award.to_string()).collect();
    let standing: Vec<(String, NaiveDateTime)> = awards::table
        .inner_join(credentials::table)
        .filter(awards::id.eq_any(&ids).and(awards::learner_id.eq(learner.to_string())))
        .filter(credentials::issued_at.is_not_null().and(credentials::revoked_at.is_null()))
        .select((awards::id, awards::awarded_at))
        .load(db)?;
    let elsewhere: Vec<(String, String, bool)> = award_components::table
        .filter(award_components::component_id.eq_any(&ids))
        .select((award_components::component_id, award_components::programme, award_components::alone))
        .load(db)?;
    let mut faults = Vec::new();
    let mut fault = |code, detail: String, expected: &str| {
        faults.push(FieldError::new("", code, detail, expected));
    };
    let latest = standing.iter().map(|(_, at)| *at).max();
    let begin = programme.window.months.and_then(|months| latest?.checked_sub_months(Months::new(months)));
    for one in counted {
        let id = one.award.to_string();
        let Some((_, at)) = standing.iter().find(|(standing, _)| *standing == id) else {
            let detail = format!("the award {id} is not this learner\u{2019}s, or does not stand");
            fault("unknown-award", detail, "awards of the learner that stand");
            continue;
        };
        if !programme.window.covers(at.and_utc()) || begin.is_some_and(|begin| *at < begin) {
            let detail = format!("the award {id} lies outside the window of `{}`", programme.slug);
            fault("outside-window", detail, "awards within the programme\u{2019}s window");
        }
        for (_, there, alone) in elsewhere.iter().filter(|(component, ..)| *component == id) {
            let is_here = there == programme.slug.as_str();
            let is_free = programme.builds_on.as_ref().is_some_and(|below| below.as_str() == there)
                || !(*alone || is_alone(programme, one));
            if is_here || !is_free {
                fault(
                    "already-counted",
                    format!("the award {id} already counts in `{there}`"),
                    "awards that may count here by the counting rules of both programmes",
                );
            }
        }
    }
    Ok(faults)
}

/// What is stored of an award that counts.
pub(super) fn row(programme: &Programme, counted: &Counted, award: &str) -> ComponentRow {
    ComponentRow {
        award_id: award.to_owned(),
        component_id: counted.award.to_string(),
        programme: programme.slug.to_string(),
        programme_version: programme.version.clone(),
        alone: is_alone(programme, counted),
        builds_on: programme.builds_on.as_ref().map(ToString::to_string),
        on_revocation: match programme.on_revocation {
            OnRevocation::Review => "review",
            OnRevocation::Revoke => "revoke",
        },
        path: counted.path.clone(),
    }
}

/// The core module is in every programme, so none keeps it to itself.
fn is_alone(programme: &Programme, counted: &Counted) -> bool {
    programme.counting == Counting::Alone && counted.achievement.as_str() != CORE_EQUALITY_MODULE
}
