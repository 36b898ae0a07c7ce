//! Lists of credentials that are checked while the client that sent them does something
//! else: received line by line, worked off group by group, read in order, swept.

mod receive;
mod record;
mod results;
mod sweep;
mod work;

pub use receive::{JobBegun, JobKey, NewJobGroup, NewVerificationJob};
pub use record::{JobState, JobTally, VerificationJobRecord};
pub use results::JobResults;
pub use work::{Found, JobGroup};

use crate::{Registry, RegistryError, schema::PersonKeyRow, sealing::PersonKey};

/// Under what a job's groups are sealed: the names of the row.
fn place(job: &str, first_line: i64) -> String {
    format!("{job}/{first_line}")
}

impl Registry {
    fn job_key(&self, job: &str, sealed: Vec<u8>) -> Result<PersonKey, RegistryError> {
        self.wrapping().open(&PersonKeyRow { learner_id: job.to_owned(), sealed })
    }
}
