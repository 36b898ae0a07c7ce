//! What a credential says, for those who act on one that verified.

use model::report::Outcome;
use serde_json::Value;

use crate::Submission;
use crate::checks::recipient;
use crate::opened::{self, Found};

/// The credential in what was handed in; nothing in it is proved by that. `None` where there
/// is none, or a presentation.
pub fn contents(submission: &Submission) -> Option<Value> {
    match opened::open(submission) {
        Ok(Found::Credential(opened)) => Some(opened.credential),
        Ok(Found::Presentation(_) | Found::Legacy(_)) | Err(_) => None,
    }
}

/// Whether the subject is told by that email address, DID or other identifier. A name alone
/// tells nobody.
pub fn is_recipient(credential: &Value, identifier: &str) -> bool {
    recipient::check(credential, Some(identifier)).outcome == Outcome::Pass
}
