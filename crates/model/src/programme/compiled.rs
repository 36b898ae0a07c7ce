//! One version of a rule, ready to be evaluated.

use std::collections::BTreeSet;

use chrono::{DateTime, Months, Utc};
use rust_decimal::Decimal;

use super::{
    Counted, Counting, Earned, Gap, Met, Missing, Place, Programme, Progress, RequirementSet, Standing,
    WhyNot, Window,
    problem::{Maker, Numbers, Problem},
    solve::{Distance, Holding, Lack, Solution, is_solved, solve},
};
use crate::{catalogue::CORE_EQUALITY_MODULE, cpd::Credit, id::Slug};

/// A rule ready to be evaluated.
#[derive(Debug, Clone)]
pub struct Compiled {
    numbers: Numbers,
    /// By number: whether it is accepted as prior learning.
    is_prior: Vec<bool>,
    /// By number: the unit in which its credit is wanted, if it is.
    wanted: Vec<Option<crate::cpd::Unit>>,
    problem: Problem,
    prerequisites: Vec<(String, Place)>,
    window: Window,
    kind: Kind,
}

/// What a rule is for.
#[derive(Debug, Clone)]
enum Kind {
    /// It holds from the moment at which it was satisfied.
    Programme { slug: Slug, counting: Counting, builds_on: Option<Slug> },
    /// It must hold at the moment of asking, and uses nothing up.
    Requirement,
}

impl Compiled {
    /// A programme's rule. `level` gives the level of an achievement.
    pub fn programme(programme: &Programme, level: &dyn Fn(&Slug) -> Option<u8>) -> Self {
        let prerequisites = programme.prerequisites.iter().enumerate();
        let prerequisites =
            prerequisites.map(|(n, place)| (format!("prerequisites[{n}]"), place.clone())).collect();
        let kind = Kind::Programme {
            slug: programme.slug.clone(),
            counting: programme.counting,
            builds_on: programme.builds_on.clone(),
        };
        Self::new(&programme.rule, programme.window, prerequisites, kind, level)
    }

    /// What a registration level asks for.
    pub fn requirements(set: &RequirementSet, level: &dyn Fn(&Slug) -> Option<u8>) -> Self {
        Self::new(&set.rule, set.window, Vec::new(), Kind::Requirement, level)
    }

    fn new(
        rule: &super::AllOf,
        window: Window,
        prerequisites: Vec<(String, Place)>,
        kind: Kind,
        level: &dyn Fn(&Slug) -> Option<u8>,
    ) -> Self {
        let mut maker = Maker::new(level);
        let problem = maker.problem(rule);
        let numbers = maker.numbers;
        let mut is_prior = vec![false; numbers.len()];
        let mut wanted = vec![None; numbers.len()];
        note(&problem, &numbers, &mut is_prior, &mut wanted);
        Self { numbers, is_prior, wanted, problem, prerequisites, window, kind }
    }

    /// Whether an achievement may count, or is a prerequisite.
    pub fn concerns(&self, achievement: &Slug) -> bool {
        self.may_count(achievement)
            || self.prerequisites.iter().any(|(_, place)| place.accepts().any(|it| it == achievement))
    }

    /// Whether an achievement may count.
    pub fn may_count(&self, achievement: &Slug) -> bool {
        self.numbers.get(achievement).is_some()
    }

    /// How the holder of some awards stands at a moment.
    pub fn standing(&self, earned: &[Earned], at: DateTime<Utc>) -> Standing {
        match self.met(earned, at) {
            Some(met) => Standing::Met(met),
            None => Standing::InProgress(self.progress(earned, at).1),
        }
    }

    /// What counted, if the rule holds. Of several windows in which it does, the
    /// one that ends last.
    pub fn met(&self, earned: &[Earned], at: DateTime<Utc>) -> Option<Met> {
        let (before, beforehand) = self.beforehand(earned, at)?;
        let usable = self.usable(earned, at);
        // Nothing that fails with everything at hand holds with less.
        if !is_solved(&self.problem, &self.held(earned, &usable, |_| true)) {
            return None;
        }
        self.ends(earned, &usable, at).into_iter().rev().find_map(|end| {
            let solution = solve(&self.problem, &self.held(earned, &usable, |one| self.is_inside(one, end)));
            if solution.distance != Distance::default() {
                return None;
            }
            let counted = self.counted(&solution, earned);
            let last = solution.counted.iter().filter_map(|count| Some(earned.get(count.award)?.at)).max();
            let completed_at = last.into_iter().chain(before).max()?;
            let holds = beforehand.iter().all(|one| one.holds(completed_at));
            holds.then_some(Met { counted, completed_at })
        })
    }

