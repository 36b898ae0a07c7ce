//! The last steps of verifications that run at the same time, made together.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::{Begun, ProofError, conclude};

/// Verifications that have come to their last step.
#[derive(Default)]
pub struct Ends(Mutex<Vec<Arc<End>>>);

/// A verification's last step.
struct End {
    begun: Begun,
    answer: OnceLock<Result<(), ProofError>>,
}

/// A last step that will be made with others.
#[must_use = "what is due is not verified"]
pub struct Due(Arc<End>);

impl Ends {
    /// Leaves the last step to whoever asks next for an answer.
    pub fn add(&self, begun: Begun) -> Due {
        let end = Arc::new(End { begun, answer: OnceLock::new() });
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(&end));
        Due(end)
    }

    /// The answer of one, found with those of all that have been added by now (RFC 8032,
    /// section 5.1.7, as for [`Begun::end`]).
    ///
    /// # Errors
    /// [`ProofError::SignatureMismatch`]: the signature states another point.
    pub fn answer(&self, due: &Due) -> Result<(), ProofError> {
        let Due(end) = due;
        if end.answer.get().is_none() {
            let ends = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
            let answers = conclude(ends.iter().map(|end| Ok(end.begun)).collect());
            for (end, answer) in ends.iter().zip(answers) {
                // Nobody has set it before: each is taken once.
                let _ = end.answer.set(answer);
            }
        }
        // Another thread may have taken it and not be there yet.
        end.answer.get().cloned().unwrap_or_else(|| end.begun.end())
    }
}
