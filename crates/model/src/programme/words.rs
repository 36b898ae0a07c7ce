//! Rules and gaps in words, English and Welsh. Names of achievements and groups
//! stay in the language they were given in.

use std::cell::Cell;

use serde::{Deserialize, Serialize};

use super::{
    AllOf, Counting, Gap, Missing, Place, Programme, Rule, WhyNot, Window,
    problem::{Group, letter},
};
use crate::{
    cpd::{Credit, Unit},
    id::Slug,
};

/// A language of the service's sentences.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    En,
    /// Welsh.
    Cy,
}

/// The name of an achievement, for people.
pub type Names<'a> = dyn Fn(&Slug) -> String + 'a;

impl Gap {
    /// What is missing in a sentence: «missing: 1 of group B (…); 4 hours of …».
    pub fn sentence(&self, names: &Names<'_>, language: Language) -> String {
        let writer = Writer { names, language, groups: Cell::new(0) };
        let parts: Vec<_> = self.missing.iter().map(|missing| writer.missing(missing)).collect();
        match (parts.as_slice(), language) {
            ([], Language::En) => "nothing is missing".to_owned(),
            ([], Language::Cy) => "does dim yn eisiau".to_owned(),
            (parts, Language::En) => format!("missing: {}", parts.join("; ")),
            (parts, Language::Cy) => format!("yn eisiau: {}", parts.join("; ")),
        }
    }
}

impl Missing {
    /// It alone in words: «1 of group B (…)».
    pub fn words(&self, names: &Names<'_>, language: Language) -> String {
        Writer { names, language, groups: Cell::new(0) }.missing(self)
    }

    /// Why what the learner has does not do.
    pub fn why_not(&self) -> Option<WhyNot> {
        match self {
            Self::Prerequisite { why_not, .. } | Self::Achievement { why_not, .. } => *why_not,
            Self::NOf { .. } | Self::Credit { .. } | Self::Choice { .. } => None,
        }
    }
}

impl WhyNot {
    /// The reason in words.
    pub fn words(self, language: Language) -> &'static str {
        let [en, cy] = match self {
            Self::Revoked => ["the one earned was revoked", "diddymwyd yr un a enillwyd"],
            Self::Expired => ["the one earned has expired", "daeth yr un a enillwyd i ben"],
            Self::OutsideWindow => {
                ["the one earned lies outside the window", "mae'r un a enillwyd y tu allan i'r cyfnod"]
            }
            Self::CountsElsewhere => [
                "the one earned counts in another programme",
                "mae'r un a enillwyd yn cyfrif mewn rhaglen arall",
            ],
            Self::NoEvidence => ["its evidence is missing", "nid oes tystiolaeth ar ei gyfer"],
        };
        match language {
            Language::En => en,
            Language::Cy => cy,
        }
    }
}

/// A programme's rule in words, one line each; what belongs to a line above it is
/// indented by two spaces more.
pub fn rule_in_words(programme: &Programme, names: &Names<'_>, language: Language) -> Vec<String> {
    let writer = Writer { names, language, groups: Cell::new(0) };
    let mut lines = Vec::new();
    if !programme.prerequisites.is_empty() {
        lines.push(writer.say("Beforehand:", "Ymlaen llaw:").to_owned());
        lines.extend(programme.prerequisites.iter().map(|place| format!("  {}", writer.place(place))));
    }
    lines.extend(writer.all_of(&programme.rule));
    lines.extend(writer.window(programme.window));
    if programme.counting == Counting::Alone {
        let alone = writer.say(
            "What counts here counts in no other programme.",
            "Nid yw'r hyn sy'n cyfrif yma yn cyfrif mewn unrhyw raglen arall.",
        );
        lines.push(alone.to_owned());
    }
    lines
}

/// What a registration level asks for in words, as [`rule_in_words`].
pub(super) fn requirement_in_words(
    rule: &AllOf,
    window: Window,
    names: &Names<'_>,
    language: Language,
) -> Vec<String> {
    let writer = Writer { names, language, groups: Cell::new(0) };
    writer.all_of(rule).into_iter().chain(writer.window(window)).collect()
}

impl super::RequirementSet {
    /// What it asks for in words, one line each.
    pub fn in_words(&self, names: &Names<'_>, language: Language) -> Vec<String> {
        requirement_in_words(&self.rule, self.window, names, language)
    }
}

struct Writer<'a> {
    names: &'a Names<'a>,
    language: Language,
    /// How many groups have been told, to give each its letter.
    groups: Cell<usize>,
}