    /// Whether the rule may hold, whenever a window ends. Of awards [at their best](Earned::at_best)
    /// it says so wherever the rule holds of what they are indeed: no award keeps another from
    /// counting.
    pub(super) fn may_be_met(&self, earned: &[Earned], at: DateTime<Utc>) -> bool {
        self.beforehand(earned, at).is_some()
            && is_solved(&self.problem, &self.held(earned, &self.usable(earned, at), |_| true))
    }

    /// How far it is, and what is missing at a moment from what would still count then.
    pub(super) fn progress(&self, earned: &[Earned], at: DateTime<Utc>) -> (Distance, Progress) {
        let usable = self.usable(earned, at);
        let mut solution = solve(&self.problem, &self.held(earned, &usable, |one| self.is_inside(one, at)));
        let mut missing = Vec::new();
        for (path, place) in &self.prerequisites {
            if !earned.iter().any(|one| one.holds(at) && place.accepts().any(|it| *it == one.achievement)) {
                solution.distance.places += 1;
                missing.push(Missing::Prerequisite {
                    path: path.clone(),
                    achievement: place.achievement.clone(),
                    or: place.accepts().skip(1).cloned().collect(),
                    why_not: self.why_not(place, earned, at),
                });
            }
        }
        missing.extend(solution.lacks.iter().map(|lack| self.missing(lack, earned, at)));
        let counted = self.counted(&solution, earned);
        (solution.distance, Progress { counted, gap: Gap { missing } })
    }

