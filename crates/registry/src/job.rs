//! Work that a transaction leaves to be done after it.
use chrono::{DateTime, Utc};
use model::id::{AwardId, LearnerId};

use crate::{Registry, RegistryError};

/// A learner whose programmes are to be evaluated because of an award.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// The award that gives cause; names the job.
    pub award_id: AwardId,
    /// The learner.
    pub learner_id: LearnerId,
    /// When the job was written.
    pub created: DateTime<Utc>,
}

impl Registry {
    /// Programme evaluations that wait, oldest first.
    pub fn jobs_pending(&self, limit: u32) -> Result<Vec<Job>, RegistryError> {
        let _ = limit;
        todo!()
    }

    /// Marks evaluations done; repeating it changes nothing.
    pub fn jobs_done(&self, awards: &[AwardId], now: DateTime<Utc>) -> Result<(), RegistryError> {
        let _ = (awards, now);
        todo!()
    }
}