impl Writer<'_> {
    fn say<'t>(&self, en: &'t str, cy: &'t str) -> &'t str {
        match self.language {
            Language::En => en,
            Language::Cy => cy,
        }
    }

    fn missing(&self, missing: &Missing) -> String {
        match missing {
            Missing::Prerequisite { achievement, or, why_not, .. } => {
                let place = self.either(achievement, or);
                let first = self.say("beforehand", "ymlaen llaw");
                self.because(format!("{place} ({first})"), *why_not)
            }
            Missing::Achievement { achievement, or, why_not, .. } => {
                self.because(self.either(achievement, or), *why_not)
            }
            Missing::NOf { n, group, of, .. } => {
                format!("{n} {} {} ({})", self.of(), self.group(group), self.list(of))
            }
            Missing::Credit { credit, group, from, .. } => {
                let amount = format!("{} {} {}", self.credit(credit), self.of(), self.group(group));
                if from.is_empty() { amount } else { format!("{amount} ({})", self.list(from)) }
            }
            Missing::Choice { n, group, options, .. } => {
                let options: Vec<_> = options
                    .iter()
                    .map(|parts| {
                        let parts: Vec<_> = parts.iter().map(|part| self.missing(part)).collect();
                        format!("[{}]", parts.join("; "))
                    })
                    .collect();
                let or = format!(" {} ", self.say("or", "neu"));
                format!("{n} {} {}: {}", self.of(), self.group(group), options.join(&or))
            }
        }
    }

    fn because(&self, what: String, why_not: Option<WhyNot>) -> String {
        match why_not {
            Some(why) => format!("{what} ({})", why.words(self.language)),
            None => what,
        }
    }

    fn either(&self, achievement: &Slug, or: &[Slug]) -> String {
        let all: Vec<Slug> = [achievement].into_iter().chain(or).cloned().collect();
        self.list(&all)
    }

    fn list(&self, slugs: &[Slug]) -> String {
        let names: Vec<String> = slugs.iter().map(|slug| (self.names)(slug)).collect();
        match names.as_slice() {
            [before @ .., last] if !before.is_empty() => {
                format!("{} {} {last}", before.join(", "), self.say("or", "neu"))
            }
            names => names.concat(),
        }
    }

    fn of(&self) -> &'static str {
        match self.language {
            Language::En => "of",
            Language::Cy => "o",
        }
    }

    fn group(&self, group: &Group) -> String {
        match &group.name {
            Some(name) => format!("\u{201c}{name}\u{201d}"),
            None => format!("{} {}", self.say("group", "gr\u{175}p"), group.letter),
        }
    }

    fn credit(&self, credit: &Credit) -> String {
        let amount = credit.amount();
        let is_one = amount == rust_decimal::Decimal::ONE;
        let plural = |one: &'static str, many: &'static str| if is_one { one } else { many };
        match credit.unit() {
            Unit::Hours => format!("{amount} {}", self.say(plural("hour", "hours"), "awr")),
            Unit::Points => format!("{amount} {}", self.say(plural("point", "points"), "pwynt")),
            Unit::Credits { scheme } => {
                let credits = self.say(plural("credit", "credits"), "credyd");
                format!("{amount} {credits} ({scheme})")
            }
        }
    }

    fn all_of(&self, rule: &AllOf) -> Vec<String> {
        let heading = self.say("All of:", "Pob un o'r canlynol:").to_owned();
        let mut lines = vec![heading];
        for rule in &rule.rules {
            self.rule(rule, 1, &mut lines);
        }
        lines
    }

    fn rule(&self, rule: &Rule, depth: usize, lines: &mut Vec<String>) {
        let named = |name: &Option<String>| {
            name.as_ref().map(|name| format!(" \u{201c}{name}\u{201d}")).unwrap_or_default()
        };
        let next = |name: &Option<String>| {
            let number = self.groups.replace(self.groups.get() + 1);
            self.group(&Group { letter: letter(number), name: name.clone() })
        };
        let level = |at: Option<u8>| {
            at.map(|at| format!(", {} {at}", self.say("of at least level", "o leiaf lefel")))
                .unwrap_or_default()
        };
        let (line, below) = match rule {
            Rule::Place(place) => (self.place(place), &[][..]),
            Rule::AllOf(all) => (
                format!("{}{}:", self.say("all of", "pob un o'r canlynol"), named(&all.name)),
                &all.rules[..],
            ),
            Rule::NOf(some) => {
                let at_least = self.say("at least", "o leiaf");
                let line = format!(
                    "{at_least} {} {} {}{}:",
                    some.n,
                    self.of(),
                    next(&some.name),
                    level(some.at_level)
                );
                (line, &some.from[..])
            }
            Rule::Open(open) => {
                let left = self.say("left open to copies", "yn agored i gop\u{ef}au");
                (format!("{left} (`{}`){}:", open.slot, named(&open.name)), &open.of[..])
            }
            Rule::Credits(credits) => {
                let at_least = self.say("at least", "o leiaf");
                let line = format!(
                    "{at_least} {} {} {}{}: {}",
                    self.credit(&credits.credit),
                    self.of(),
                    next(&credits.name),
                    level(credits.at_level),
                    self.list(&credits.from)
                );
                (line, &[][..])
            }
        };
        lines.push(format!("{}{line}", "  ".repeat(depth)));
        for rule in below {
            self.rule(rule, depth + 1, lines);
        }
    }

    fn place(&self, place: &Place) -> String {
        let mut line = self.either(&place.achievement, &place.equivalents);
        if !place.prior_learning.is_empty() {
            let or = self.say("or, with evidence", "neu, gyda thystiolaeth");
            line = format!("{line}; {or}: {}", self.list(&place.prior_learning));
        }
        line
    }

    fn window(&self, window: Window) -> Vec<String> {
        let mut lines = Vec::new();
        if let Some(months) = window.months {
            let line = match self.language {
                Language::En => format!("All of it earned within {months} months."),
                Language::Cy => format!("Y cyfan wedi'i ennill o fewn {months} mis."),
            };
            lines.push(line);
        }
        if let Some(from) = window.from {
            lines.push(format!("{} {from}.", self.say("Not earned before", "Heb ei ennill cyn")));
        }
        if let Some(until) = window.until {
            lines.push(format!("{} {until}.", self.say("Not earned after", "Heb ei ennill ar \u{f4}l")));
        }
        lines
    }
}
