//! In which state an award is.

use chrono::{DateTime, Months, NaiveDate, TimeDelta, Utc};
use serde::Serialize;

use super::{
    Award, Policies, Rules, Term, Way, WayKind, What,
    needs::way,
    policies::{after, before},
};
use crate::id::{AwardId, CredentialId, Slug};

/// Where an award stands between being issued and being gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It holds, and cannot be renewed yet.
    InForce,
    /// It holds again after it had lapsed, and cannot be renewed yet.
    Reinstated,
    /// It holds, and can be renewed.
    Due,
    /// Its time is up, and it can still be renewed as before.
    Grace,
    /// Its time is up; it comes back only by reinstatement.
    Lapsed,
    /// Its time is up for good.
    Expired,
    /// It was taken back.
    Revoked,
    /// A later award took its place: it holds to its end and is not renewed.
    Superseded,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 8] = [
        Self::InForce,
        Self::Reinstated,
        Self::Due,
        Self::Grace,
        Self::Lapsed,
        Self::Expired,
        Self::Revoked,
        Self::Superseded,
    ];

    /// The word that stands for it: `in_force`, `reinstated`, `due`, `grace`, `lapsed`,
    /// `expired`, `revoked` or `superseded`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InForce => "in_force",
            Self::Reinstated => "reinstated",
            Self::Due => "due",
            Self::Grace => "grace",
            Self::Lapsed => "lapsed",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
            Self::Superseded => "superseded",
        }
    }
}

/// How an award stood at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The state.
    pub state: State,
    /// The first moment of that state.
    pub since: DateTime<Utc>,
    /// The last, if nothing happens; `None` if it stays so.
    pub until: Option<DateTime<Utc>>,
    /// The credential that is the award's present form.
    pub term: Term,
    /// The credential before it, if it was renewed.
    pub before: Option<CredentialId>,
    /// The policy under which it runs.
    pub policy: Option<Slug>,
    /// What it takes to hold longer or again, where there is a way.
    pub way: Option<Way>,
}

/// A renewal that is due to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Renewed {
    /// Its number among the award's credentials.
    pub issue: u32,
    /// The end of the new term, if it ends.
    pub until: Option<DateTime<Utc>>,
    /// Whether the award had lapsed.
    pub is_reinstated: bool,
}

/// The time in which moments are counted: every moment that is stored is a whole second.
pub(super) const TICK: TimeDelta = TimeDelta::seconds(1);

/// How `award` stood at `at`, by what was known then. `None` if it was not issued yet.
pub fn standing(policies: &Policies, award: &Award, at: DateTime<Utc>) -> Option<Standing> {
    let terms = award.terms(at);
    let (term, earlier) = terms.split_last()?;
    let applied = policies.applied(&award.achievement, term.begun, at);
    let bounds = Bounds::of(*term, applied.map(|applied| applied.rules));
    let is_reinstated = earlier.last().is_some_and(|before| had_lapsed(policies, award, *before, *term, at));
    let (state, since, until) = match taken(award, at) {
        Some((state, since)) => (state, since, None),
        None => bounds.at(at, is_reinstated),
    };
    let since = match applied.and_then(|applied| applied.since).filter(|changed| *changed > since) {
        // The rules changed within the term: was it in this state before they did?
        Some(changed) => match standing(policies, award, changed - TICK) {
            Some(before) if before.state == state && before.term == *term => before.since,
            _ => changed,
        },
        None => since,
    };
    let way = applied.and_then(|applied| {
        let anchor = match earlier.last() {
            _ if is_reinstated => term.begun,
            Some(before) => before.until.unwrap_or(term.begun),
            None => award.awarded,
        };
        let is_renewal = !earlier.is_empty();
        let course = Course { term: *term, is_renewal, anchor: anchor.date_naive(), bounds };
        way(policies, award, &course, applied.rules, state, at)
    });
    Some(Standing {
        state,
        since,
        until,
        term: *term,
        before: earlier.last().filter(|_| term.issue > 1).map(|before| before.credential),
        policy: applied.map(|applied| applied.policy.clone()),
        way,
    })
}

/// The renewal that `award` is ripe for at `at`: there is a way, it is open, and all
/// that it asks is met. Whether somebody must also ask for it, the way says.
pub fn renewed(policies: &Policies, award: &Award, at: DateTime<Utc>) -> Option<Renewed> {
    let standing = standing(policies, award, at)?;
    let way = standing.way.filter(|way| way.is_open(at) && way.is_met())?;
    let is_reinstated = way.kind == WayKind::Reinstatement;
    // Renewed early nothing is lost, and late nothing is gained.
    let from = if is_reinstated { at } else { standing.term.until? };
    let until = end(policies, &award.achievement, from, at);
    let issue = standing.term.issue.checked_add(1)?;
    until.is_none_or(|until| until > at).then_some(Renewed { issue, until, is_reinstated })
}

