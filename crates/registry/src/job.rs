//! Work that a transaction leaves to be done after it.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use model::{
    id::{AwardId, LearnerId, Slug},
    programme::Earned,
};

use crate::{AwardSummary, Registry, RegistryError, db::stored, error::parsed, schema::jobs};

/// What the rules of programmes say of what somebody has earned. The second transaction of
/// an issuance asks them, so that a job is written only where there is something to do.
pub trait Rules {
    /// Whether any programme counts awards of this achievement.
    fn concern(&self, achievement: &Slug) -> bool;
    /// Whether somebody may satisfy a programme of whose awards nothing is known but what was
    /// achieved, when, and with what credit; asked first, because more takes long to find out.
    /// It is never no where [`are_satisfied`](Self::are_satisfied) is yes.
    fn may_be_satisfied(&self, earned: &[Earned]) -> bool;
    /// Whether who holds these awards satisfies a programme that they have no award of.
    fn are_satisfied(&self, held: &[AwardSummary]) -> bool;
}

/// When the rules are not known: every award leaves a job.
#[derive(Debug, Clone, Copy)]
pub struct Unknown;

impl Rules for Unknown {
    fn concern(&self, _: &Slug) -> bool {
        true
    }

    fn may_be_satisfied(&self, _: &[Earned]) -> bool {
        true
    }

    fn are_satisfied(&self, _: &[AwardSummary]) -> bool {
        true
    }
}

/// A learner who may be due an award of a programme because of an award.
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
        let rows: Vec<(String, String, NaiveDateTime)> = self.read(|db| {
            Ok(jobs::table
                .filter(jobs::done_at.is_null())
                .order((jobs::created_at, jobs::award_id))
                .limit(i64::from(limit))
                .select((jobs::award_id, jobs::learner_id, jobs::created_at))
                .load(db)?)
        })?;
        let job = |(award, learner, created): (String, String, NaiveDateTime)| {
            Ok(Job {
                award_id: parsed("jobs", &award, &award)?,
                learner_id: parsed("jobs", &award, &learner)?,
                created: created.and_utc(),
            })
        };
        rows.into_iter().map(job).collect()
    }

    /// Marks evaluations done; repeating it changes nothing.
    pub fn jobs_done(&self, awards: &[AwardId], now: DateTime<Utc>) -> Result<(), RegistryError> {
        if awards.is_empty() {
            return Ok(());
        }
        let awards: Vec<String> = awards.iter().map(ToString::to_string).collect();
        self.write_lightly(|db| {
            for awards in awards.chunks(MARKED_AT_ONCE) {
                let waiting = jobs::table.filter(jobs::award_id.eq_any(awards).and(jobs::done_at.is_null()));
                diesel::update(waiting).set(jobs::done_at.eq(stored(now))).execute(db)?;
            }
            Ok(())
        })
    }
}

/// How many jobs one statement marks.
const MARKED_AT_ONCE: usize = 1000;
