//! What forbids publishing a rule, each with the path to it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{
    AllOf, Compiled, Credits, NOf, Place, Programme, RequirementSet, Rule, Window,
    problem::{Choice, Problem},
    solve::{Holding, Lack, amount, solve},
};
use crate::{
    catalogue::{AchievementDefinition, CORE_EQUALITY_MODULE, Kind},
    id::Slug,
};

/// How deep rules may nest.
const DEEPEST: usize = 8;

/// What forbids publishing. Whose fault: the catalogue editor's.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct RuleFault {
    /// Where, as a path in the programme's entry: `all_of[2].from[0]`.
    pub path: String,
    /// A stable code in kebab case, such as `core-module-missing`.
    pub code: &'static str,
    /// What was found.
    pub detail: String,
    /// What was expected, and what to do.
    pub expected: String,
}

type Achievements = BTreeMap<Slug, AchievementDefinition>;

/// What forbids publishing a programme, whatever other programmes say.
pub fn faults(programme: &Programme, achievements: &Achievements) -> Vec<RuleFault> {
    let mut check = Check::new(achievements, programme.window);
    check.core(&programme.rule);
    for (n, place) in programme.prerequisites.iter().enumerate() {
        check.place(place, &format!("prerequisites[{n}]"));
    }
    let compiled = Compiled::programme(programme, &|slug| level(achievements, slug));
    check.rule(&programme.rule, &compiled)
}

/// What forbids publishing what a registration level asks for.
pub fn requirement_faults(set: &RequirementSet, achievements: &Achievements) -> Vec<RuleFault> {
    let compiled = Compiled::requirements(set, &|slug| level(achievements, slug));
    Check::new(achievements, set.window).rule(&set.rule, &compiled)
}

pub(super) fn level(achievements: &Achievements, slug: &Slug) -> Option<u8> {
    achievements.get(slug)?.level
}

struct Check<'a> {
    achievements: &'a Achievements,
    window: Window,
    faults: Vec<RuleFault>,
}

impl<'a> Check<'a> {
    fn new(achievements: &'a Achievements, window: Window) -> Self {
        let mut check = Self { achievements, window, faults: Vec::new() };
        if let (Some(from), Some(until)) = (window.from, window.until)
            && until < from
        {
            check.fault(
                "window.until",
                "window-ends-before-it-starts",
                format!("ends on {until}, before it starts on {from}"),
                "a day on or after `from`",
            );
        }
        check
    }

    fn rule(mut self, rule: &AllOf, compiled: &Compiled) -> Vec<RuleFault> {
        if rule.rules.is_empty() {
            self.fault("all_of", "empty-group", "nothing is needed", "one or more achievements or rules");
        }
        for (path, rule) in rule.paths() {
            self.part(rule, &path, 1);
        }
        self.overlaps(compiled.problem(), compiled);
        // What is wrong by itself need not be told again as what follows from it.
        if self.faults.iter().all(|fault| fault.code == "core-module-missing") {
            self.reach(compiled.problem(), compiled);
        }
        self.faults.sort();
        self.faults.dedup();
        self.faults
    }

    /// The core module stands by itself among what everybody needs (8.8).
    fn core(&mut self, rule: &AllOf) {
        fn is_needed(rule: &Rule) -> bool {
            match rule {
                Rule::Place(place) => *place == core_place(place),
                Rule::AllOf(all) => all.rules.iter().any(is_needed),
                Rule::NOf(_) | Rule::Credits(_) | Rule::Open(_) => false,
            }
        }
        fn core_place(like: &Place) -> Place {
            let is_core = like.achievement.as_str() == CORE_EQUALITY_MODULE;
            Place {
                equivalents: if is_core { Vec::new() } else { vec![like.achievement.clone()] },
                prior_learning: Vec::new(),
                achievement: like.achievement.clone(),
            }
        }
        if !rule.rules.iter().any(is_needed) {
            self.fault(
                "all_of",
                "core-module-missing",
                format!("the core module `{CORE_EQUALITY_MODULE}` is missing"),
                format!(
                    "every programme to need it, with nothing in its stead and in no choice \
                     (Future Vision, 8.8); add `{CORE_EQUALITY_MODULE}` to `all_of`"
                ),
            );
        }
    }