/// The end of a badge that is issued at `now` for what was finished at `awarded`, by
/// the policy of that moment. The outer `None` if there is no policy.
pub fn first_end(
    policies: &Policies,
    achievement: &Slug,
    awarded: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Option<Option<DateTime<Utc>>> {
    policies.in_force(achievement, now)?;
    Some(end(policies, achievement, awarded, now))
}

fn end(
    policies: &Policies,
    achievement: &Slug,
    from: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let (_, rules) = policies.in_force(achievement, now)?;
    from.checked_add_months(Months::new(rules.valid_months?))
}

/// Whether the award was taken back or superseded by `at`, and since when. What
/// supersedes it may itself have been taken back.
fn taken(award: &Award, at: DateTime<Utc>) -> Option<(State, DateTime<Utc>)> {
    let mut later: Vec<(AwardId, DateTime<Utc>)> = Vec::new();
    for event in award.known(at) {
        match &event.what {
            What::Revoked => return Some((State::Revoked, event.recorded)),
            What::Superseded { by } => later.push((*by, event.recorded)),
            What::Undone { award } => later.retain(|(by, _)| by != award),
            _ => {}
        }
    }
    later.first().map(|(_, since)| (State::Superseded, *since))
}

/// Whether a term had lapsed when the next one began.
fn had_lapsed(policies: &Policies, award: &Award, term: Term, next: Term, at: DateTime<Utc>) -> bool {
    let applied = policies.applied(&award.achievement, term.begun, next.begun.min(at));
    let bounds = Bounds::of(term, applied.map(|applied| applied.rules));
    bounds.grace.is_some_and(|end| next.begun > end)
}

/// A term as its conditions are counted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Course {
    pub term: Term,
    /// Whether another came before it.
    pub is_renewal: bool,
    /// The day after which its first period begins.
    pub anchor: NaiveDate,
    pub bounds: Bounds,
}

/// The last moments of a term's states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bounds {
    pub begun: DateTime<Utc>,
    /// The first moment at which it can be renewed.
    pub opens: Option<DateTime<Utc>>,
    /// Its end.
    pub end: Option<DateTime<Utc>>,
    /// The end of its grace.
    pub grace: Option<DateTime<Utc>>,
    /// The last moment at which it can be reinstated.
    pub reinstatement: Option<DateTime<Utc>>,
}

impl Bounds {
    pub(super) fn of(term: Term, rules: Option<&Rules>) -> Self {
        let renewal = rules.and_then(|rules| rules.renewal.as_ref());
        let end = term.until;
        let grace = end.map(|end| after(end, renewal.and(rules).map_or(0, |rules| rules.grace_days)));
        let reinstatement = rules.and_then(|rules| rules.reinstatement.as_ref());
        Self {
            begun: term.begun,
            opens: renewal
                .zip(end)
                .map(|(renewal, end)| before(end, renewal.opens_days_before).max(term.begun)),
            end,
            grace,
            reinstatement: grace
                .zip(reinstatement)
                .map(|(grace, reinstatement)| after(grace, reinstatement.within_days)),
        }
    }

    /// The state by the clock alone, its first and its last moment.
    pub(super) fn at(
        &self,
        at: DateTime<Utc>,
        is_reinstated: bool,
    ) -> (State, DateTime<Utc>, Option<DateTime<Utc>>) {
        let holds = if is_reinstated { State::Reinstated } else { State::InForce };
        let Some(end) = self.end else { return (holds, self.begun, None) };
        let opens = self.opens.filter(|opens| *opens <= at);
        let grace = self.grace.unwrap_or(end);
        let gone = self.reinstatement.unwrap_or(grace);
        if at <= end {
            match opens {
                Some(opens) => (State::Due, opens, Some(end)),
                None => (holds, self.begun, Some(self.opens.map_or(end, |opens| opens - TICK))),
            }
        } else if at <= grace {
            (State::Grace, end + TICK, Some(grace))
        } else if at <= gone {
            (State::Lapsed, grace + TICK, Some(gone))
        } else {
            (State::Expired, gone + TICK, None)
        }
    }

    /// The first moments of the states that the clock alone brings.
    pub(super) fn firsts(&self) -> impl Iterator<Item = DateTime<Utc>> {
        let lasts = [self.end, self.grace, self.reinstatement];
        self.opens.into_iter().chain(lasts.into_iter().flatten().map(|last| last + TICK))
    }
}
