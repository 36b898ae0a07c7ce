//! CPD schemes, from their fields.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{
    entries::{Desk, HTTPS, https, one_line},
    form::{Form, Located},
};
use crate::{
    cpd::{
        Unit,
        scheme::{Category, Conversion, Period, Rules, Scheme},
    },
    id::Slug,
};

const UNIT: &str = "`hours`, `points` or `credits:<scheme>`";
const FIGURE: &str = "a number from 0 to 10000 with no more than two decimal places";
const WORTH: &str = "a number above 0 with no more than six decimal places";

impl Desk<'_> {
    /// A scheme; its rules in the order of their first days.
    pub fn scheme(&mut self, slug: Slug, mut form: Form<'_>) -> Option<Scheme> {
        let name = form.need("name", "the scheme's name, on one line", one_line);
        let body = self.organisation_named(&mut form, "body", None);
        let url = form.may("url", HTTPS, https).map(|url| url.value);
        let is_sample = form.flag("is_sample");
        let groups = form.groups("rules");
        if groups.is_empty() {
            form.place_of_field("rules").fault(
                self.faults,
                "no rules are given",
                "a list of one or more rules",
            );
        }
        let read: Vec<_> = groups.into_iter().map(|group| self.scheme_rules(group)).collect();
        form.finish();
        let mut rules: Vec<Located<Rules>> = read.into_iter().collect::<Option<_>>()?;
        rules.sort_by_key(|rules| rules.value.from);
        for pair in rules.windows(2) {
            if let [first, second] = pair
                && first.value.from == second.value.from
            {
                let detail = format!("two rules begin on {}", second.value.from);
                second.place.fault(self.faults, detail, "each from a day of its own");
            }
        }
        let rules = rules.into_iter().map(|rules| rules.value).collect();
        Some(Scheme { slug, name: name?.value, body: body?, url, is_sample, rules })
    }

    fn scheme_rules(&self, mut form: Form<'_>) -> Option<Located<Rules>> {
        let place = form.place.clone();
        let from = form.date("from");
        let unit = form.need("unit", UNIT, |text| text.parse::<Unit>().ok());
        let period = self.period(&mut form);
        let minimum = self.figure(&mut form, "minimum");
        let carry_over = self.optional_figure(&mut form, "carry_over");
        let statement_words = self.whole(&mut form, "statement_words", 1..=4_000);
        let categories: Vec<_> =
            form.groups("categories").into_iter().map(|group| self.category(group)).collect();
        let conversions: Vec<_> =
            form.groups("conversions").into_iter().map(|group| self.conversion(group)).collect();
        form.finish();
        let categories: Vec<Located<Category>> = categories.into_iter().collect::<Option<_>>()?;
        let conversions: Vec<Located<Conversion>> = conversions.into_iter().collect::<Option<_>>()?;
        let (unit, minimum) = (unit?.value, minimum?);
        self.consistent(&unit, minimum, &categories, &conversions);
        let rules = Rules {
            from: from?.value,
            unit,
            period: period?,
            minimum,
            categories: categories.into_iter().map(|category| category.value).collect(),
            carry_over,
            statement_words,
            conversions: conversions.into_iter().map(|conversion| conversion.value).collect(),
        };
        Some(Located { value: rules, place })
    }

    /// What no single field can tell: names used twice, a unit converted into itself,
    /// and a minimum that the categories do not let anybody reach, or that is less than
    /// they ask for together.
    fn consistent(
        &self,
        unit: &Unit,
        minimum: Decimal,
        categories: &[Located<Category>],
        conversions: &[Located<Conversion>],
    ) {
        let mut names = BTreeSet::new();
        for Located { value, place } in categories {
            if !names.insert(&value.slug) {
                place.fault(self.faults, format!("`{}` is defined twice", value.slug), "each category once");
            }
            if let (Some(most), Some(least)) = (value.at_most, value.at_least)
                && most < least
            {
                let detail = format!("at least {least} is needed and at most {most} counts");
                place.fault(self.faults, detail, "`at_least` no more than `at_most`");
            }
        }
        let needed: Decimal = categories.iter().filter_map(|category| category.value.at_least).sum();
        if let Some(first) = categories.first().filter(|_| needed > minimum) {
            let detail = format!("the categories need {needed} together, more than the minimum of {minimum}");
            first.place.fault(self.faults, detail, "a `minimum` of at least their sum");
        }
        let mut dated: BTreeSet<(&Unit, NaiveDate)> = BTreeSet::new();
        for Located { value, place } in conversions {
            if value.unit == *unit {
                place.fault(self.faults, "it converts the scheme's unit into itself", "another unit");
            }
            if !dated.insert((&value.unit, value.from)) {
                let detail = format!("{} is converted twice from {}", value.unit, value.from);
                place.fault(self.faults, detail, "one conversion of a unit from a day on");
            }
        }
    }

    fn period(&self, form: &mut Form<'_>) -> Option<Period> {
        let expected = "`by: anniversary` or `by: calendar`, and `months`";
        let mut form = form.group("period", expected)?;
        let by = form.need("by", "`anniversary` or `calendar`", |text| {
            matches!(text, "anniversary" | "calendar").then(|| text == "calendar")
        });
        let months = self.whole(&mut form, "months", 1..=120);
        if months.is_none() {
            form.place.fault(self.faults, "how long the period is, is not said", "`months`, 1 to 120");
        }
        let is_calendar = by.as_ref().is_some_and(|by| by.value);
        let start = is_calendar.then(|| {
            let month = self.whole(&mut form, "month", 1..=12);
            let day = self.whole(&mut form, "day", 1..=28);
            if month.is_none() || day.is_none() {
                let expected = "`month`, 1 to 12, and `day`, 1 to 28";
                form.place.fault(self.faults, "on which day the period begins, is not said", expected);
            }
            Some((month?, day?))
        });
        form.finish();
        by?;
        match start {
            None => Some(Period::Anniversary { months: months? }),
            Some(start) => {
                start.and_then(|(month, day)| Some(Period::Calendar { month, day, months: months? }))
            }
        }
    }

    fn category(&self, mut form: Form<'_>) -> Option<Located<Category>> {
        let place = form.place.clone();
        let slug = form.slug("slug");
        let name = form.need("name", "the category's name, on one line", one_line);
        let at_most = self.optional_figure(&mut form, "at_most");
        let at_least = self.optional_figure(&mut form, "at_least");
        form.finish();
        let value = Category { slug: slug?.value, name: name?.value, at_most, at_least };
        Some(Located { value, place })
    }

    fn conversion(&self, mut form: Form<'_>) -> Option<Located<Conversion>> {
        let place = form.place.clone();
        let unit = form.need("unit", UNIT, |text| text.parse::<Unit>().ok());
        let worth = form.number("worth", WORTH).and_then(|number| {
            let worth = number.value.parse::<Decimal>().ok();
            let worth = worth.filter(|worth| *worth > Decimal::ZERO && worth.scale() <= 6);
            if worth.is_none() {
                number.place.fault(self.faults, format!("found {}", number.value), WORTH);
            }
            worth
        });
        let from = form.date("from");
        form.finish();
        Some(Located { value: Conversion { unit: unit?.value, worth: worth?, from: from?.value }, place })
    }

    fn figure(&self, form: &mut Form<'_>, name: &'static str) -> Option<Decimal> {
        let number = form.number(name, FIGURE)?;
        self.in_range(&number)
    }

    fn optional_figure(&self, form: &mut Form<'_>, name: &'static str) -> Option<Decimal> {
        let number = form.optional_number(name, FIGURE)?;
        self.in_range(&number)
    }

    fn in_range(&self, number: &Located<String>) -> Option<Decimal> {
        let figure = number.value.parse::<Decimal>().ok();
        let range = Decimal::ZERO..=Decimal::from(crate::cpd::MOST_CREDIT);
        let figure = figure.filter(|figure| range.contains(figure) && figure.scale() <= 2);
        if figure.is_none() {
            number.place.fault(self.faults, format!("found {}", number.value), FIGURE);
        }
        figure
    }

    fn whole(
        &self,
        form: &mut Form<'_>,
        name: &'static str,
        range: std::ops::RangeInclusive<u32>,
    ) -> Option<u32> {
        let expected = format!("a whole number, {} to {}", range.start(), range.end());
        let number = form.optional_number(name, &expected)?;
        let whole = number.value.parse().ok().filter(|whole| range.contains(whole));
        if whole.is_none() {
            number.place.fault(self.faults, format!("found {}", number.value), expected);
        }
        whole
    }
}