    /// When the last of the prerequisites was earned, and the awards that meet
    /// them; `None` if one is not met.
    fn beforehand<'e>(
        &self,
        earned: &'e [Earned],
        at: DateTime<Utc>,
    ) -> Option<(Option<DateTime<Utc>>, Vec<&'e Earned>)> {
        let mut awards = Vec::new();
        for (_, place) in &self.prerequisites {
            let fitting = earned
                .iter()
                .filter(|one| one.stands && one.at <= at)
                .filter(|one| place.accepts().any(|it| *it == one.achievement));
            // What never ends does for longest; of these the earliest.
            let best = fitting.max_by_key(|one| (one.until.is_none(), one.until, std::cmp::Reverse(one.at)));
            awards.push(best?);
        }
        Some((awards.iter().map(|one| one.at).max(), awards))
    }

    /// The awards that may count at all, each with the number of its achievement.
    fn usable(&self, earned: &[Earned], at: DateTime<Utc>) -> Vec<(usize, usize)> {
        let number = |(award, one): (usize, &Earned)| {
            let number = self.numbers.get(&one.achievement)?;
            let counts = one.stands
                && one.at <= at
                && self.window.covers(one.at)
                && self.is_evidenced(number, one)
                && self.is_free(one);
            counts.then_some((number, award))
        };
        earned.iter().enumerate().filter_map(number).collect()
    }

    fn is_evidenced(&self, number: usize, one: &Earned) -> bool {
        one.evidenced || !self.is_prior.get(number).copied().unwrap_or_default()
    }

    /// Whether the counting rules, this one's and those of where it counts
    /// already, let an award count here.
    fn is_free(&self, one: &Earned) -> bool {
        let Kind::Programme { slug, counting, builds_on } = &self.kind else { return true };
        one.counted.iter().all(|there| {
            let is_shared = one.achievement.as_str() == CORE_EQUALITY_MODULE
                || builds_on.as_ref() == Some(&there.programme)
                || (*counting == Counting::Shared && !there.alone);
            there.programme != *slug && is_shared
        })
    }

    /// The moments at which a window may end: those at which something was earned.
    fn ends(
        &self,
        earned: &[Earned],
        usable: &[(usize, usize)],
        at: DateTime<Utc>,
    ) -> BTreeSet<DateTime<Utc>> {
        if matches!(self.kind, Kind::Requirement) {
            return [at].into();
        }
        let awards = || usable.iter().filter_map(|(_, award)| earned.get(*award));
        if self.window.months.is_some() || awards().any(|one| one.until.is_some()) {
            return awards().map(|one| one.at).collect();
        }
        awards().map(|one| one.at).max().into_iter().collect()
    }

    /// Whether an award lies in the window that ends at a moment, and is in force then.
    fn is_inside(&self, one: &Earned, end: DateTime<Utc>) -> bool {
        let begin = self.window.months.and_then(|months| end.checked_sub_months(Months::new(months)));
        one.holds(end) && begin.is_none_or(|begin| one.at >= begin)
    }

    /// Of every achievement the award that counts: the one with the most credit
    /// where that is wanted, else the latest.
    fn held<'e>(
        &self,
        earned: &'e [Earned],
        usable: &[(usize, usize)],
        is_inside: impl Fn(&Earned) -> bool,
    ) -> Vec<Option<Holding<'e>>> {
        let mut held: Vec<Option<Holding<'e>>> = vec![None; self.numbers.len()];
        for &(number, award) in usable {
            let Some(one) = earned.get(award).filter(|one| is_inside(one)) else { continue };
            let Some(best) = held.get_mut(number) else { continue };
            let new = Holding { award, at: one.at, credit: &one.credit };
            if best.as_ref().is_none_or(|old| self.rank(number, &new) > self.rank(number, old)) {
                *best = Some(new);
            }
        }
        held
    }

    fn rank(&self, number: usize, holding: &Holding<'_>) -> (Decimal, DateTime<Utc>) {
        let unit = self.wanted.get(number).and_then(Option::as_ref);
        let is_wanted = unit.is_some_and(|unit| unit == holding.credit.unit());
        (if is_wanted { holding.credit.amount() } else { Decimal::ZERO }, holding.at)
    }

    fn counted(&self, solution: &Solution<'_>, earned: &[Earned]) -> Vec<Counted> {
        let counted = solution.counted.iter().filter_map(|count| {
            let achievement = self.numbers.slug(count.number)?;
            let meant = count.seat.map(|seat| &seat.place.achievement);
            Some(Counted {
                award: earned.get(count.award)?.award,
                achievement: achievement.clone(),
                path: count.path.to_owned(),
                stands_for: meant.filter(|meant| *meant != achievement).cloned(),
            })
        });
        counted.collect()
    }

    fn missing(&self, lack: &Lack<'_>, earned: &[Earned], at: DateTime<Utc>) -> Missing {
        match lack {
            Lack::Seat(seat) => Missing::Achievement {
                path: seat.path.clone(),
                achievement: seat.place.achievement.clone(),
                or: seat.place.accepts().skip(1).cloned().collect(),
                why_not: self.why_not(&seat.place, earned, at),
            },
            Lack::Table(table, n, open) => Missing::NOf {
                path: table.path.clone(),
                n: *n,
                group: table.group.clone(),
                of: open.iter().map(|seat| seat.place.achievement.clone()).collect(),
            },
            Lack::Fund(fund, short, open) => Missing::Credit {
                path: fund.path.clone(),
                credit: Credit::new(*short, fund.credit.unit().clone())
                    .unwrap_or_else(|_| fund.credit.clone()),
                group: fund.group.clone(),
                from: open.iter().filter_map(|number| self.numbers.slug(*number)).cloned().collect(),
            },
            Lack::Choice(choice, n, options) => Missing::Choice {
                path: choice.path.clone(),
                n: *n,
                group: choice.group.clone(),
                options: options
                    .iter()
                    .map(|lacks| lacks.iter().map(|lack| self.missing(lack, earned, at)).collect())
                    .collect(),
            },
        }
    }

    /// Why the latest award that could have filled a place does not.
    fn why_not(&self, place: &Place, earned: &[Earned], at: DateTime<Utc>) -> Option<WhyNot> {
        let fitting = earned.iter().filter(|one| place.accepts().any(|it| *it == one.achievement));
        let latest = fitting.filter(|one| one.at <= at).max_by_key(|one| one.at)?;
        let number = self.numbers.get(&latest.achievement);
        if !latest.stands {
            Some(WhyNot::Revoked)
        } else if !latest.holds(at) {
            Some(WhyNot::Expired)
        } else if !self.window.covers(latest.at) || !self.is_inside(latest, at) {
            Some(WhyNot::OutsideWindow)
        } else if !self.is_free(latest) {
            Some(WhyNot::CountsElsewhere)
        } else if number.is_some_and(|number| !self.is_evidenced(number, latest)) {
            Some(WhyNot::NoEvidence)
        } else {
            None
        }
    }

    pub(super) fn problem(&self) -> &Problem {
        &self.problem
    }

    pub(super) fn numbers(&self) -> &Numbers {
        &self.numbers
    }
}

/// Notes which achievements are prior learning, and whose credit is wanted.
fn note(
    problem: &Problem,
    numbers: &Numbers,
    is_prior: &mut [bool],
    wanted: &mut [Option<crate::cpd::Unit>],
) {
    for number in problem.seats.iter().flat_map(|seat| &seat.place.prior_learning) {
        if let Some(prior) = numbers.get(number).and_then(|number| is_prior.get_mut(number)) {
            *prior = true;
        }
    }
    for fund in &problem.funds {
        for number in &fund.from {
            if let Some(wanted) = wanted.get_mut(*number) {
                *wanted = Some(fund.credit.unit().clone());
            }
        }
    }
    for option in problem.choices.iter().flat_map(|choice| &choice.options) {
        note(option, numbers, is_prior, wanted);
    }
}
