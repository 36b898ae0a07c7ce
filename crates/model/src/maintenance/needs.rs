//! What it takes to renew a badge, or to have it reinstated, and how much of that is
//! there.

use std::collections::{BTreeSet, HashSet};

use chrono::{DateTime, Days, Months, NaiveDate, Utc};
use rust_decimal::Decimal;

use super::{
    Asks, Award, Cpd, Policies, Rules, State, What,
    standing::{Course, TICK},
};
use crate::{
    cpd::{Credit, Unit, scheme::Span, standing::Line},
    id::{AwardId, Slug},
};

/// A way to hold longer, or again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// Which.
    pub kind: WayKind,
    /// The first moment at which it can be gone.
    pub opens: DateTime<Utc>,
    /// The last.
    pub closes: DateTime<Utc>,
    /// Whether somebody must ask for it; otherwise it is gone when all is met.
    pub on_request: bool,
    /// What is asked; all of it.
    pub needs: Vec<Need>,
}

/// What a way leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WayKind {
    /// The badge holds longer.
    Renewal,
    /// A lapsed badge holds again.
    Reinstatement,
}

/// One thing that is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Need {
    /// Credit earned between two days.
    Cpd {
        /// How much there is.
        have: Decimal,
        /// How much is asked.
        of: Decimal,
        /// The unit of both.
        unit: Unit,
        /// The category, where it is to be in one.
        category: Option<Slug>,
        /// The scheme by whose rules it is counted, if by one.
        scheme: Option<Slug>,
        /// The first and the last day.
        span: Span,
    },
    /// An achievement completed between two moments.
    Completion {
        /// Which.
        achievement: Slug,
        /// The first moment.
        from: DateTime<Utc>,
        /// The last.
        by: DateTime<Utc>,
        /// When it was.
        done: Option<DateTime<Utc>>,
    },
    /// What a scheme asks that nobody knows any more. Never met.
    UnknownScheme {
        /// The scheme.
        scheme: Slug,
    },
}

impl Way {
    /// Whether it can be gone at `at`.
    pub fn is_open(&self, at: DateTime<Utc>) -> bool {
        self.opens <= at && at <= self.closes
    }

    /// Whether all that is asked is there.
    pub fn is_met(&self) -> bool {
        self.needs.iter().all(Need::is_met)
    }
}

impl Need {
    /// Whether it is there.
    pub fn is_met(&self) -> bool {
        match self {
            Self::Cpd { have, of, .. } => have >= of,
            Self::Completion { done, .. } => done.is_some(),
            Self::UnknownScheme { .. } => false,
        }
    }
}

/// The way that is open to an award in `state` at `at`, or opens next.
pub(super) fn way(
    policies: &Policies,
    award: &Award,
    course: &Course,
    rules: &Rules,
    state: State,
    at: DateTime<Utc>,
) -> Option<Way> {
    let (end, grace) = (course.bounds.end?, course.bounds.grace?);
    let facts = Facts::known(award, at);
    match state {
        State::InForce | State::Reinstated | State::Due | State::Grace => {
            let renewal = rules.renewal.as_ref()?;
            let opens = course.bounds.opens?;
            // What the last period lacks can be made up for in the grace.
            let last = if at > end { grace } else { end };
            let mut needs = Vec::new();
            for cpd in &renewal.asks.cpd {
                match cpd {
                    Cpd::Amount { credit, category, every_months } => {
                        let spans = course.spans(*every_months, last.date_naive());
                        needs.extend(
                            spans.into_iter().map(|span| facts.amount(credit, category.as_ref(), span)),
                        );
                    }
                    Cpd::Scheme { scheme } => needs.extend(facts.scheme(policies, scheme, award, course)),
                }
            }
            needs.extend(facts.completion(&renewal.asks, opens, grace));
            let on_request = renewal.on_request;
            Some(Way { kind: WayKind::Renewal, opens, closes: grace, on_request, needs })
        }
        State::Lapsed => {
            let reinstatement = rules.reinstatement.as_ref()?;
            let closes = course.bounds.reinstatement?;
            let since = Span { first: next_day(end.date_naive()), last: closes.date_naive() };
            let amount = |cpd: &Cpd| match cpd {
                Cpd::Amount { credit, category, .. } => facts.amount(credit, category.as_ref(), since),
                Cpd::Scheme { scheme } => Need::UnknownScheme { scheme: scheme.clone() },
            };
            let mut needs: Vec<Need> = reinstatement.asks.cpd.iter().map(amount).collect();
            needs.extend(facts.completion(&reinstatement.asks, end + TICK, closes));
            Some(Way {
                kind: WayKind::Reinstatement,
                opens: grace + TICK,
                closes,
                on_request: reinstatement.on_request,
                needs,
            })
        }
        State::Expired | State::Revoked | State::Superseded => None,
    }
}

