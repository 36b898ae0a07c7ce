//! A completion that is stated again: is it the same, or does it correct what is
//! recorded?

use chrono::NaiveDateTime;
use diesel::{dsl::exists, prelude::*, select};
use model::completion::Completion;

use super::{
    Condition, Intake, Source, Validity,
    known::{Existing, Standing},
};
use crate::{
    RegistryError,
    db::Db,
    difference,
    error::parsed_json,
    schema::{api_clients, awards, completion_corrections, completions, credentials},
    sealing::{self, COMPLETION, Wrapping},
};

/// More corrections of one completion than anybody makes.
const FURTHEST: usize = 1000;

/// What a completion is to the one that is recorded under its identity.
pub(super) enum Repeat {
    /// It says the same.
    Same,
    /// It takes its place: it differs in these members.
    Corrects(Vec<String>),
    /// It would, but what it corrects is not visible yet.
    Busy,
    /// It says what was corrected since.
    Superseded,
    /// The learner of what is recorded was erased.
    Erased,
    /// It says what was withdrawn.
    Withdrawn,
    /// Somebody else than the provider took back what it would correct.
    Revoked,
    /// Its condition does not hold: it differs in these members.
    Unmet(Vec<String>),
}

/// What `row` is to `existing`, which answers to its reference, or to its occasion where
/// neither has a reference.
pub(super) fn judge(
    db: &mut Db,
    wrapping: &Wrapping,
    row: &Intake<'_>,
    existing: &Existing,
) -> Result<Repeat, RegistryError> {
    if matches!(existing.standing, Standing::Erased) {
        return Ok(Repeat::Erased);
    }
    // What satisfies a programme is found anew at every evaluation and may be worded
    // otherwise; the award is the same.
    if row.source != Source::Completion {
        return Ok(Repeat::Same);
    }
    let recorded: Completion = parsed_json("completions", &existing.id, &existing.body)?;
    let is_same = recorded == *row.completion;
    let is_meant =
        matches!(row.condition, Condition::Corrects(id) if id.to_string() == existing.credential.id);
    match &existing.standing {
        Standing::Stands if is_same => return Ok(Repeat::Same),
        Standing::Withdrawn if is_same && !is_meant => return Ok(Repeat::Withdrawn),
        Standing::Revoked { .. } if is_same && !is_meant => return Ok(Repeat::Same),
        Standing::Revoked { by } if !is_own(db, row, by)? => return Ok(Repeat::Revoked),
        _ if !existing.credential.signed => return Ok(Repeat::Busy),
        _ => {}
    }
    let differing = difference::members(&recorded, row.completion);
    Ok(match row.condition {
        Condition::None if was_stated(db, wrapping, row, existing)? => Repeat::Superseded,
        Condition::New => Repeat::Unmet(differing),
        Condition::Corrects(_) if !is_meant => Repeat::Unmet(differing),
        _ => Repeat::Corrects(differing),
    })
}

/// Whether a client of the same provider did it.
fn is_own(db: &mut Db, row: &Intake<'_>, client: &str) -> Result<bool, RegistryError> {
    if client == row.client {
        return Ok(true);
    }
    let provider: Option<Option<String>> =
        api_clients::table.find(client).select(api_clients::provider).first(db).optional()?;
    Ok(provider.flatten().is_some_and(|provider| provider == row.provider.as_str()))
}

