//! Walks a document beside the table.

use serde_json::Value;

use crate::field::FieldError;
use crate::ob::Strictness;

/// Checks a credential as what its `type` says it is.
pub fn credential(_credential: &Value, _strictness: Strictness) -> Vec<FieldError> {
    todo!()
}
