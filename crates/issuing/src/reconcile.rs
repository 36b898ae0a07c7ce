//! What a crash left half done is finished, with the bytes it would have had.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};

use crate::{IssuingError, Service};

/// How many intents or jobs are taken at a time.
const BATCH: u32 = 200;

impl Service {
    /// Signs what was recorded `age` ago or more and never signed, and looks at
    /// programmes that were left to be looked at. Returns how many credentials it
    /// issued. What cannot be done is logged and left; it does not stand in the
    /// way of the rest.
    pub fn reconcile(&self, age: TimeDelta) -> Result<usize, IssuingError> {
        let older_than = self.clock.now() - age;
        Ok(self.sign_left_behind(older_than)? + self.award_left_behind(older_than)?)
    }

    fn sign_left_behind(&self, older_than: DateTime<Utc>) -> Result<usize, IssuingError> {
        let mut issued = 0;
        let mut stuck = HashSet::new();
        loop {
            // The oldest come first, and what is stuck stays among them.
            let mut pending = self.registry.pending_issuances(older_than, BATCH + count(&stuck))?;
            pending.retain(|one| !stuck.contains(&one.credential_id()));
            if pending.is_empty() {
                return Ok(issued);
            }
            for (id, finished) in self.finish(&pending.iter().collect::<Vec<_>>()).issued {
                match finished {
                    Ok(_) => issued += 1,
                    Err(error) => {
                        tracing::error!(credential.id = %id, %error, "a recorded credential cannot be issued");
                        stuck.insert(id);
                    }
                }
            }
        }
    }

    fn award_left_behind(&self, older_than: DateTime<Utc>) -> Result<usize, IssuingError> {
        let catalogue = self.catalogue()?;
        let mut issued = 0;
        let mut stuck = HashSet::new();
        loop {
            let mut jobs = self.registry.jobs_pending(BATCH + count(&stuck))?;
            // Younger ones belong to requests that are still at work.
            jobs.retain(|job| job.created <= older_than && !stuck.contains(&job.award_id));
            if jobs.is_empty() {
                return Ok(issued);
            }
            let learners = jobs.iter().map(|job| job.learner_id).collect();
            let earned: HashMap<_, _> = self.award_programmes_of(&catalogue, &learners).into_iter().collect();
            issued += earned.values().flatten().map(Vec::len).sum::<usize>();
            let mut done = Vec::with_capacity(jobs.len());
            for job in jobs {
                match earned.get(&job.learner_id) {
                    Some(Err(error)) => {
                        tracing::error!(award.id = %job.award_id, %error, "programmes cannot be evaluated");
                        stuck.insert(job.award_id);
                    }
                    _ => done.push(job.award_id),
                }
            }
            self.registry.jobs_done(&done, self.clock.now())?;
        }
    }
}

fn count<T>(stuck: &HashSet<T>) -> u32 {
    u32::try_from(stuck.len()).unwrap_or(u32::MAX - BATCH)
}
