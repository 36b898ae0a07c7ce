//! From what a provider sends to a [`Completion`].

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::completion::Completion;
use crate::field::FieldError;

/// Reads a completion in JSON.
pub fn completion(_document: &Value) -> Result<Completion, Vec<FieldError>> {
    todo!()
}

/// Checks that a completion is not of the future.
pub fn not_after(_completion: &Completion, _now: DateTime<Utc>) -> Vec<FieldError> {
    todo!()
}
