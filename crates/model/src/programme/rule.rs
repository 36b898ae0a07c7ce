//! Rules: what must be earned, nested as deep as need be.

use serde::{Deserialize, Serialize};

use crate::{cpd::Credit, id::Slug};

/// A rule over achievements.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Rule {
    /// One achievement.
    Place(Place),
    /// Every one of some rules.
    AllOf(AllOf),
    /// So many of some rules.
    NOf(NOf),
    /// So much credit from some achievements.
    Credits(Credits),
    /// A part that copies may replace.
    Open(Open),
}

/// A place that one achievement fills.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// What is meant to fill it.
    pub achievement: Slug,
    /// What counts as the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub equivalents: Vec<Slug>,
    /// Prior learning that is accepted in its stead, with evidence (7.31).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prior_learning: Vec<Slug>,
}

/// Every one of some rules.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AllOf {
    /// What people call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The rules.
    pub rules: Vec<Rule>,
}

/// At least so many of some rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NOf {
    /// How many.
    pub n: u32,
    /// What people call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Achievements below this level do not count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_level: Option<u8>,
    /// The rules.
    pub from: Vec<Rule>,
}

/// At least so much credit, from achievements that fill no other place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Credits {
    /// How much, and in which unit.
    pub credit: Credit,
    /// What people call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Achievements below this level do not count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_level: Option<u8>,
    /// The achievements.
    pub from: Vec<Slug>,
}

/// A part that copies of a blueprint may replace. In the blueprint itself, every
/// one of its rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Open {
    /// The name by which a copy fills it.
    pub slot: Slug,
    /// What people call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What stands there.
    pub of: Vec<Rule>,
}

impl Rule {
    /// An achievement for which nothing else is accepted.
    pub fn achievement(slug: Slug) -> Self {
        Self::Place(Place::of(slug))
    }

    /// The rules directly below, each with its path below `path`.
    pub(crate) fn children(&self, path: &str) -> Vec<(String, &Self)> {
        let (member, rules) = match self {
            Self::Place(_) | Self::Credits(_) => return Vec::new(),
            Self::AllOf(all) => ("all_of", &all.rules),
            Self::NOf(some) => ("from", &some.from),
            Self::Open(open) => ("of", &open.of),
        };
        below(path, member, rules)
    }

    /// Every achievement that may count, each with its path.
    pub(super) fn named(&self, path: &str) -> Vec<(String, &Slug)> {
        match self {
            Self::Place(place) => place.named(path),
            Self::Credits(credits) => {
                credits.from.iter().enumerate().map(|(n, slug)| (format!("{path}.from[{n}]"), slug)).collect()
            }
            _ => self.children(path).iter().flat_map(|(path, rule)| rule.named(path)).collect(),
        }
    }
}

impl Place {
    /// A place for one achievement alone.
    pub fn of(achievement: Slug) -> Self {
        Self { achievement, equivalents: Vec::new(), prior_learning: Vec::new() }
    }

    /// What may fill it: the achievement meant, then what else is accepted.
    pub fn accepts(&self) -> impl Iterator<Item = &Slug> {
        [&self.achievement].into_iter().chain(&self.equivalents).chain(&self.prior_learning)
    }

    pub(super) fn named(&self, path: &str) -> Vec<(String, &Slug)> {
        let listed = |member: &'static str, slugs: &'_ [Slug]| {
            (0..slugs.len()).map(move |n| format!("{path}.{member}[{n}]")).collect::<Vec<_>>()
        };
        let paths = [path.to_owned()]
            .into_iter()
            .chain(listed("equivalents", &self.equivalents))
            .chain(listed("prior_learning", &self.prior_learning));
        paths.zip(self.accepts()).collect()
    }
}

impl AllOf {
    /// All of some achievements.
    pub fn of(achievements: impl IntoIterator<Item = Slug>) -> Self {
        Self { name: None, rules: achievements.into_iter().map(Rule::achievement).collect() }
    }

    /// The rules, each with its path in the catalogue's file: `all_of[0]`, ….
    pub(crate) fn paths(&self) -> Vec<(String, &Rule)> {
        below("", "all_of", &self.rules)
    }

    /// Every achievement that may count.
    pub fn achievements(&self) -> impl Iterator<Item = &Slug> {
        self.named().into_iter().map(|(_, slug)| slug)
    }

    /// Every achievement that may count, each with its path.
    pub(super) fn named(&self) -> Vec<(String, &Slug)> {
        self.paths().iter().flat_map(|(path, rule)| rule.named(path)).collect()
    }

    /// The achievements without which it can never hold: those of its own places
    /// and of rules that all belong to it.
    pub fn needed(&self) -> Vec<&Place> {
        fn of(rule: &Rule) -> Vec<&Place> {
            match rule {
                Rule::Place(place) => vec![place],
                Rule::AllOf(all) => all.rules.iter().flat_map(of).collect(),
                Rule::Open(open) => open.of.iter().flat_map(of).collect(),
                Rule::NOf(_) | Rule::Credits(_) => Vec::new(),
            }
        }
        self.rules.iter().flat_map(of).collect()
    }
}

fn below<'a>(path: &str, member: &str, rules: &'a [Rule]) -> Vec<(String, &'a Rule)> {
    let dot = if path.is_empty() { "" } else { "." };
    rules.iter().enumerate().map(|(n, rule)| (format!("{path}{dot}{member}[{n}]"), rule)).collect()
}
