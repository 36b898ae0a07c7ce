//! How a learner stands: met, or in progress with what is missing.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use super::problem::Group;
use crate::{
    cpd::Credit,
    id::{AwardId, Slug},
};

/// How a learner stands towards a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// The rule holds.
    Met(Met),
    /// It does not hold yet.
    InProgress(Progress),
}

/// The rule holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Met {
    /// What counted, in the order of the rule.
    pub counted: Vec<Counted>,
    /// When the last of it was earned.
    pub completed_at: DateTime<Utc>,
}

/// The rule does not hold yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// What counts so far; empty for who has not begun.
    pub counted: Vec<Counted>,
    /// What is missing.
    pub gap: Gap,
}

/// An award that counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// The award.
    pub award: AwardId,
    /// Its achievement.
    pub achievement: Slug,
    /// Where in the rule, such as `all_of[0]`.
    pub path: String,
    /// What it stands for, if it is an equivalent or prior learning.
    pub stands_for: Option<Slug>,
}

/// Everything that is missing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Gap {
    /// Each thing, in the order of the rule: prerequisites, places, groups, credit, choices.
    pub missing: Vec<Missing>,
}

/// One thing that is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum Missing {
    /// What must be held beforehand.
    Prerequisite {
        /// Where in the rule.
        path: String,
        /// What is meant.
        achievement: Slug,
        /// What would do as well.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        or: Vec<Slug>,
        /// Why what the learner has does not do.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why_not: Option<WhyNot>,
    },
    /// One achievement.
    Achievement {
        /// Where in the rule.
        path: String,
        /// What is meant.
        achievement: Slug,
        /// What would do as well.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        or: Vec<Slug>,
        /// Why what the learner has does not do.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why_not: Option<WhyNot>,
    },
    /// So many of a group.
    NOf {
        /// Where in the rule.
        path: String,
        /// How many more.
        n: u32,
        /// The group.
        group: Group,
        /// Those that are open.
        of: Vec<Slug>,
    },
    /// So much credit of a group.
    Credit {
        /// Where in the rule.
        path: String,
        /// How much more.
        credit: Credit,
        /// The group.
        group: Group,
        /// What would bring some.
        from: Vec<Slug>,
    },
    /// So many of several ways.
    Choice {
        /// Where in the rule.
        path: String,
        /// How many more.
        n: u32,
        /// The group.
        group: Group,
        /// What each way still needs, the nearest first.
        options: Vec<Vec<Missing>>,
    },
}

/// Why an award does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhyNot {
    /// It was revoked.
    Revoked,
    /// It has expired.
    Expired,
    /// It lies outside the window.
    OutsideWindow,
    /// It counts in another programme, and in only one it may.
    CountsElsewhere,
    /// It is prior learning without evidence.
    NoEvidence,
}

impl Standing {
    /// Whether the rule holds.
    pub fn is_met(&self) -> bool {
        matches!(self, Self::Met(_))
    }

    /// What counts.
    pub fn counted(&self) -> &[Counted] {
        match self {
            Self::Met(met) => &met.counted,
            Self::InProgress(progress) => &progress.counted,
        }
    }
}

impl Gap {
    /// What to earn next, each once, the nearest first: what is asked for by name,
    /// then what is open in groups, then ways to credit.
    pub fn next(&self) -> Vec<&Slug> {
        let mut next: Vec<&Slug> = Vec::new();
        for slug in self.missing.iter().flat_map(Missing::next) {
            if !next.contains(&slug) {
                next.push(slug);
            }
        }
        next
    }
}

impl Missing {
    fn next(&self) -> Vec<&Slug> {
        match self {
            Self::Prerequisite { achievement, .. } | Self::Achievement { achievement, .. } => {
                vec![achievement]
            }
            Self::NOf { of: open, .. } | Self::Credit { from: open, .. } => open.iter().collect(),
            Self::Choice { n, options, .. } => {
                let nearest = options.iter().take(usize::try_from(*n).unwrap_or(usize::MAX));
                nearest.flatten().flat_map(Self::next).collect()
            }
        }
    }
}
