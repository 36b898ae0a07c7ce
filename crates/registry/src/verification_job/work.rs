//! A job is worked off.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::{dsl::exists, prelude::*, select};
use model::{chance::Entropy, id::VerificationJobId};
use serde_json::Value;

use super::{place, record::JobTally};
use crate::{
    Registry, RegistryError,
    db::stored,
    error::{parsed, parsed_json},
    schema::{verification_job_groups, verification_jobs},
    sealing::{self, JOB_LINES, JOB_RESULTS, PersonKey},
    usage::{self, Usage},
};

/// Lines that are to be checked now.
pub struct JobGroup {
    job: String,
    key: PersonKey,
    first_line: i64,
    last_line: i64,
    /// The client whose they are.
    pub client: String,
    /// How they are checked.
    pub asked: Value,
    /// The lines, as they were added.
    pub lines: String,
    /// How many processes took them on before and did not finish them, and how often it was
    /// for a reason that lies with them.
    pub tries: u32,
}

impl JobGroup {
    /// The number of the first line, which names the group in its job.
    pub fn name(&self) -> i64 {
        self.first_line
    }

    /// The numbers of its first and its last line.
    pub fn span(&self) -> (i64, i64) {
        (self.first_line, self.last_line)
    }
}

/// What was found of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found<'a> {
    /// A result a line, in the order of the lines.
    pub results: &'a str,
    /// What they come to.
    pub tally: JobTally,
}

