//! Fetches what the checks need and puts their answers together.

use std::sync::Arc;

use model::clock::Clock;
use model::report::Report;

use crate::{Fetch, Submission};

/// What the asker expects of the credential, beyond that it is good.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expectation {
    /// Whose it should be: an email address, a DID, or a name.
    pub recipient: Option<String>,
}

/// Verifies credentials.
#[derive(Clone)]
pub struct Verifier {
    fetch: Arc<dyn Fetch>,
    clock: Arc<dyn Clock>,
}

impl Verifier {
    /// A verifier that fetches through `fetch` and judges dates by `clock`.
    pub fn new(fetch: Arc<dyn Fetch>, clock: Arc<dyn Clock>) -> Self {
        Self { fetch, clock }
    }

    /// Checks what was handed in.
    pub async fn verify(&self, _submission: &Submission, _expectation: &Expectation) -> Report {
        let _ = (&self.fetch, &self.clock);
        todo!()
    }

    /// Checks the credential that stands at `url`. An address that cannot be
    /// fetched from gives a report that says why.
    pub async fn verify_url(&self, _url: &str, _expectation: &Expectation) -> Report {
        todo!()
    }
}