impl Course {
    /// The periods of so many months that end in the term; the term itself where none
    /// are given or none fits. The last one that ends with the term goes to `last`.
    fn spans(&self, every_months: Option<u32>, last: NaiveDate) -> Vec<Span> {
        /// A term of a hundred years by the month.
        const MOST: u32 = 1_200;
        let Some(end) = self.bounds.end.map(|end| end.date_naive()) else { return Vec::new() };
        let whole = [self.anchor, end];
        let bounds: Vec<NaiveDate> = match every_months {
            Some(months) => (0..=MOST)
                .map_while(|count| self.anchor.checked_add_months(Months::new(months.checked_mul(count)?)))
                .take_while(|bound| *bound <= end)
                .collect(),
            None => whole.to_vec(),
        };
        let bounds = if bounds.len() < 2 { whole.to_vec() } else { bounds };
        // What was earned up to the day of a renewal counted before it.
        let renewed = self.is_renewal.then(|| self.term.begun.date_naive());
        let span = |pair: &[NaiveDate]| {
            let [before, until] = pair else { return None };
            let after = renewed.map_or(*before, |renewed| renewed.max(*before));
            let until = if *until == end { last } else { *until };
            let first = next_day(after.min(until));
            (first <= until).then_some(Span { first, last: until })
        };
        bounds.windows(2).filter_map(span).collect()
    }
}

/// What is known of the holder.
struct Facts<'a> {
    own: AwardId,
    lines: Vec<Line>,
    completed: Vec<(AwardId, &'a Slug, DateTime<Utc>)>,
    joined: Vec<(&'a Slug, NaiveDate)>,
}

impl<'a> Facts<'a> {
    fn known(award: &'a Award, at: DateTime<Utc>) -> Self {
        let (mut lines, mut completed, mut joined) = (Vec::new(), Vec::new(), Vec::new());
        let mut undone = HashSet::new();
        for event in award.known(at) {
            match &event.what {
                What::Credit(line) => lines.push(line.clone()),
                What::Completed { award, achievement, at } => completed.push((*award, achievement, *at)),
                What::Undone { award } => drop(undone.insert(*award)),
                What::Joined { scheme, on } => joined.push((scheme, *on)),
                What::Issued(_) | What::TookOver(_) | What::Revoked | What::Superseded { .. } => {}
            }
        }
        completed.retain(|(award, ..)| !undone.contains(award));
        Self { own: award.id, lines, completed, joined }
    }

    fn amount(&self, credit: &Credit, category: Option<&Slug>, span: Span) -> Need {
        let counts = |line: &&Line| {
            line.unit == *credit.unit()
                && span.holds(line.earned_on)
                && category.is_none_or(|category| line.category.as_ref() == Some(category))
        };
        Need::Cpd {
            have: self.lines.iter().filter(counts).map(|line| line.amount).sum::<Decimal>().normalize(),
            of: credit.amount(),
            unit: credit.unit().clone(),
            category: category.cloned(),
            scheme: None,
            span,
        }
    }

    /// What a scheme asks for in its periods that end in the term.
    fn scheme(&self, policies: &Policies, slug: &Slug, award: &Award, course: &Course) -> Vec<Need> {
        let Some(scheme) = policies.scheme(slug) else {
            return vec![Need::UnknownScheme { scheme: slug.clone() }];
        };
        let Some(end) = course.bounds.end.map(|end| end.date_naive()) else { return Vec::new() };
        let stated = self.joined.iter().rfind(|(scheme, _)| *scheme == slug).map(|(_, on)| *on);
        let joined = stated.unwrap_or(award.awarded.date_naive());
        let mut needs = Vec::new();
        for period in scheme.standings(joined, end, &self.lines) {
            if period.span.last <= course.anchor || period.span.last > end {
                continue;
            }
            let need = |have: Decimal, of: Decimal, category: Option<&Slug>| Need::Cpd {
                have: have.normalize(),
                of: of.normalize(),
                unit: period.unit.clone(),
                category: category.cloned(),
                scheme: Some(slug.clone()),
                span: period.span,
            };
            needs.push(need(period.total, period.minimum, None));
            let asked = period.categories.iter().filter(|category| !category.at_least.is_zero());
            needs.extend(asked.map(|one| need(one.counts, one.at_least, one.category.as_ref())));
        }
        needs
    }

    fn completion(&self, asks: &Asks, from: DateTime<Utc>, by: DateTime<Utc>) -> Option<Need> {
        let wanted = asks.reassessment.as_ref()?;
        let fits = |(award, achievement, at): &&(AwardId, &Slug, DateTime<Utc>)| {
            *award != self.own && *achievement == wanted && from <= *at && *at <= by
        };
        let done: BTreeSet<DateTime<Utc>> = self.completed.iter().filter(fits).map(|(.., at)| *at).collect();
        Some(Need::Completion { achievement: wanted.clone(), from, by, done: done.first().copied() })
    }
}

fn next_day(day: NaiveDate) -> NaiveDate {
    day.checked_add_days(Days::new(1)).unwrap_or(day)
}
