//! How far a job is.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use model::id::VerificationJobId;
use serde_json::Value;

use crate::{
    Registry, RegistryError,
    error::{parsed, parsed_json},
    schema::verification_jobs,
};

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobState {
    /// It is still being sent.
    Receiving,
    /// It has come whole, and something of it is still to be checked.
    Working,
    /// All of it is checked.
    Done,
}

/// What became of lines, by number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct JobTally {
    /// Credentials that are good.
    pub valid: u64,
    /// Credentials that are not.
    pub invalid: u64,
    /// Credentials of which something necessary could not be checked.
    pub undetermined: u64,
    /// Lines that name no credential.
    pub unreadable: u64,
}

impl JobTally {
    /// How many lines these are.
    pub fn sum(&self) -> u64 {
        self.valid + self.invalid + self.undetermined + self.unreadable
    }
}

/// A job.
#[derive(Debug, Clone, PartialEq)]
pub struct VerificationJobRecord {
    /// The job.
    pub id: VerificationJobId,
    /// The client whose it is.
    pub client: String,
    /// Where it stands.
    pub state: JobState,
    /// How its credentials are checked.
    pub asked: Value,
    /// When it was begun.
    pub created: DateTime<Utc>,
    /// When the last of it was checked.
    pub finished: Option<DateTime<Utc>>,
    /// When it is deleted; not known while something is still to be checked.
    pub kept_until: Option<DateTime<Utc>>,
    /// How many lines it has.
    pub counted: u64,
    /// What became of those that were checked.
    pub tally: JobTally,
}

impl Registry {
    /// A job that was not removed.
    pub fn verification_job(
        &self,
        id: VerificationJobId,
    ) -> Result<Option<VerificationJobRecord>, RegistryError> {
        let row: Option<JobRow> = self.read(|db| {
            Ok(verification_jobs::table
                .find(id.to_string())
                .filter(verification_jobs::state.ne("removed"))
                .select(JobRow::as_select())
                .first(db)
                .optional()?)
        })?;
        row.map(JobRow::read).transpose()
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = verification_jobs)]
pub(super) struct JobRow {
    id: String,
    client: String,
    state: String,
    asked: String,
    created_at: NaiveDateTime,
    finished_at: Option<NaiveDateTime>,
    kept_until: Option<NaiveDateTime>,
    counted: i64,
    valid: i64,
    invalid: i64,
    undetermined: i64,
    unreadable: i64,
}

impl JobRow {
    pub(super) fn read(self) -> Result<VerificationJobRecord, RegistryError> {
        let Self { id, state, .. } = self;
        let number = |column: i64| u64::try_from(column).unwrap_or_default();
        Ok(VerificationJobRecord {
            client: self.client,
            state: match state.as_str() {
                "receiving" => JobState::Receiving,
                "working" => JobState::Working,
                "done" => JobState::Done,
                other => return Err(RegistryError::corrupt("verification_jobs", &id, other)),
            },
            asked: parsed_json("verification_jobs", &id, &self.asked)?,
            created: self.created_at.and_utc(),
            finished: self.finished_at.map(|at| at.and_utc()),
            kept_until: self.kept_until.map(|at| at.and_utc()),
            counted: number(self.counted),
            tally: JobTally {
                valid: number(self.valid),
                invalid: number(self.invalid),
                undetermined: number(self.undetermined),
                unreadable: number(self.unreadable),
            },
            id: parsed("verification_jobs", &id, &id)?,
        })
    }
}
