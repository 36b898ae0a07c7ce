//! A provider's statement that a learner finished an achievement: the only
//! input that makes an award.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    cpd::Credit,
    id::{CompletionId, Slug},
    learner::StatedLearner,
};

/// How learning was delivered: provenance, never shown before the achievement
/// itself, since the certification is the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeliveryMode {
    /// Online, in the learner's own time or live.
    Online,
    /// In a room.
    FaceToFace,
    /// Both.
    Blended,
}

/// One result, as OB 3.0 `Result` takes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StatedResult {
    /// What was measured, such as `Assessment`.
    pub name: String,
    /// The value reached.
    pub value: String,
    /// OB 3.0 `ResultType`, such as `Percent`.
    pub result_type: String,
}

/// One piece of evidence, as OB 3.0 `Evidence` takes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StatedEvidence {
    /// Where it can be seen: an https URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub narrative: Option<String>,
}

/// A completion whose every field is well formed. Whether the achievement
/// exists and the provider may award it is for `issuing` to say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Completion {
    /// Who.
    pub learner: StatedLearner,
    /// The achievement's short name in the catalogue.
    pub achievement: Slug,
    /// When it was finished.
    pub completed_at: DateTime<Utc>,
    /// First day of the learning.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_on: Option<NaiveDate>,
    /// How it was delivered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery_mode: Option<DeliveryMode>,
    /// What was measured.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub results: Vec<StatedResult>,
    /// Credit earned, where it differs from what the achievement carries.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credit: Option<Credit>,
    /// What shows it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<StatedEvidence>,
    /// The cohort, as the provider names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cohort: Option<String>,
    /// The provider's own reference: unique among its completions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}

/// Which of a provider's completions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WhichCompletion {
    /// The one that answers to this reference of the provider's.
    Reference(String),
    /// The one with this id.
    Id(CompletionId),
}

/// What a provider takes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatedWithdrawal {
    /// Which completion.
    pub which: WhichCompletion,
    /// Why, in the provider's words; how long it may be, whoever records it says.
    pub reason: String,
}