    fn part(&mut self, rule: &Rule, path: &str, depth: usize) {
        if depth > DEEPEST {
            self.fault(path, "too-deep", "rules nest too deep here", format!("at most {DEEPEST} levels"));
            return;
        }
        let children = rule.children(path);
        match rule {
            Rule::Place(place) => self.place(place, path),
            Rule::Credits(credits) => self.credits(credits, path),
            Rule::NOf(some) => self.n_of(some, path),
            Rule::AllOf(_) | Rule::Open(_) if children.is_empty() => {
                self.fault(path, "empty-group", "the group is empty", "one or more achievements or rules");
            }
            Rule::AllOf(_) | Rule::Open(_) => {}
        }
        for (path, rule) in children {
            self.part(rule, &path, depth + 1);
        }
    }

    fn place(&mut self, place: &Place, path: &str) {
        let is_prior = |kind: Option<Kind>| kind == Some(Kind::PriorLearning);
        for (path, slug) in place.named(path) {
            self.known(slug, &path);
            let kind = self.achievements.get(slug).map(|known| known.kind);
            let listed_as_prior = place.prior_learning.contains(slug);
            if is_prior(kind) && !listed_as_prior {
                self.fault(
                    &path,
                    "prior-learning-by-itself",
                    format!("`{slug}` is prior learning, which only stands for something else"),
                    "an achievement, with the prior learning that is accepted in its stead under `prior_learning`",
                );
            } else if kind.is_some() && !is_prior(kind) && listed_as_prior {
                self.fault(
                    &path,
                    "not-prior-learning",
                    format!("`{slug}` is not of the kind `prior_learning`"),
                    "prior learning; name anything else under `equivalents`",
                );
            }
        }
    }

    fn credits(&mut self, credits: &Credits, path: &str) {
        if credits.from.is_empty() {
            self.fault(path, "empty-group", "the group is empty", "one or more achievements under `from`");
        }
        if credits.credit.amount().is_zero() {
            self.fault(path, "no-credit", "no credit is asked for", "an amount above zero");
        }
        for (n, slug) in credits.from.iter().enumerate() {
            let path = format!("{path}.from[{n}]");
            self.known(slug, &path);
            let Some(known) = self.achievements.get(slug) else { continue };
            if known.credit.amount().is_zero() {
                self.fault(
                    &path,
                    "no-credit",
                    format!("`{slug}` carries no credit"),
                    "an achievement that carries some",
                );
            } else if known.credit.unit() != credits.credit.unit() {
                self.fault(
                    &path,
                    "mixed-units",
                    format!(
                        "`{slug}` carries {}, the group asks for {}",
                        known.credit.unit(),
                        credits.credit.unit()
                    ),
                    "achievements whose credit is in the unit asked for: units never mix",
                );
            }
        }
    }

    fn n_of(&mut self, some: &NOf, path: &str) {
        let size = some.from.len();
        if size == 0 {
            self.fault(
                path,
                "empty-group",
                "the group is empty",
                "one or more achievements or rules under `from`",
            );
        } else if some.n == 0 {
            self.fault(
                path,
                "none-needed",
                "none of the group is needed",
                "1 or more; what is not needed is `optional`",
            );
        } else if usize::try_from(some.n).is_ok_and(|n| n > size) {
            self.fault(
                path,
                "more-than-there-are",
                format!("{} of a group of {size}", some.n),
                format!("a number from 1 to {size}"),
            );
        }
        if some.at_level.is_some() && !some.is_flat() {
            self.fault(
                path,
                "level-of-a-choice",
                "a level is asked of rules",
                "`at_level` for groups of achievements only; ask for it in the groups below",
            );
        }
    }

    fn known(&mut self, slug: &Slug, path: &str) {
        if !self.achievements.contains_key(slug) {
            self.fault(
                path,
                "unknown-achievement",
                format!("there is no achievement `{slug}`"),
                "an achievement of the catalogue, by its short name",
            );
        }
    }

    /// What would need a search to be solved well is not published: see `docs/programmes.md`.
    fn overlaps(&mut self, problem: &Problem, compiled: &Compiled) {
        self.funds_that_meet(problem);
        let mut taken = own(problem);
        for choice in &problem.choices {
            let theirs: BTreeSet<usize> = choice.options.iter().flat_map(all).collect();
            self.shared(&taken, &theirs, choice, compiled, "elsewhere in the rule");
            taken.extend(&theirs);
            let mut among = BTreeSet::new();
            for option in &choice.options {
                let own = all(option);
                if choice.n > 1 {
                    self.shared(&among, &own, choice, compiled, "in another of its options");
                    among.extend(own);
                }
                self.overlaps(option, compiled);
            }
        }
    }

