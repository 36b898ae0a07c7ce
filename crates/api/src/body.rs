//! Request bodies, read strictly.

use actix_web::{HttpMessage as _, HttpRequest};
use proof::json::{JsonError, Limits, parse};
use serde_json::Value;

use crate::problem::{Problem, table};

/// The body as JSON: the type must say so (`application/json` or `…+json`),
/// no member twice, bounded depth, no number that cannot be kept exactly.
pub fn json(request: &HttpRequest, body: &[u8]) -> Result<Value, Problem> {
    let essence = media_type(request);
    if essence != "application/json" && !essence.ends_with("+json") {
        return Err(unsupported(&essence, &["application/json"]));
    }
    Ok(parse(body, &Limits { bytes: body.len(), ..Limits::default() })?)
}

/// The media type of the body without parameters, in lower case; empty if none is stated.
pub fn media_type(request: &HttpRequest) -> String {
    request.content_type().trim().to_ascii_lowercase()
}

/// The body is of a type that is not taken.
pub fn unsupported(found: &str, taken: &[&str]) -> Problem {
    let found = if found.is_empty() {
        "There is no Content-Type".to_owned()
    } else {
        format!("`{found}` is not taken here")
    };
    Problem::new(&table::UNSUPPORTED_MEDIA_TYPE, format!("{found}; send {}.", taken.join(", ")))
}

impl From<JsonError> for Problem {
    fn from(error: JsonError) -> Self {
        match error {
            JsonError::TooLarge { .. } => Self::new(&table::TOO_LARGE, error.to_string()),
            _ => Self::new(&table::MALFORMED_JSON, error.to_string()),
        }
    }
}
