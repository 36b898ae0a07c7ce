//! What one verification may cost beyond the size of what was handed in.

use std::sync::atomic::{AtomicUsize, Ordering};

use proof::suite::ecdsa_sd_2023::MOST_STATEMENTS;

/// Signatures of single statements (`ecdsa-sd-2023`) that one verification
/// checks, in all the credentials, endorsements and status lists it meets: twice
/// what one credential may bring, so that a credential and its list never meet
/// the end. A list is verified for every credential that names it, so without
/// this a small presentation could cost minutes.
const STATEMENTS: usize = 2 * MOST_STATEMENTS;

/// What is left of the work that one verification may do.
pub(crate) struct Work {
    statements: AtomicUsize,
}

impl Work {
    pub fn new() -> Self {
        Self { statements: STATEMENTS.into() }
    }

    /// What is left: signatures of statements.
    pub fn left(&self) -> usize {
        self.statements.load(Ordering::Relaxed)
    }

    /// Takes the work for that many signatures of statements; whether it was left.
    pub fn take_statements(&self, number: usize) -> bool {
        let less = |left: usize| left.checked_sub(number);
        self.statements.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_left_is_not_taken() {
        let work = Work::new();
        assert!(work.take_statements(STATEMENTS - 1));
        assert!(!work.take_statements(2));
        assert!(work.take_statements(1));
        assert!(work.take_statements(0));
        assert!(!work.take_statements(1));
    }
}
