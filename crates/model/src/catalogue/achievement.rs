//! Achievements: what can be earned.

use std::str::FromStr;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{cpd::Credit, id::Slug};

/// What an achievement is in the Academy's own words. Drives pictures and pages;
/// a verifier elsewhere reads `achievement_type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A module, alone or in a programme (Future Vision, 6.4).
    Module,
    /// A masterclass (6.4).
    Masterclass,
    /// An action learning set (8.18).
    ActionLearningSet,
    /// A day for a whole team or board (8.22).
    TeamDay,
    /// A programme's own badge, where it is neither certificate nor diploma.
    Programme,
    /// A certificate.
    Certificate,
    /// A diploma.
    Diploma,
    /// A level of professional registration.
    RegistrationLevel,
    /// Learning done elsewhere and accepted (7.31).
    PriorLearning,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::Module,
        Self::Masterclass,
        Self::ActionLearningSet,
        Self::TeamDay,
        Self::Programme,
        Self::Certificate,
        Self::Diploma,
        Self::RegistrationLevel,
        Self::PriorLearning,
    ];

    /// The word that stands for it in files and databases, such as `team_day`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Module => "module",
            Self::Masterclass => "masterclass",
            Self::ActionLearningSet => "action_learning_set",
            Self::TeamDay => "team_day",
            Self::Programme => "programme",
            Self::Certificate => "certificate",
            Self::Diploma => "diploma",
            Self::RegistrationLevel => "registration_level",
            Self::PriorLearning => "prior_learning",
        }
    }

    /// Whether completing a programme may award it.
    pub fn is_of_programme(self) -> bool {
        matches!(self, Self::Programme | Self::Certificate | Self::Diploma)
    }
}

/// The text is not a [`Kind`]. Whose fault: the writer's of that text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a kind of achievement")]
pub struct KindError(String);

impl FromStr for Kind {
    type Err = KindError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or_else(|| KindError(text.to_owned()))
    }
}

/// An achievement in one version. A published version never changes: what
/// changes gets a new `version`, and badges already issued keep theirs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AchievementDefinition {
    /// Its short name.
    pub slug: Slug,
    /// Its version, 1 to 20 letters, digits, full stops and hyphens; part of its URL.
    pub version: String,
    /// What it is in the Academy's words.
    pub kind: Kind,
    /// What it is in the words of OB 3.0: an
    /// [`AchievementType`](crate::ob::AchievementType).
    pub achievement_type: String,
    /// Its name, for people.
    pub name: String,
    /// What it is about, in plain words.
    pub description: String,
    /// What a learner does to earn it: Markdown, the OB 3.0 criteria narrative.
    pub criteria: String,
    /// The CPD credit it carries; zero where its components carry it.
    pub credit: Credit,
    /// Whether the amount is a sample, to be replaced by the Academy's own figure.
    pub credit_is_sample: bool,
    /// The organisation whose keys sign its badges.
    pub issuer: Slug,
    /// The organisation that devised it.
    pub creator: Slug,
    /// Its badge.
    pub image: Picture,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// The subject it belongs to.
    pub field_of_study: Option<String>,
    /// A code people know it by.
    pub human_code: Option<String>,
    /// The language of its texts, as BCP 47 writes it (`en-GB`).
    pub language: String,
    /// Its level in the Regulated Qualifications Framework, 1 to 8, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<u8>,
    /// What it matches in other frameworks.
    pub alignments: Vec<AlignmentDefinition>,
    /// The first day on which it can be earned.
    pub available_from: NaiveDate,
    /// The last day on which it can be earned.
    pub withdrawn_on: Option<NaiveDate>,
    /// For how many months a badge is valid from the day it is awarded; without
    /// it, for good.
    pub valid_for_months: Option<u32>,
}

impl AchievementDefinition {
    /// Whether it can be earned on `date`, its first and last days included.
    pub fn available_on(&self, date: NaiveDate) -> bool {
        self.available_from <= date && self.withdrawn_on.is_none_or(|last| date <= last)
    }
}

/// A picture and the words for those who cannot see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// The SVG document itself, not its address.
    pub svg: String,
    /// What it shows.
    pub alt: String,
}

/// What an achievement matches in another framework (OB 3.0 `Alignment`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlignmentDefinition {
    /// The name of what is matched.
    pub name: String,
    /// Where it is described, https.
    pub url: String,
    /// What it says.
    pub description: Option<String>,
    /// The framework it stands in.
    pub framework: Option<String>,
    /// Its code in that framework.
    pub code: Option<String>,
    /// What it is: an [`AlignmentTargetType`](crate::ob::AlignmentTargetType).
    pub target_type: Option<String>,
}
