use proptest::prelude::*;

use super::*;
use crate::cpd::scheme::{Category, Period};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn slug(text: &str) -> Slug {
    text.parse().unwrap()
}

fn amount(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn line(id: &str, earned_on: &str, amount: &str, unit: &str, category: Option<&str>) -> Line {
    Line {
        id: id.to_owned(),
        earned_on: day(earned_on),
        amount: amount.parse().unwrap(),
        unit: unit.parse().unwrap(),
        category: category.map(slug),
    }
}

/// Twenty hours a year, of which at most eight by reading and at least two with others;
/// five may be taken over; a point is half an hour, and from 2026 a quarter.
fn scheme() -> Scheme {
    let category = |name: &str, at_most: Option<&str>, at_least: Option<&str>| Category {
        slug: slug(name),
        name: name.to_owned(),
        at_most: at_most.map(amount),
        at_least: at_least.map(amount),
    };
    let point =
        |from: &str, worth: &str| Conversion { unit: Unit::Points, worth: amount(worth), from: day(from) };
    Scheme {
        slug: slug("sample-scheme"),
        name: "Sample scheme".to_owned(),
        body: slug("sample-body"),
        url: None,
        is_sample: true,
        rules: vec![Rules {
            from: day("2020-01-01"),
            unit: Unit::Hours,
            period: Period::Calendar { month: 1, day: 1, months: 12 },
            minimum: amount("20"),
            categories: vec![category("reading", Some("8"), None), category("with-others", None, Some("2"))],
            carry_over: Some(amount("5")),
            statement_words: Some(250),
            conversions: vec![point("2020-01-01", "0.5"), point("2026-01-01", "0.25")],
        }],
    }
}

fn standings(lines: &[Line]) -> Vec<Standing> {
    scheme().standings(day("2025-02-01"), day("2026-12-31"), lines)
}

#[test]
fn a_category_counts_up_to_its_limit_and_may_be_needed_by_itself() {
    let lines = [
        line("a", "2025-03-01", "12.5", "hours", Some("reading")),
        line("b", "2025-03-02", "13", "hours", None),
        line("c", "2025-03-03", "1.5", "hours", Some("with-others")),
    ];
    let first = &standings(&lines)[0];
    let found: Vec<_> = first
        .categories
        .iter()
        .map(|it| (it.earned.to_string(), it.counts.to_string(), it.missing.to_string()))
        .collect();
    let row = |a: &str, b: &str, c: &str| (a.to_owned(), b.to_owned(), c.to_owned());
    assert_eq!(found, [row("12.5", "8", "0"), row("1.5", "1.5", "0.5"), row("13", "13", "0")]);
    assert_eq!((first.total, first.missing, first.is_met()), (amount("22.5"), Decimal::ZERO, false));
}

#[test]
fn what_was_earned_beyond_the_need_is_taken_over_once() {
    let lines = [
        line("a", "2025-03-01", "24", "hours", None),
        line("b", "2025-12-31", "3", "hours", Some("with-others")),
        line("c", "2026-01-01", "16", "hours", Some("with-others")),
    ];
    let [first, second] = &standings(&lines)[..] else { panic!("two periods") };
    assert_eq!((first.total, first.carried_in), (amount("27"), Decimal::ZERO));
    assert_eq!((second.carried_in, second.total, second.missing), (amount("5"), amount("21"), Decimal::ZERO));
    let third = scheme().standings(day("2025-02-01"), day("2027-01-01"), &lines).pop().unwrap();
    assert_eq!(third.carried_in, Decimal::ZERO, "what was taken over is not taken over again");
}

#[test]
fn another_unit_counts_by_the_rule_of_the_day_it_was_earned_and_is_shown_as_it_was() {
    let lines = [
        line("a", "2025-12-31", "3", "points", None),
        line("b", "2026-01-01", "3", "points", None),
        line("c", "2026-01-01", "3", "credits:ects", None),
    ];
    let [first, second] = &standings(&lines)[..] else { panic!("two periods") };
    assert_eq!(first.lines[0].counts, amount("1.5"));
    let counted = &second.lines[0];
    assert_eq!(
        (counted.counts, counted.line.amount, &counted.line.unit),
        (amount("0.75"), amount("3"), &Unit::Points)
    );
    assert_eq!(counted.converted_by.as_ref().unwrap().worth, amount("0.25"));
    assert_eq!(second.uncounted, [lines[2].clone()], "units never mix by themselves");
}

#[test]
fn a_reversal_takes_back_where_the_award_gave() {
    let lines = [
        line("a", "2025-06-01", "20", "hours", None),
        line("b", "2025-06-01", "-20", "hours", None),
        line("c", "2026-02-01", "20", "hours", None),
    ];
    let [first, second] = &standings(&lines)[..] else { panic!("two periods") };
    assert_eq!((first.total, second.carried_in), (Decimal::ZERO, Decimal::ZERO));
    assert_eq!(balances(&lines)[&Unit::Hours], amount("20"));
}

fn history() -> impl Strategy<Value = Vec<Line>> {
    let one = (0_u64..900, -4000_i64..4000, 0_usize..3, 0_usize..4).prop_map(
        |(after, hundredths, unit, category)| Line {
            id: format!("{after}-{hundredths}"),
            earned_on: day("2024-10-01") + chrono::Days::new(after),
            amount: Decimal::new(hundredths, 2),
            unit: ["hours", "points", "credits:ects"][unit].parse().unwrap(),
            category: [None, Some("reading"), Some("with-others"), Some("unknown")][category].map(slug),
        },
    );
    proptest::collection::vec(one, 0..40)
}

proptest! {
    #[test]
    fn every_line_is_in_one_period_and_the_sums_are_the_sums(lines in history()) {
        let standings = scheme().standings(day("2024-10-01"), day("2027-12-31"), &lines);
        let mut seen: Vec<&Line> = standings.iter().flat_map(|it| it.lines.iter().map(|one| &one.line).chain(&it.uncounted)).collect();
        prop_assert_eq!(seen.len(), lines.len());
        seen.sort_by_key(|line| lines.iter().position(|other| other == *line));
        for standing in &standings {
            let own: Decimal = standing.lines.iter().map(|line| line.counts).sum();
            let earned: Decimal = standing.categories.iter().map(|category| category.earned).sum();
            prop_assert_eq!(own, earned);
            prop_assert!(standing.total <= own + standing.carried_in);
            prop_assert!(standing.carried_in >= Decimal::ZERO && standing.carried_in <= amount("5"));
            prop_assert_eq!(standing.missing.is_zero(), standing.total >= standing.minimum);
        }
        let total: Decimal = balances(&lines).into_values().sum();
        prop_assert_eq!(total, lines.iter().map(|line| line.amount).sum::<Decimal>());
    }

    #[test]
    fn the_order_of_the_lines_changes_no_figure(lines in history()) {
        let backwards: Vec<Line> = lines.iter().rev().cloned().collect();
        let figures = |lines: &[Line]| -> Vec<(Decimal, Decimal, Decimal)> {
            standings(lines).iter().map(|it| (it.total, it.carried_in, it.missing)).collect()
        };
        prop_assert_eq!(figures(&lines), figures(&backwards));
    }
}
