//! Core skills as a staff passport asks for them and sends them, with the metadata that it
//! keeps of every claim.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{id::Slug, learner::Identifier};

/// The most core skills that are sent at once.
pub const MOST_CORE_SKILLS: usize = 100;

/// What a passport keeps of a claim, by its own names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ClaimMetadata {
    /// The system that holds the record.
    pub origin: String,
    /// The rules by which the record was made.
    pub assurance_policy: String,
    /// What came of them.
    pub assurance_outcome: String,
    /// Who delivered the learning.
    pub provider: String,
    /// Who vouches for the record.
    pub verifier: String,
    /// How that can be checked.
    pub verification_method: String,
    /// By which way it came.
    pub pedigree: String,
    /// When it was last looked at, at its origin as far as is known: RFC 3339.
    pub last_refresh: String,
    /// What names the record at its origin.
    pub unique_identifier: String,
}

/// A core skill as another system sends it. `claim.unique_identifier` is the sender's
/// reference: sent again, it is the same one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StatedCoreSkill {
    /// The subject, by its short name in the catalogue.
    pub subject: Slug,
    /// When the training was finished.
    pub completed_on: NaiveDate,
    /// The last day on which it counts as current.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_on: Option<NaiveDate>,
    /// What the sender says of the claim.
    pub claim: ClaimMetadata,
}

/// What a system asks or sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoreSkillsAsk {
    /// Who it is about; each of them must be that person's.
    pub identifiers: Vec<Identifier>,
    /// What it is for.
    pub purpose: Slug,
    /// The subjects that are asked for; all if there are none.
    pub subjects: Vec<Slug>,
    /// What is sent; nothing if it is a question.
    pub skills: Vec<StatedCoreSkill>,
}

impl CoreSkillsAsk {
    /// Who is reached for, what for, and in which subjects.
    pub fn tried(&self) -> CoreSkillsTried {
        let sent = self.skills.iter().map(|one| one.subject.clone());
        CoreSkillsTried {
            identifiers: self.identifiers.clone(),
            purpose: Some(self.purpose.clone()),
            subjects: if self.skills.is_empty() { self.subjects.clone() } else { sent.collect() },
        }
    }
}

/// As much of what a system asks or sends as can be read, whatever is wrong with the rest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CoreSkillsTried {
    /// Who it is about, as far as that can be read.
    pub identifiers: Vec<Identifier>,
    /// What it is for.
    pub purpose: Option<Slug>,
    /// The subjects that are asked for, or of what is sent.
    pub subjects: Vec<Slug>,
}

/// A holder's consent as it is recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatedConsent {
    /// The client that may.
    pub client: String,
    /// For what alone.
    pub purpose: Slug,
    /// Whether it may read core skills.
    pub reads: bool,
    /// Whether it may send some.
    pub writes: bool,
    /// The subjects; all if there are none.
    pub subjects: Vec<Slug>,
    /// Until when.
    pub until: DateTime<Utc>,
}
