//! Work that a transaction leaves to be done after it.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use model::id::{AwardId, LearnerId};

use crate::{Registry, RegistryError, db::stored, error::parsed, schema::jobs};

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
