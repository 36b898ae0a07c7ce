//! A policy as the catalogue defines it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{cpd::Credit, id::Slug};

/// What keeps the badges of some achievements in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaintenancePolicy {
    /// Its short name.
    pub slug: Slug,
    /// Its name, for people.
    pub name: String,
    /// The organisation whose policy it is.
    pub body: Slug,
    /// Where that organisation says so, https.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Whether the figures are ours, to be edited, and not the body's.
    pub is_sample: bool,
    /// What it keeps in force; those that its programmes award among them.
    pub achievements: Vec<Slug>,
    /// The programmes that were named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub programmes: Vec<Slug>,
    /// The rules, each from a day on; the earliest first. Never empty.
    pub rules: Vec<Rules>,
    /// The last day on which a term can begin under it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
}

/// What a policy says from a day on. Days are whole days of UTC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// The first day on which a term begins under these rules.
    pub from: NaiveDate,
    /// Whether terms that began under earlier rules follow these from that day on,
    /// in all but their length.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub for_running_terms: bool,
    /// For how many months a badge holds; without it, for good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_months: Option<u32>,
    /// How a badge is renewed; without it, it ends when its time is up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renewal: Option<Renewal>,
    /// For how many days after its end a badge can still be renewed as before it.
    #[serde(default)]
    pub grace_days: u32,
    /// How a badge that has lapsed comes back; without it, it is gone for good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reinstatement: Option<Reinstatement>,
}

/// How a badge is renewed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renewal {
    /// How many days before the end it can first be renewed.
    pub opens_days_before: u32,
    /// Whether somebody asks for it; otherwise it happens when the conditions are met.
    pub on_request: bool,
    /// The conditions.
    pub asks: Asks,
    /// How many days before the end the holder is reminded; the most days first.
    pub reminders_days_before: Vec<u32>,
}

/// How a badge that has lapsed comes back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reinstatement {
    /// For how many days after the grace.
    pub within_days: u32,
    /// Whether somebody asks for it; otherwise it happens when the conditions are met.
    pub on_request: bool,
    /// The conditions.
    pub asks: Asks,
}

/// Conditions; all of them are to be met.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asks {
    /// Credit to be earned.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cpd: Vec<Cpd>,
    /// An achievement to be completed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reassessment: Option<Slug>,
}

impl Asks {
    /// Whether nothing is asked.
    pub fn is_nothing(&self) -> bool {
        self.cpd.is_empty() && self.reassessment.is_none()
    }
}

/// Credit that keeps a badge in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "by")]
pub enum Cpd {
    /// An amount of its own.
    Amount {
        /// How much, and in which unit. Other units do not count.
        credit: Credit,
        /// The category in which it is to be stated, if in one.
        category: Option<Slug>,
        /// The months of each period that needs it; without it, the whole term does.
        every_months: Option<u32>,
    },
    /// Whatever a CPD scheme asks for, in each of its periods that ends in the term.
    Scheme {
        /// The scheme.
        scheme: Slug,
    },
}

impl MaintenancePolicy {
    /// Why `next` may not take the place of this one, published before, on `today`:
    /// what has begun never changes, and what is new begins today or later. The rules'
    /// first day, and what is wrong with them.
    pub fn refuses(&self, next: &Self, today: NaiveDate) -> Option<(NaiveDate, &'static str)> {
        let stays = |rules: &&Rules| !next.rules.contains(rules);
        let changed = self.rules.iter().filter(|rules| rules.from <= today).find(stays);
        if let Some(changed) = changed {
            return Some((changed.from, "are in force already and would change"));
        }
        let late = next.rules.iter().find(|rules| rules.from < today && !self.rules.contains(rules));
        late.map(|late| (late.from, "would begin on a day that has passed"))
    }
}
