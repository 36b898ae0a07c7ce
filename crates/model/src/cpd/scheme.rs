//! A body's CPD rules: data, not code. What a scheme asks for, in which unit, over
//! which period.

use chrono::{Datelike, Days, Months, NaiveDate};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::Unit;
use crate::id::Slug;

/// A body's scheme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scheme {
    /// Its short name.
    pub slug: Slug,
    /// Its name, for people.
    pub name: String,
    /// The organisation whose scheme it is.
    pub body: Slug,
    /// Where the body says so, https.
    pub url: Option<String>,
    /// Whether the figures are ours, to be edited, and not the body's.
    pub is_sample: bool,
    /// The rules, each from a day on; the earliest first. Never empty.
    pub rules: Vec<Rules>,
}

/// What a scheme asks for from a day on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// The first day on which a period under these rules can begin.
    pub from: NaiveDate,
    /// What it counts in.
    pub unit: Unit,
    /// How long it counts before it begins anew.
    pub period: Period,
    /// What each period needs, in `unit`.
    pub minimum: Decimal,
    /// Categories with a limit of their own.
    pub categories: Vec<Category>,
    /// What may be taken over from the period before.
    pub carry_over: Option<Decimal>,
    /// How many words of the learner's own the body asks for with each period; without
    /// it, it asks for none.
    pub statement_words: Option<u32>,
    /// What other units are worth.
    pub conversions: Vec<Conversion>,
}

/// How a scheme's periods follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "by")]
pub enum Period {
    /// All members' periods begin on the same day of the year.
    Calendar {
        /// Month of the first day, 1 to 12.
        month: u32,
        /// The first day, 1 to 28.
        day: u32,
        /// How long a period is.
        months: u32,
    },
    /// Each member's begins on the day on which they joined.
    Anniversary {
        /// How long a period is.
        months: u32,
    },
}

/// A kind of activity with a limit of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Category {
    /// Its short name, as activities state it.
    pub slug: Slug,
    /// Its name, for people.
    pub name: String,
    /// The most that counts of it in a period.
    pub at_most: Option<Decimal>,
    /// The least that a period needs of it.
    pub at_least: Option<Decimal>,
}

/// What one of another unit is worth.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversion {
    /// The other unit.
    pub unit: Unit,
    /// How much of the scheme's own unit one of it is.
    pub worth: Decimal,
    /// The first day on which credit earned is converted so.
    pub from: NaiveDate,
}

/// One period of one member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// Its first day.
    pub first: NaiveDate,
    /// Its last day.
    pub last: NaiveDate,
}

impl Span {
    /// Whether `day` is in it, its first and last days included.
    pub fn holds(&self, day: NaiveDate) -> bool {
        self.first <= day && day <= self.last
    }
}

impl Scheme {
    /// The rules of a period that begins on `day`: the latest that are in force then,
    /// else the earliest there are.
    pub fn rules_on(&self, day: NaiveDate) -> Option<&Rules> {
        self.rules.iter().rev().find(|rules| rules.from <= day).or_else(|| self.rules.first())
    }

    /// The periods of a member who joined on `joined`, from the one that holds that
    /// day to the one that holds `until`; at most 1,200. Where the rules change, the
    /// next period is by the new ones.
    pub fn periods(&self, joined: NaiveDate, until: NaiveDate) -> Vec<Span> {
        const MOST: usize = 1_200;
        let mut spans = Vec::new();
        let mut next = self.rules_on(joined).map(|rules| first_day(rules.period, joined));
        while let Some(first) = next.filter(|first| *first <= until && spans.len() < MOST) {
            let length = self.rules_on(first).map(|rules| rules.period.months());
            let end = length.and_then(|months| first.checked_add_months(Months::new(months)));
            let last = end.and_then(|end| end.checked_sub_days(Days::new(1)));
            let Some(last) = last.filter(|last| *last >= first) else { break };
            spans.push(Span { first, last });
            next = last.checked_add_days(Days::new(1));
        }
        spans
    }
}

impl Period {
    /// How long it is.
    pub fn months(self) -> u32 {
        match self {
            Self::Calendar { months, .. } | Self::Anniversary { months } => months,
        }
    }
}

/// The first day of the period that holds `day`: the first period of a member who
/// joined then.
fn first_day(period: Period, day: NaiveDate) -> NaiveDate {
    let Period::Calendar { month, day: begins, .. } = period else { return day };
    let in_year = |year| NaiveDate::from_ymd_opt(year, month, begins);
    let this_year = in_year(day.year()).filter(|first| *first <= day);
    this_year.or_else(|| in_year(day.year() - 1)).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn scheme(periods: &[(&str, Period)]) -> Scheme {
        let rules = periods.iter().map(|(from, period)| Rules {
            from: day(from),
            unit: Unit::Hours,
            period: *period,
            minimum: Decimal::from(20),
            categories: Vec::new(),
            carry_over: None,
            statement_words: None,
            conversions: Vec::new(),
        });
        Scheme {
            slug: "sample-scheme".parse().unwrap(),
            name: "Sample scheme".to_owned(),
            body: "sample-body".parse().unwrap(),
            url: None,
            is_sample: true,
            rules: rules.collect(),
        }
    }

    fn firsts(scheme: &Scheme, joined: &str, until: &str) -> Vec<String> {
        let spans = scheme.periods(day(joined), day(until));
        for pair in spans.windows(2) {
            assert_eq!(pair[0].last.succ_opt(), Some(pair[1].first), "no day between two periods");
        }
        spans.iter().map(|span| span.first.to_string()).collect()
    }

    #[test]
    fn a_persons_year_begins_on_the_day_they_joined() {
        let yearly = scheme(&[("2020-01-01", Period::Anniversary { months: 12 })]);
        assert_eq!(firsts(&yearly, "2024-03-15", "2026-03-14"), ["2024-03-15", "2025-03-15"]);
        assert_eq!(firsts(&yearly, "2024-03-15", "2026-03-15").len(), 3, "the first day is in the period");
        assert!(firsts(&yearly, "2024-03-15", "2024-03-14").is_empty());
    }

    #[test]
    fn a_calendar_year_begins_for_all_on_one_day() {
        let april = scheme(&[("2020-01-01", Period::Calendar { month: 4, day: 1, months: 12 })]);
        assert_eq!(firsts(&april, "2025-03-31", "2025-04-01"), ["2024-04-01", "2025-04-01"]);
        assert_eq!(firsts(&april, "2025-04-01", "2025-04-01"), ["2025-04-01"]);
    }

    #[test]
    fn a_leap_day_has_its_anniversaries() {
        let yearly = scheme(&[("2020-01-01", Period::Anniversary { months: 12 })]);
        let spans = yearly.periods(day("2024-02-29"), day("2026-03-01"));
        assert_eq!(spans[0], Span { first: day("2024-02-29"), last: day("2025-02-27") });
        assert_eq!(spans.len(), 3);
    }

    #[test]
    fn new_rules_hold_from_the_next_period_on() {
        let changing = scheme(&[
            ("2020-01-01", Period::Anniversary { months: 12 }),
            ("2025-01-01", Period::Anniversary { months: 36 }),
        ]);
        assert_eq!(
            firsts(&changing, "2023-06-01", "2028-06-01"),
            ["2023-06-01", "2024-06-01", "2025-06-01", "2028-06-01"]
        );
        assert_eq!(changing.rules_on(day("2024-06-01")).unwrap().period.months(), 12);
        assert_eq!(
            changing.rules_on(day("2019-06-01")).unwrap().period.months(),
            12,
            "the earliest there are"
        );
    }
}
