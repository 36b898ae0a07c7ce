//! A job comes in.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use model::{chance::Entropy, id::VerificationJobId};
use serde_json::Value;

use super::{
    place,
    record::{JobRow, VerificationJobRecord},
    sweep::gone,
};
use crate::{
    Registry, RegistryError,
    client_limits::hold,
    db::{each, stored},
    schema::{verification_job_groups, verification_jobs},
    sealing::{JOB_LINES, PersonKey},
};

/// A job to be received.
#[derive(Debug, Clone, PartialEq)]
pub struct NewVerificationJob<'a> {
    /// The job.
    pub id: VerificationJobId,
    /// The client that sends it.
    pub client: &'a str,
    /// How its credentials are to be checked; nothing about anybody.
    pub asked: &'a Value,
    /// The client's own name for this request.
    pub idempotency: Option<&'a str>,
    /// Until when it is being received; [`hold`](Registry::hold_verification_job) says so
    /// again.
    pub held_until: DateTime<Utc>,
    /// How many jobs of one client there may be.
    pub most: u32,
}

/// What came of beginning a job.
pub enum JobBegun {
    /// Its lines can be added.
    Begun(JobKey),
    /// There is one by the same idempotency key: whether its body is the same,
    /// [`Registry::is_body_of_verification_job`] tells.
    Known(Box<VerificationJobRecord>),
    /// The client has as many as it may have.
    TooMany,
}

/// Under what a job is sealed while it comes in.
#[derive(Clone)]
pub struct JobKey {
    job: String,
    key: PersonKey,
}

/// Lines that are to be checked together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewJobGroup<'a> {
    /// The number of the first line.
    pub first_line: u64,
    /// The number of the last.
    pub last_line: u64,
    /// How many there are.
    pub count: u64,
    /// The lines, in whatever form they are read again.
    pub lines: &'a str,
}

impl Registry {
    /// Begins to receive a job. Those of the client that nobody holds any more, because
    /// whoever received them died, are removed first.
    pub fn begin_verification_job(
        &self,
        job: &NewVerificationJob<'_>,
        now: DateTime<Utc>,
        entropy: &dyn Entropy,
    ) -> Result<JobBegun, RegistryError> {
        let id = job.id.to_string();
        let (key, row) = self.wrapping().fresh(&id, entropy)?;
        let name = job.idempotency.map(|name| self.job_name(job.client, name));
        let row = (
            verification_jobs::id.eq(&id),
            verification_jobs::client.eq(job.client),
            verification_jobs::state.eq("receiving"),
            verification_jobs::job_key.eq(row.sealed),
            verification_jobs::asked.eq(job.asked.to_string()),
            verification_jobs::idempotency_digest.eq(&name),
            verification_jobs::created_at.eq(stored(now)),
            verification_jobs::kept_until.eq(stored(job.held_until)),
        );
        self.write_over(|db| {
            hold(db, job.client)?;
            let given_up = verification_jobs::table
                .filter(verification_jobs::client.eq(job.client))
                .filter(verification_jobs::state.eq("receiving"))
                .filter(verification_jobs::kept_until.lt(stored(now)));
            diesel::update(given_up).set(gone(now)).execute(db)?;
            let present: i64 = verification_jobs::table
                .filter(verification_jobs::client.eq(job.client))
                .filter(verification_jobs::state.ne("removed"))
                .count()
                .get_result(db)?;
            let is_full = present >= i64::from(job.most);
            let written = if is_full {
                0
            } else {
                each!(db, connection => diesel::insert_into(verification_jobs::table)
                    .values(row)
                    .on_conflict_do_nothing()
                    .execute(connection))?
            };
            if written == 1 {
                return Ok(JobBegun::Begun(JobKey { job: id.clone(), key }));
            }
            let known: Option<JobRow> = verification_jobs::table
                .filter(verification_jobs::idempotency_digest.eq(&name))
                .select(JobRow::as_select())
                .first(db)
                .optional()?;
            known.map_or(Ok(JobBegun::TooMany), |known| Ok(JobBegun::Known(Box::new(known.read()?))))
        })
    }

    /// Says that a job is still being received until `until`; `false` when it is none any
    /// more, or others were free to take its place.
    pub fn hold_verification_job(
        &self,
        id: VerificationJobId,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<bool, RegistryError> {
        self.write_lightly(|db| {
            let received = verification_jobs::table
                .find(id.to_string())
                .filter(verification_jobs::state.eq("receiving"))
                .filter(verification_jobs::kept_until.ge(stored(now)));
            let held = verification_jobs::kept_until.eq(stored(until));
            Ok(diesel::update(received).set(held).execute(db)? == 1)
        })
    }

    /// Adds lines to a job that is being received; `false` when it is none any more.
    pub fn add_to_verification_job(
        &self,
        job: &JobKey,
        group: NewJobGroup<'_>,
        entropy: &dyn Entropy,
    ) -> Result<bool, RegistryError> {
        let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        let first = number(group.first_line);
        let sealed = job.key.seal(JOB_LINES, &place(&job.job, first), group.lines, entropy)?;
        let row = (
            verification_job_groups::job_id.eq(&job.job),
            verification_job_groups::first_line.eq(first),
            verification_job_groups::last_line.eq(number(group.last_line)),
            verification_job_groups::lines.eq(sealed),
        );
        // What accepts the job is durable, and this with it.
        self.write_lightly(|db| {
            let receiving =
                verification_jobs::table.find(&job.job).filter(verification_jobs::state.eq("receiving"));
            let counted = verification_jobs::counted.eq(verification_jobs::counted + number(group.count));
            if diesel::update(receiving).set(counted).execute(db)? == 0 {
                return Ok(false);
            }
            diesel::insert_into(verification_job_groups::table).values(row).execute(db)?;
            Ok(true)
        })
    }

    /// All of a job has come, with a body of this digest: from now on it is worked on.
    /// `false` when it is not being received.
    pub fn accept_verification_job(
        &self,
        id: VerificationJobId,
        body: &[u8; 32],
    ) -> Result<bool, RegistryError> {
        let digest = self.job_body(body);
        self.write(|db| {
            let receiving = verification_jobs::table
                .find(id.to_string())
                .filter(verification_jobs::state.eq("receiving"));
            let working = (
                verification_jobs::state.eq("working"),
                verification_jobs::body_digest.eq(digest),
                verification_jobs::kept_until.eq(None::<chrono::NaiveDateTime>),
            );
            Ok(diesel::update(receiving).set(working).execute(db)? == 1)
        })
    }

    /// Whether a job came with a body of this digest.
    pub fn is_body_of_verification_job(
        &self,
        id: VerificationJobId,
        body: &[u8; 32],
    ) -> Result<bool, RegistryError> {
        let found: Option<Option<String>> = self.read(|db| {
            Ok(verification_jobs::table
                .find(id.to_string())
                .select(verification_jobs::body_digest)
                .first(db)
                .optional()?)
        })?;
        Ok(found.flatten() == Some(self.job_body(body)))
    }

    fn job_name(&self, client: &str, name: &str) -> String {
        self.digests().text("verification job", &[client.as_bytes(), name.as_bytes()])
    }

    fn job_body(&self, body: &[u8; 32]) -> String {
        self.digests().text("verification job body", &[body])
    }
}