    fn shared(
        &mut self,
        one: &BTreeSet<usize>,
        other: &BTreeSet<usize>,
        choice: &Choice,
        compiled: &Compiled,
        place: &str,
    ) {
        for slug in one.intersection(other).filter_map(|number| compiled.numbers().slug(*number)) {
            self.fault(
                &choice.path,
                "counts-in-two-ways",
                format!("`{slug}` may count in this choice and {place}"),
                "each achievement of a choice between rules to be named in it alone, and in one option of it where more than one is needed",
            );
        }
    }

    /// Two groups of credit that could draw on the same achievements, if only by
    /// way of the places between them.
    fn funds_that_meet(&mut self, problem: &Problem) {
        let mut islands: Vec<(BTreeSet<usize>, usize)> = Vec::new();
        let mut join = |numbers: BTreeSet<usize>, funds: usize| {
            let (touched, apart): (Vec<_>, Vec<_>) =
                islands.drain(..).partition(|(island, _)| !island.is_disjoint(&numbers));
            let joined = touched.into_iter().fold((numbers, funds), |(mut all, funds), (island, others)| {
                all.extend(island);
                (all, funds + others)
            });
            let count = joined.1;
            islands = apart;
            islands.push(joined);
            count
        };
        for (at, seat) in problem.seats.iter().enumerate() {
            let table = seat.table.and_then(|table| problem.tables.get(table));
            let seats = table.map_or_else(|| vec![at], |table| table.seats.clone());
            let sitting =
                problem.contenders.iter().filter(|it| it.seats.iter().any(|seat| seats.contains(seat)));
            join(sitting.map(|it| it.number).collect(), 0);
        }
        for fund in &problem.funds {
            if join(fund.from.iter().copied().collect(), 1) > 1 {
                self.fault(
                    &fund.path,
                    "two-groups-of-credit",
                    "another group of credit draws on the same achievements, or on others for the same places",
                    "groups of credit that have nothing to do with each other",
                );
            }
        }
    }

    /// Whether somebody who held everything would satisfy it, in every option.
    fn reach(&mut self, problem: &Problem, compiled: &Compiled) {
        let held: Vec<Option<Holding<'_>>> = (0..compiled.numbers().len())
            .map(|number| {
                let known = self.achievements.get(compiled.numbers().slug(number)?)?;
                let begins = self.window.until.is_none_or(|last| known.available_from <= last);
                let ends = known.withdrawn_on.zip(self.window.from).is_some_and(|(last, first)| last < first);
                let holding = Holding { award: 0, at: chrono::DateTime::UNIX_EPOCH, credit: &known.credit };
                (begins && !ends).then_some(holding)
            })
            .collect();
        for lack in solve(problem, &held).lacks {
            match lack {
                Lack::Seat(seat) => self.fault(
                    &seat.path,
                    "unreachable",
                    "this place can never be filled: what would fill it is needed elsewhere, or cannot be earned in the window",
                    "an achievement that counts here and nowhere else, or an equivalent",
                ),
                Lack::Table(table, short, _) => self.fault(
                    &table.path,
                    "unreachable",
                    format!("{short} of the {} asked for can never be reached: not enough of the group is left over from elsewhere, of the level, and earned in the window", table.n),
                    "a smaller number or a larger group",
                ),
                Lack::Fund(fund, short, _) => {
                    let most = held.iter().enumerate().filter(|(number, _)| fund.from.contains(number));
                    let most: rust_decimal::Decimal =
                        most.filter_map(|(_, one)| Some(amount(fund, one.as_ref()?))).sum();
                    self.fault(
                        &fund.path,
                        "credit-out-of-reach",
                        format!(
                            "{} is asked for; the group carries {most} in all, and {short} of what is asked for can never be reached",
                            fund.credit
                        ),
                        "a smaller amount or a larger group",
                    );
                }
                Lack::Choice(..) => {}
            }
        }
        for option in problem.choices.iter().flat_map(|choice| &choice.options) {
            self.reach(option, compiled);
        }
    }

    fn fault(
        &mut self,
        path: &str,
        code: &'static str,
        detail: impl Into<String>,
        expected: impl Into<String>,
    ) {
        self.faults.push(RuleFault {
            path: path.to_owned(),
            code,
            detail: detail.into(),
            expected: expected.into(),
        });
    }
}

/// The achievements that a problem's own seats and funds take.
fn own(problem: &Problem) -> BTreeSet<usize> {
    let seated = problem.contenders.iter().map(|it| it.number);
    seated.chain(problem.funds.iter().flat_map(|fund| fund.from.iter().copied())).collect()
}

/// Those and the ones of its choices.
fn all(problem: &Problem) -> BTreeSet<usize> {
    let deeper = problem.choices.iter().flat_map(|choice| &choice.options).flat_map(all);
    own(problem).into_iter().chain(deeper).collect()
}
