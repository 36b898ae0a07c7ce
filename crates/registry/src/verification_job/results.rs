//! What was found is read, in the order of the lines.

use diesel::prelude::*;
use model::id::VerificationJobId;

use super::place;
use crate::{
    Registry, RegistryError,
    schema::{verification_job_groups, verification_jobs},
    sealing::{self, JOB_RESULTS},
};

/// What comes after a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobResults {
    /// The results of a group, and the number of its last line.
    Group(String, u64),
    /// The lines that come next are not checked yet.
    Waiting,
    /// Nothing.
    End,
    /// The job was removed.
    Removed,
}

impl Registry {
    /// The results of the group that holds the first line after `after`.
    pub fn verification_results(
        &self,
        id: VerificationJobId,
        after: u64,
    ) -> Result<JobResults, RegistryError> {
        type Group = (i64, i64, Option<String>);
        let job = id.to_string();
        let after = i64::try_from(after).unwrap_or(i64::MAX);
        let found: Option<(Vec<u8>, Option<Group>)> = self.snapshot(|db| {
            let key: Option<Option<Vec<u8>>> = verification_jobs::table
                .find(&job)
                .select(verification_jobs::job_key)
                .first(db)
                .optional()?;
            let Some(key) = key.flatten() else { return Ok(None) };
            let group = verification_job_groups::table
                .filter(verification_job_groups::job_id.eq(&job))
                .filter(verification_job_groups::last_line.gt(after))
                .order(verification_job_groups::first_line)
                .select((
                    verification_job_groups::first_line,
                    verification_job_groups::last_line,
                    verification_job_groups::results,
                ))
                .first(db)
                .optional()?;
            Ok(Some((key, group)))
        })?;
        Ok(match found {
            None => JobResults::Removed,
            Some((_, None)) => JobResults::End,
            Some((_, Some((.., None)))) => JobResults::Waiting,
            Some((key, Some((first, last, Some(results))))) => {
                let key = self.job_key(&job, key)?;
                let text = sealing::read(Some(&key), JOB_RESULTS, &place(&job, first), &results)?;
                JobResults::Group(text.into_owned(), u64::try_from(last).unwrap_or_default())
            }
        })
    }
}
