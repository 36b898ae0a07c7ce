//! What is sent for a job is kept as it comes in.

use std::time::{Duration, Instant};

use actix_web::{rt::time::timeout, web};
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::StreamExt as _;
use model::{
    id::VerificationJobId,
    rows::{Row, RowReader, ToCheck},
};
use registry::{JobKey, NewJobGroup};
use sha2::{Digest as _, Sha256};

use super::{
    super::batch::{GROUP, ROWS},
    stored::KeptRow,
};
use crate::{
    blocking,
    problem::{Problem, table},
    state::AppState,
};

/// How long a process that has died keeps others from taking in the same job.
pub const HELD: TimeDelta = TimeDelta::seconds(15);
/// How often it is said that the job is still coming in.
const BEAT: Duration = Duration::from_secs(3);
/// How long it may take until all of a job has come.
const UPLOAD: TimeDelta = TimeDelta::hours(1);
/// Bytes of lines that are kept together, where they are long.
const GROUP_BYTES: usize = 512 * 1024;

/// A job that is coming in.
pub struct Intake {
    state: web::Data<AppState>,
    id: VerificationJobId,
    job: JobKey,
    /// When all of it must have come.
    ends: DateTime<Utc>,
    beat: Instant,
    waiting: Vec<KeptRow>,
    bytes: usize,
    is_any: bool,
}

impl Intake {
    /// Of a job that was begun just now.
    pub fn new(state: web::Data<AppState>, id: VerificationJobId, job: JobKey) -> Self {
        let ends = state.clock.now() + UPLOAD;
        Self { state, id, job, ends, beat: Instant::now(), waiting: Vec::new(), bytes: 0, is_any: false }
    }

    /// Takes in the whole body and accepts the job.
    pub async fn take_in(
        mut self,
        mut payload: web::Payload,
        mut reader: RowReader<ToCheck>,
        mut read: Sha256,
    ) -> Result<(), Problem> {
        let (mut bytes, limit) = (0_usize, self.state.limits.job);
        while let Some(piece) = self.next(&mut payload).await? {
            bytes = bytes.saturating_add(piece.len());
            if bytes > limit {
                return Err(too_large(limit));
            }
            read.update(&piece);
            self.take(reader.push(&piece)).await?;
        }
        self.take(reader.finish()).await?;
        self.keep().await?;
        if !self.is_any {
            let detail = model::field::FieldError::new("", "empty", "there is no row", "one row or more");
            return Err(Problem::invalid(vec![detail]));
        }
        let (id, digest): (_, [u8; 32]) = (self.id, read.finalize().into());
        let accepted =
            blocking::registry(&self.state, move |registry| registry.accept_verification_job(id, &digest));
        if accepted.await? { Ok(()) } else { Err(gone()) }
    }

    /// The next piece of the body. Meanwhile it is said that the job is still coming in,
    /// also where its sender takes long.
    async fn next(&mut self, payload: &mut web::Payload) -> Result<Option<Bytes>, Problem> {
        loop {
            if self.beat.elapsed() >= BEAT {
                self.hold().await?;
            }
            if let Ok(piece) = timeout(BEAT, payload.next()).await {
                return piece.transpose().map_err(|error| broke_off(&error));
            }
        }
    }

    async fn hold(&mut self) -> Result<(), Problem> {
        let (id, now) = (self.id, self.state.clock.now());
        let until = self.ends.min(now + HELD);
        let held =
            blocking::registry(&self.state, move |registry| registry.hold_verification_job(id, now, until));
        self.beat = Instant::now();
        // A database that does not answer is no reason to give up while nothing is to be kept.
        if let Ok(false) = held.await { Err(gone()) } else { Ok(()) }
    }

    async fn take(&mut self, rows: Vec<Row<ToCheck>>) -> Result<(), Problem> {
        for row in rows {
            if row.number > ROWS {
                let detail = format!("A job has at most {ROWS} rows; send the rest in another.");
                return Err(Problem::new(&table::TOO_LARGE, detail));
            }
            let row = match row {
                // Of the whole list, not of a row.
                Row { number: 0, result: Err(errors), .. } => return Err(Problem::invalid(errors)),
                row => row,
            };
            let line = KeptRow::of(row, |errors| Problem::invalid(errors).document(&self.state.site, ""));
            self.bytes += line.size();
            self.waiting.push(line);
            if self.waiting.len() >= GROUP || self.bytes >= GROUP_BYTES {
                self.keep().await?;
            }
        }
        Ok(())
    }

    /// Keeps the lines that wait.
    async fn keep(&mut self) -> Result<(), Problem> {
        let lines = std::mem::take(&mut self.waiting);
        self.bytes = 0;
        let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return Ok(()) };
        let (first_line, last_line) = (first.line, last.line);
        self.is_any = true;
        let job = self.job.clone();
        let kept = blocking::run(&self.state, move |state| {
            let text = serde_json::to_string(&lines).map_err(|error| Problem::internal(&error))?;
            let count = u64::try_from(lines.len()).unwrap_or(u64::MAX);
            let group = NewJobGroup { first_line, last_line, count, lines: &text };
            Ok(state.registry.add_to_verification_job(&job, group, state.entropy.as_ref())?)
        });
        if kept.await? { Ok(()) } else { Err(gone()) }
    }
}

pub fn broke_off(error: &actix_web::error::PayloadError) -> Problem {
    Problem::malformed(format!("The body broke off: {error}."))
}

pub fn too_large(limit: usize) -> Problem {
    Problem::new(&table::TOO_LARGE, format!("A job is at most {limit} bytes; send the rest in another."))
}

fn gone() -> Problem {
    Problem::new(
        &table::TIMEOUT,
        "The job was deleted, took longer than an hour to be sent, or seemed to be given up.",
    )
}
