//! A job goes: its key at once, the rest in parts.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use model::id::VerificationJobId;

use crate::{
    Registry, RegistryError,
    db::stored,
    schema::{verification_job_groups, verification_jobs},
};

/// Groups that one transaction deletes: others wait for it.
const AT_ONCE: i64 = 200;

/// What a job is once nobody may read anything of it again; the rest is swept.
#[derive(AsChangeset)]
#[diesel(table_name = verification_jobs, treat_none_as_null = true)]
pub(super) struct Gone {
    state: &'static str,
    job_key: Option<Vec<u8>>,
    idempotency_digest: Option<String>,
    kept_until: Option<NaiveDateTime>,
}

pub(super) fn gone(now: DateTime<Utc>) -> Gone {
    Gone { state: "removed", job_key: None, idempotency_digest: None, kept_until: Some(stored(now)) }
}

impl Registry {
    /// Removes a job, finished or not; nobody reads anything of it again. `false` when there
    /// is none.
    pub fn remove_verification_job(
        &self,
        id: VerificationJobId,
        now: DateTime<Utc>,
    ) -> Result<bool, RegistryError> {
        let id = id.to_string();
        let removed = self.write_over(|db| {
            let present = verification_jobs::table.find(&id).filter(verification_jobs::state.ne("removed"));
            Ok(diesel::update(present).set(gone(now)).execute(db)? == 1)
        })?;
        if removed {
            self.delete_removed(&id)?;
        }
        Ok(removed)
    }

    /// Removes the jobs that were kept long enough, and those that nobody receives any more; gives their number.
    pub fn sweep_verification_jobs(&self, now: DateTime<Utc>) -> Result<usize, RegistryError> {
        let over: Vec<String> = self.read(|db| {
            Ok(verification_jobs::table
                .filter(verification_jobs::kept_until.lt(stored(now)))
                .select(verification_jobs::id)
                .load(db)?)
        })?;
        for id in &over {
            let job = id.parse().map_err(|error| RegistryError::corrupt("verification_jobs", id, error))?;
            // What was removed before, and not deleted to the end.
            if !self.remove_verification_job(job, now)? {
                self.delete_removed(id)?;
            }
        }
        Ok(over.len())
    }

    fn delete_removed(&self, id: &str) -> Result<(), RegistryError> {
        let rest = verification_job_groups::table.filter(verification_job_groups::job_id.eq(id));
        loop {
            let deleted = self.write_lightly(|db| {
                let lines: Vec<i64> =
                    rest.limit(AT_ONCE).select(verification_job_groups::first_line).load(db)?;
                let some = rest.filter(verification_job_groups::first_line.eq_any(&lines));
                Ok(diesel::delete(some).execute(db)?)
            })?;
            if deleted == 0 {
                break;
            }
        }
        self.write(|db| {
            let removed = verification_jobs::table.find(id).filter(verification_jobs::state.eq("removed"));
            diesel::delete(removed).execute(db)?;
            Ok(())
        })
    }
}