impl Registry {
    /// Takes the jobs that nobody works on, and keeps those of `worker`, until `until`;
    /// gives all that it then has with their clients, oldest first. Whoever dies loses them
    /// by the clock. Nothing rests on that but that work is not done twice.
    pub fn lease_verification_jobs(
        &self,
        worker: &str,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Vec<(VerificationJobId, String)>, RegistryError> {
        let working = verification_jobs::table.filter(verification_jobs::state.eq("working"));
        let any: i64 = self.read(|db| Ok(working.count().get_result(db)?))?;
        if any == 0 {
            return Ok(Vec::new());
        }
        let free = verification_jobs::leased_by
            .is_null()
            .or(verification_jobs::leased_by.eq(worker))
            .or(verification_jobs::leased_until.lt(stored(now)));
        let lease =
            (verification_jobs::leased_by.eq(worker), verification_jobs::leased_until.eq(stored(until)));
        let rows: Vec<(String, String)> = self.write_lightly(|db| {
            diesel::update(working.filter(free.assume_not_null())).set(lease).execute(db)?;
            Ok(working
                .filter(verification_jobs::leased_by.eq(worker))
                .order((verification_jobs::created_at, verification_jobs::id))
                .select((verification_jobs::id, verification_jobs::client))
                .load(db)?)
        })?;
        let job = |(id, client): (String, String)| Ok((parsed("verification_jobs", &id, &id)?, client));
        rows.into_iter().map(job).collect()
    }

    /// Takes on the first group of a job that is neither checked nor among `besides`. That a
    /// worker takes it on again counts as nothing: it ended no process.
    pub fn next_verification_group(
        &self,
        id: VerificationJobId,
        besides: &[i64],
        worker: &str,
    ) -> Result<Option<JobGroup>, RegistryError> {
        type Columns = (i64, i64, i32, Option<String>, Option<String>, String, String, Option<Vec<u8>>);
        let job = id.to_string();
        let found: Option<Columns> = self.write_lightly(|db| {
            let found: Option<Columns> = verification_job_groups::table
                .inner_join(verification_jobs::table)
                .filter(verification_job_groups::job_id.eq(&job))
                .filter(verification_job_groups::results.is_null())
                .filter(verification_job_groups::first_line.ne_all(besides))
                .filter(verification_jobs::state.eq("working"))
                .order(verification_job_groups::first_line)
                .select((
                    verification_job_groups::first_line,
                    verification_job_groups::last_line,
                    verification_job_groups::tries,
                    verification_job_groups::taken_by,
                    verification_job_groups::lines,
                    verification_jobs::client,
                    verification_jobs::asked,
                    verification_jobs::job_key,
                ))
                .first(db)
                .optional()?;
            if let Some((first_line, _, _, taken_by, ..)) = &found
                && taken_by.as_deref() != Some(worker)
            {
                let group = verification_job_groups::table.find((&job, first_line));
                let again = (
                    verification_job_groups::tries.eq(verification_job_groups::tries + 1),
                    verification_job_groups::taken_by.eq(worker),
                );
                diesel::update(group).set(again).execute(db)?;
            }
            Ok(found)
        })?;
        let Some((first_line, last_line, tries, taken_by, Some(lines), client, asked, Some(sealed))) = found
        else {
            return Ok(None);
        };
        let key = self.job_key(&job, sealed)?;
        let lines = sealing::read(Some(&key), JOB_LINES, &place(&job, first_line), &lines)?.into_owned();
        let asked = parsed_json("verification_jobs", &job, &asked)?;
        // The present worker, where it had them before, is none of those that did not finish.
        let own = u32::from(taken_by.as_deref() == Some(worker));
        let tries = tries.unsigned_abs().saturating_sub(own);
        Ok(Some(JobGroup { job, key, first_line, last_line, client, asked, lines, tries }))
    }

    /// Takes back that a worker took a group on, which it could not finish for a reason that
    /// does not lie with the group.
    pub fn spare_verification_group(
        &self,
        job: VerificationJobId,
        name: i64,
        worker: &str,
    ) -> Result<(), RegistryError> {
        let group = verification_job_groups::table.find((job.to_string(), name));
        let tries = || verification_job_groups::tries.eq(verification_job_groups::tries - 1);
        self.write_lightly(|db| {
            let own = group.clone().filter(verification_job_groups::taken_by.eq(worker));
            let nobody = verification_job_groups::taken_by.eq(None::<String>);
            if diesel::update(own).set((tries(), nobody)).execute(db)? == 0 {
                // Another has it by now.
                let other = group.filter(verification_job_groups::tries.gt(0));
                diesel::update(other).set(tries()).execute(db)?;
            }
            Ok(())
        })
    }

    /// Counts a failure to check a group whose reason lies with the group.
    pub fn blame_verification_group(&self, job: VerificationJobId, name: i64) -> Result<(), RegistryError> {
        let group = verification_job_groups::table.find((job.to_string(), name));
        let again = verification_job_groups::tries.eq(verification_job_groups::tries + 1);
        self.write_lightly(|db| Ok(diesel::update(group).set(again).execute(db).map(drop)?))
    }

    /// Puts what was found of a group in the place of its lines. The last of a job's ends
    /// it, and it is kept for `keep` from then on; rows that no group's sum holds, because
    /// its lines were lost, then count as unreadable. What they come to is added to what the
    /// client asked on the day of `now`. `false`, and nothing changes, when the
    /// group was finished before or its job was removed.
    pub fn finish_verification_group(
        &self,
        group: &JobGroup,
        found: Found<'_>,
        keep: TimeDelta,
        now: DateTime<Utc>,
        entropy: &dyn Entropy,
    ) -> Result<bool, RegistryError> {
        let place = place(&group.job, group.first_line);
        let sealed = group.key.seal(JOB_RESULTS, &place, found.results, entropy)?;
        let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        let JobTally { valid, invalid, undetermined, unreadable } = found.tally;
        // Lost with the power it is done once more.
        self.write_lightly(|db| {
            let working =
                verification_jobs::table.find(&group.job).filter(verification_jobs::state.eq("working"));
            // Before the group, so that two groups at once wait for each other in one order
            // with whoever removes the job.
            let kept = verification_jobs::leased_by.eq(verification_jobs::leased_by);
            if diesel::update(working).set(kept).execute(db)? == 0 {
                return Ok(false);
            }
            let open = verification_job_groups::table
                .find((&group.job, group.first_line))
                .filter(verification_job_groups::results.is_null());
            let replaced = (
                verification_job_groups::lines.eq(None::<String>),
                verification_job_groups::results.eq(sealed),
            );
            if diesel::update(open).set(replaced).execute(db)? == 0 {
                return Ok(false);
            }
            let sums = (
                verification_jobs::valid.eq(verification_jobs::valid + number(valid)),
                verification_jobs::invalid.eq(verification_jobs::invalid + number(invalid)),
                verification_jobs::undetermined.eq(verification_jobs::undetermined + number(undetermined)),
                verification_jobs::unreadable.eq(verification_jobs::unreadable + number(unreadable)),
            );
            diesel::update(working).set(sums).execute(db)?;
            let left = verification_job_groups::table
                .filter(verification_job_groups::job_id.eq(&group.job))
                .filter(verification_job_groups::results.is_null());
            if !select(exists(left)).get_result(db)? {
                let judged =
                    verification_jobs::valid + verification_jobs::invalid + verification_jobs::undetermined;
                let end = (
                    verification_jobs::state.eq("done"),
                    verification_jobs::unreadable.eq(verification_jobs::counted - judged),
                    verification_jobs::finished_at.eq(stored(now)),
                    verification_jobs::kept_until.eq(stored(now + keep)),
                );
                diesel::update(working).set(end).execute(db)?;
            }
            let asked = Usage { requests: 0, valid, invalid, undetermined, unreadable };
            usage::add(db, &group.client, now.date_naive(), asked)?;
            Ok(true)
        })
    }
}
