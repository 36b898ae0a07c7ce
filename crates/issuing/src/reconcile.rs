//! What a crash left half done is finished, with the bytes it would have had.

use chrono::TimeDelta;
use registry::Pending;

use crate::{IssuingError, Service};

/// How many intents are taken at a time.
const BATCH: u32 = 200;

impl Service {
    /// Signs what was recorded more than `age` ago and never signed, and looks at
    /// programmes that were left to be looked at. Returns how many credentials it
    /// issued. An intent that cannot be signed is logged and left; it does not
    /// stand in the way of the others.
    pub fn reconcile(&self, age: TimeDelta) -> Result<usize, IssuingError> {
        let mut issued = 0;
        loop {
            let pending = self.registry.pending_issuances(self.clock.now() - age, BATCH)?;
            let finished = self.finish_each(&pending)?;
            issued += finished;
            if finished == 0 || pending.len() < usize::try_from(BATCH).unwrap_or(usize::MAX) {
                break;
            }
        }
        let catalogue = self.catalogue()?;
        for job in self.registry.jobs_pending(BATCH)? {
            issued += self.award_programmes_of(&catalogue, job.learner_id)?.len();
            self.registry.jobs_done(&[job.award_id], self.clock.now())?;
        }
        Ok(issued)
    }

    /// All together; where that fails, one by one.
    fn finish_each(&self, pending: &[Pending]) -> Result<usize, IssuingError> {
        match self.finish(pending) {
            Ok(issued) => return Ok(issued.len()),
            Err(error) if error.is_temporary() => return Err(error),
            Err(_) => {}
        }
        let mut issued = 0;
        for one in pending {
            match self.finish(std::slice::from_ref(one)) {
                Ok(_) => issued += 1,
                Err(error) => tracing::error!(
                    credential.id = %one.credential_id(),
                    %error,
                    "a recorded credential cannot be signed"
                ),
            }
        }
        Ok(issued)
    }
}