/// Whether it says what was recorded before `existing` corrected it.
fn was_stated(
    db: &mut Db,
    wrapping: &Wrapping,
    row: &Intake<'_>,
    existing: &Existing,
) -> Result<bool, RegistryError> {
    let earlier = corrected_by(db, &existing.id)?;
    let keys = sealing::known(db, wrapping, earlier.iter().map(|one| one.learner.as_str()))?;
    for Earlier { id, learner, body } in &earlier {
        // What was stated of somebody who was erased, nobody can compare any more.
        let Some(key) = keys.get(learner) else { continue };
        if sealing::read_json::<Completion>(Some(key), COMPLETION, id, body)? == *row.completion {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A completion that was corrected, whose it was, and what it states, sealed.
#[derive(Queryable)]
struct Earlier {
    id: String,
    learner: String,
    body: String,
}

/// The completions that one corrects, the latest first.
fn corrected_by(db: &mut Db, completion: &str) -> Result<Vec<Earlier>, RegistryError> {
    let mut found: Vec<Earlier> = Vec::new();
    while found.len() < FURTHEST {
        let later = found.last().map_or(completion, |one| one.id.as_str());
        let earlier: Option<Earlier> = completion_corrections::table
            .inner_join(completions::table.on(completions::id.eq(completion_corrections::corrects_id)))
            .filter(completion_corrections::completion_id.eq(later))
            .select((completions::id, completions::learner_id, completions::body))
            .first(db)
            .optional()?;
        let Some(earlier) = earlier else { break };
        found.push(earlier);
    }
    Ok(found)
}

/// Whether all that is recorded of its learner is `existing` and what that corrects.
pub(super) fn is_all_there_is(db: &mut Db, existing: &Existing) -> Result<bool, RegistryError> {
    let mut own: Vec<String> = corrected_by(db, &existing.id)?.into_iter().map(|one| one.id).collect();
    own.push(existing.id.clone());
    let other: Option<String> = completions::table
        .filter(completions::learner_id.eq(existing.learner.to_string()))
        .filter(completions::id.ne_all(own))
        .select(completions::id)
        .first(db)
        .optional()?;
    Ok(other.is_none())
}

/// Until when the badge of a correction holds, of what is the same holder's. What is the
/// same achievement holds as long as the badge does that it takes the place of, renewals
/// with it; but where the day of it is corrected and nothing was renewed, the end moves
/// with that day.
pub(super) fn validity(
    db: &mut Db,
    stated: &Completion,
    existing: &Existing,
) -> Result<Validity, RegistryError> {
    let recorded: Completion = parsed_json("completions", &existing.id, &existing.body)?;
    if recorded.achievement != stated.achievement
        || (recorded.completed_at != stated.completed_at && !was_renewed(db, existing, stated)?)
    {
        return Ok(Validity::OfItsOwn);
    }
    let present: Option<Option<NaiveDateTime>> = credentials::table
        .inner_join(awards::table)
        .filter(awards::completion_id.eq(&existing.id).and(credentials::issued_at.is_not_null()))
        .order(credentials::issue.desc())
        .select(credentials::valid_until)
        .first(db)
        .optional()?;
    Ok(present.map_or(Validity::OfItsOwn, |until| Validity::TakenOver {
        until: until.map(|until| until.and_utc()),
    }))
}

/// Whether its award, or one that it corrects of the same holder's, was renewed.
fn was_renewed(db: &mut Db, existing: &Existing, stated: &Completion) -> Result<bool, RegistryError> {
    let mut own: Vec<String> = corrected_by(db, &existing.id)?.into_iter().map(|one| one.id).collect();
    own.push(existing.id.clone());
    let renewal = credentials::table
        .inner_join(awards::table)
        .filter(awards::completion_id.eq_any(own))
        .filter(awards::learner_id.eq(existing.learner.to_string()))
        .filter(awards::achievement.eq(stated.achievement.as_str()))
        .filter(credentials::issue.gt(1).and(credentials::issued_at.is_not_null()));
    Ok(select(exists(renewal)).get_result(db)?)
}

/// What a completion that no longer answers to its reference or its occasion has in
/// their place.
pub(crate) fn gone(word: &str, completion: &str) -> String {
    format!("{word}:{completion}")
}

/// Takes its reference and its occasion from a completion, for the one that corrects it.
pub(super) fn pass_on(db: &mut Db, completion: &str) -> Result<(), RegistryError> {
    let key = gone("superseded", completion);
    diesel::update(completions::table.find(completion))
        .set((completions::natural_key.eq(&key), completions::occasion.eq(&key)))
        .execute(db)?;
    Ok(())
}
