//! Learners as the registry knows them.
use chrono::{DateTime, Utc};
use model::{
    cpd::Credit,
    id::{AwardId, CredentialId, LearnerId, Slug, SubjectId},
    learner::StatedLearner,
};

use crate::{CredentialState, Registry, RegistryError};

/// A learner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LearnerRecord {
    /// The learner; never published.
    pub id: LearnerId,
    /// The pseudonym by which badges name them.
    pub subject_id: SubjectId,
    /// The latest name, and every identifier that was stated.
    pub stated: StatedLearner,
    /// When they were first stated.
    pub created: DateTime<Utc>,
}

/// One award of a learner whose credential is issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwardSummary {
    /// The award.
    pub award_id: AwardId,
    /// Its credential.
    pub credential_id: CredentialId,
    /// The achievement.
    pub achievement: Slug,
    /// Its version.
    pub achievement_version: String,
    /// Who delivered the learning.
    pub provider: Slug,
    /// When the learning was finished.
    pub awarded_at: DateTime<Utc>,
    /// The credit earned.
    pub credit: Credit,
    /// Whether the credential stands.
    pub state: CredentialState,
    /// The programmes in which the award already counts.
    pub counted_in: Vec<Slug>,
}

impl Registry {
    /// A learner.
    pub fn learner(&self, id: LearnerId) -> Result<Option<LearnerRecord>, RegistryError> {
        let _ = id;
        todo!()
    }

    /// The learner's awards whose credentials are issued or revoked, oldest first.
    pub fn awards_of(&self, learner: LearnerId) -> Result<Vec<AwardSummary>, RegistryError> {
        let _ = learner;
        todo!()
    }
}
