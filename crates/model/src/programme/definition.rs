//! What a programme and a requirement set are.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{AllOf, Place, Rule};
use crate::id::Slug;

/// The version of a programme that was stored before programmes had versions.
pub const UNVERSIONED: &str = "0";

/// A programme in one version: satisfying its rule awards an achievement. A
/// published version never changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Stored")]
pub struct Programme {
    /// Its short name.
    pub slug: Slug,
    /// Its version. A copy's names its blueprint's too: `1.0-b1.1`.
    pub version: String,
    /// What completing it awards.
    pub achievement: Slug,
    /// What must be earned; always needs
    /// [`CORE_EQUALITY_MODULE`](crate::catalogue::CORE_EQUALITY_MODULE) (Future Vision, 8.8).
    pub rule: AllOf,
    /// What must be held beforehand. It is not counted, and no window applies to it.
    pub prerequisites: Vec<Place>,
    /// What may be earned besides, and is shown with it. It counts nowhere.
    pub optional: Vec<Slug>,
    /// When what counts must be earned.
    pub window: Window,
    /// Whether what counts here may count elsewhere too.
    pub counting: Counting,
    /// The programme (its slug, not its achievement's) that this one builds on:
    /// its award supersedes that one's (7.16).
    pub builds_on: Option<Slug>,
    /// What becomes of the award when something that counted is revoked.
    pub on_revocation: OnRevocation,
    /// The blueprint it is a copy of (7.22).
    pub lineage: Option<Lineage>,
}

impl Programme {
    /// The plainest there is: needs some achievements, at any time.
    pub fn plain(slug: Slug, achievement: Slug, needed: impl IntoIterator<Item = Slug>) -> Self {
        Self {
            slug,
            version: "1.0".to_owned(),
            achievement,
            rule: AllOf::of(needed),
            prerequisites: Vec::new(),
            optional: Vec::new(),
            window: Window::default(),
            counting: Counting::default(),
            builds_on: None,
            on_revocation: OnRevocation::default(),
            lineage: None,
        }
    }
}

/// When what counts must be earned (6.5).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// Within how many months of each other; without it, any.
    pub months: Option<u32>,
    /// Not before this day.
    pub from: Option<NaiveDate>,
    /// Not after this day.
    pub until: Option<NaiveDate>,
}

impl Window {
    /// Whether something earned `at` may count at all: its first and last days included.
    pub fn covers(&self, at: DateTime<Utc>) -> bool {
        let day = at.date_naive();
        self.from.is_none_or(|first| first <= day) && self.until.is_none_or(|last| day <= last)
    }

    /// The last moment it covers.
    pub fn end(&self) -> Option<DateTime<Utc>> {
        let next = self.until?.succ_opt()?;
        Some(next.and_time(NaiveTime::MIN).and_utc() - TimeDelta::seconds(1))
    }
}

/// Whether what counts in a programme may count in others too. In one programme
/// an award never counts twice.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counting {
    /// Once in each programme that takes it.
    #[default]
    Shared,
    /// Here or elsewhere, not both; but the core module counts everywhere, and
    /// what counted in the programme this one builds on counts here again.
    Alone,
}

/// What becomes of a programme's award when an award that counted in it is revoked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnRevocation {
    /// It stands and is flagged, for the Academy to decide.
    #[default]
    Review,
    /// It is revoked with it.
    Revoke,
}

/// Where a copy comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lineage {
    /// The blueprint, a programme.
    pub blueprint: Slug,
    /// The version of the blueprint whose core this copy has.
    pub blueprint_version: String,
    /// The copy's own version, without the blueprint's.
    pub own_version: String,
    /// How the copy fills what the blueprint leaves open, by slot.
    pub fills: BTreeMap<Slug, Vec<Rule>>,
}

/// What a registration level or an employer asks for: a rule that must hold now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequirementSet {
    /// Its short name; a registration level's achievement may have the same.
    pub slug: Slug,
    /// The version of the body's requirements, or of this entry.
    pub version: String,
    /// Its name, for people.
    pub name: String,
    /// Whether it is a sample and not the body's own.
    pub is_sample: bool,
    /// The organisation whose requirements they are.
    pub body: Slug,
    /// What must be held, in force.
    pub rule: AllOf,
    /// When what counts must be earned.
    pub window: Window,
}

/// A programme as it is stored. Before programmes had versions it was a list of
/// achievements.
#[derive(Deserialize)]
struct Stored {
    slug: Slug,
    version: Option<String>,
    achievement: Slug,
    rule: Option<AllOf>,
    #[serde(default)]
    all_of: Vec<Slug>,
    #[serde(default)]
    prerequisites: Vec<Place>,
    #[serde(default)]
    optional: Vec<Slug>,
    window: Option<Window>,
    window_months: Option<u32>,
    #[serde(default)]
    counting: Counting,
    builds_on: Option<Slug>,
    #[serde(default)]
    on_revocation: OnRevocation,
    lineage: Option<Lineage>,
}

impl From<Stored> for Programme {
    fn from(stored: Stored) -> Self {
        Self {
            slug: stored.slug,
            version: stored.version.unwrap_or_else(|| UNVERSIONED.to_owned()),
            achievement: stored.achievement,
            rule: stored.rule.unwrap_or_else(|| AllOf::of(stored.all_of)),
            prerequisites: stored.prerequisites,
            optional: stored.optional,
            window: stored.window.unwrap_or(Window { months: stored.window_months, ..Window::default() }),
            counting: stored.counting,
            builds_on: stored.builds_on,
            on_revocation: stored.on_revocation,
            lineage: stored.lineage,
        }
    }
}
