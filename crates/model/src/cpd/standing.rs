//! What a member's ledger comes to under a scheme. Pure: the same lines give the same
//! standing, whenever it is asked.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{
    Unit,
    scheme::{Conversion, Rules, Scheme, Span},
};
use crate::id::Slug;

/// A line of the ledger as a scheme reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The line's own id.
    pub id: String,
    /// The day on which it was earned.
    pub earned_on: NaiveDate,
    /// The exact amount; below zero where something is taken back.
    pub amount: Decimal,
    /// Its unit.
    pub unit: Unit,
    /// The category that was stated, if one was.
    pub category: Option<Slug>,
}

/// A line with what it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// The line, as it stands in the ledger.
    pub line: Line,
    /// What it counts in the scheme's unit.
    pub counts: Decimal,
    /// The rule by which it was converted, if it was in another unit.
    pub converted_by: Option<Conversion>,
}

/// What one category comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CategoryStanding {
    /// The category; `None` for what has none of the scheme's.
    pub category: Option<Slug>,
    /// The sum of its lines.
    pub earned: Decimal,
    /// What of it counts: no more than the category allows.
    pub counts: Decimal,
    /// What is needed of it by itself; zero where nothing is.
    pub at_least: Decimal,
    /// What is still missing of that.
    pub missing: Decimal,
}

/// What a period comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The period.
    pub span: Span,
    /// The unit of every figure here.
    pub unit: Unit,
    /// The lines that count, in the order of the ledger.
    pub lines: Vec<Counted>,
    /// Lines in units that the scheme does not convert: shown, and not counted.
    pub uncounted: Vec<Line>,
    /// By category.
    pub categories: Vec<CategoryStanding>,
    /// What was taken over from the period before.
    pub carried_in: Decimal,
    /// What counts in all, with what was taken over.
    pub total: Decimal,
    /// What the period needs.
    pub minimum: Decimal,
    /// What is still missing of it.
    pub missing: Decimal,
}

impl Standing {
    /// Whether the period has what it needs, apart from a statement.
    pub fn is_met(&self) -> bool {
        self.missing.is_zero() && self.categories.iter().all(|category| category.missing.is_zero())
    }
}

impl Scheme {
    /// The standing of each period of a member who joined on `joined`, up to the one
    /// that holds `until`. A line belongs to the period that holds the day on which it
    /// was earned, so that a reversal takes back where the award gave.
    pub fn standings(&self, joined: NaiveDate, until: NaiveDate, lines: &[Line]) -> Vec<Standing> {
        let mut standings: Vec<Standing> = Vec::new();
        for span in self.periods(joined, until) {
            let Some(rules) = self.rules_on(span.first) else { continue };
            let carried_in = standings.last().map_or(Decimal::ZERO, |before| carried(rules, before));
            let inside = lines.iter().filter(|line| span.holds(line.earned_on));
            standings.push(standing(rules, span, inside, carried_in));
        }
        standings
    }
}

/// What may be taken over: what was earned beyond what was needed, and not what had
/// been taken over before.
fn carried(rules: &Rules, before: &Standing) -> Decimal {
    let most = rules.carry_over.filter(|_| before.unit == rules.unit).unwrap_or_default();
    let own = before.total - before.carried_in;
    (own - before.minimum).clamp(Decimal::ZERO, most.max(Decimal::ZERO))
}

fn standing<'a>(
    rules: &Rules,
    span: Span,
    lines: impl Iterator<Item = &'a Line>,
    carried_in: Decimal,
) -> Standing {
    let (mut counted, mut uncounted) = (Vec::new(), Vec::new());
    let mut sums: BTreeMap<Option<&Slug>, Decimal> = BTreeMap::new();
    let known = |slug: &Option<Slug>| {
        rules.categories.iter().map(|category| &category.slug).find(|known| Some(*known) == slug.as_ref())
    };
    for line in lines {
        let Some((counts, converted_by)) = rules.worth(line) else {
            uncounted.push(line.clone());
            continue;
        };
        *sums.entry(known(&line.category)).or_default() += counts;
        counted.push(Counted { line: line.clone(), counts, converted_by });
    }
    let mut categories: Vec<CategoryStanding> = rules
        .categories
        .iter()
        .map(|category| {
            let earned = sums.get(&Some(&category.slug)).copied().unwrap_or_default();
            let counts = category.at_most.map_or(earned, |most| earned.min(most));
            let at_least = category.at_least.unwrap_or_default();
            let missing = (at_least - counts).max(Decimal::ZERO);
            CategoryStanding { category: Some(category.slug.clone()), earned, counts, at_least, missing }
        })
        .collect();
    if let Some(earned) = sums.get(&None) {
        categories.push(CategoryStanding {
            category: None,
            earned: *earned,
            counts: *earned,
            at_least: Decimal::ZERO,
            missing: Decimal::ZERO,
        });
    }
    let total = categories.iter().map(|category| category.counts).sum::<Decimal>() + carried_in;
    Standing {
        span,
        unit: rules.unit.clone(),
        lines: counted,
        uncounted,
        categories,
        carried_in,
        total,
        minimum: rules.minimum,
        missing: (rules.minimum - total).max(Decimal::ZERO),
    }
}

impl Rules {
    /// What a line counts in the scheme's unit, and by which conversion if it is in
    /// another one. `None` where the scheme says nothing of its unit: units never mix.
    fn worth(&self, line: &Line) -> Option<(Decimal, Option<Conversion>)> {
        if line.unit == self.unit {
            return Some((line.amount, None));
        }
        let of_unit = self.conversions.iter().filter(|conversion| conversion.unit == line.unit);
        let in_force = of_unit.filter(|conversion| conversion.from <= line.earned_on);
        let conversion = in_force.max_by_key(|conversion| conversion.from)?;
        Some((line.amount.checked_mul(conversion.worth)?, Some(conversion.clone())))
    }
}

/// The sum of the lines in each unit.
pub fn balances<'a>(lines: impl IntoIterator<Item = &'a Line>) -> BTreeMap<Unit, Decimal> {
    let mut balances = BTreeMap::new();
    for line in lines {
        *balances.entry(line.unit.clone()).or_insert(Decimal::ZERO) += line.amount;
    }
    balances
}

#[cfg(test)]
mod tests;
