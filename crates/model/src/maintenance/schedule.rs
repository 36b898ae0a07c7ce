//! When something about an award is to be said or looked at next.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{
    Award, Policies, State,
    policies::before,
    standing::{Bounds, standing},
};

/// Something that the holder is told, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case", tag = "notice")]
pub enum Notice {
    /// The badge ends in so many days.
    Reminder {
        /// How many, as the policy gives them.
        days_before: u32,
    },
    /// It has ended and can still be renewed.
    Ended,
    /// It has lapsed and can be reinstated.
    Lapsed,
    /// It is gone for good.
    Expired,
}

/// What is to be said of an award in its present term, as it stands at `at`, and from
/// which moment on; the earliest first, later moments among them. Nothing of an award
/// that was taken back, superseded, or has no policy.
pub fn notices(policies: &Policies, award: &Award, at: DateTime<Utc>) -> Vec<(DateTime<Utc>, Notice)> {
    let Some(bounds) = running(policies, award, at) else { return Vec::new() };
    let mut notices: Vec<(DateTime<Utc>, Notice)> = Vec::new();
    let terms = award.terms(at);
    let term = terms.last();
    let applied = term.and_then(|term| policies.applied(&award.achievement, term.begun, at));
    let Some(applied) = applied else { return Vec::new() };
    let renewal = applied.rules.renewal.as_ref();
    for days_before in renewal.iter().flat_map(|renewal| &renewal.reminders_days_before) {
        let moment = bounds.end.map(|end| before(end, *days_before));
        notices.extend(moment.map(|moment| (moment, Notice::Reminder { days_before: *days_before })));
    }
    for first in bounds.firsts() {
        let notice = match bounds.at(first, false).0 {
            State::Grace => Notice::Ended,
            State::Lapsed => Notice::Lapsed,
            State::Expired => Notice::Expired,
            _ => continue,
        };
        notices.push((first, notice));
    }
    notices.sort_unstable();
    notices.dedup();
    notices
}

/// The first moment after `at` at which the clock or a published policy changes
/// something about an award, or something is to be said of it. `None` if that takes an
/// event.
pub fn next_change(policies: &Policies, award: &Award, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let bounds = running(policies, award, at)?;
    let said = notices(policies, award, at).into_iter().map(|(moment, _)| moment);
    let ruled = policies.changes_of(&award.achievement).iter().map(|change| change.since);
    bounds.firsts().chain(said).chain(ruled).filter(|moment| *moment > at).min()
}

/// From which moment on it concerns an award what its holder earns or completes, as it
/// stands at `at`. `None` if nothing does any more.
pub fn concerned_from(policies: &Policies, award: &Award, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let standing = standing(policies, award, at)?;
    if matches!(standing.state, State::Revoked | State::Expired) {
        return None;
    }
    let applied = policies.applied(&award.achievement, standing.term.begun, at)?;
    Bounds::of(standing.term, Some(applied.rules)).opens
}

/// The bounds of the present term, while it runs its course under some policy.
fn running(policies: &Policies, award: &Award, at: DateTime<Utc>) -> Option<Bounds> {
    let standing = standing(policies, award, at)?;
    if matches!(standing.state, State::Revoked | State::Superseded) {
        return None;
    }
    if policies.changes_of(&award.achievement).is_empty() {
        return None;
    }
    let applied = policies.applied(&award.achievement, standing.term.begun, at);
    Some(Bounds::of(standing.term, applied.map(|applied| applied.rules)))
}
