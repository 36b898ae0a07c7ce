//! Request bodies, read strictly.

use actix_web::{
    HttpMessage as _, HttpRequest,
    http::header::{self, HeaderMap},
};
use proof::json::{JsonError, Limits, parse};
use serde_json::Value;

use crate::problem::{Problem, table};

/// The most bytes of a body that an address takes, for the problem of a larger one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BodyLimit(pub usize);

/// Refuses a body that is compressed in a way not among `taken`
/// (RFC 9110, section 8.4: 415).
pub fn must_be_coded_as(headers: &HeaderMap, taken: &[&str]) -> Result<(), Problem> {
    let coded = headers.get_all(header::CONTENT_ENCODING).map(|line| line.to_str().unwrap_or("?").trim());
    let unknown = |name: &&str| {
        !name.eq_ignore_ascii_case("identity") && !taken.iter().any(|taken| name.eq_ignore_ascii_case(taken))
    };
    let Some(found) = coded.into_iter().find(unknown) else { return Ok(()) };
    let advice = if taken.is_empty() {
        "send the body as it is".to_owned()
    } else {
        format!("send {} or the body as it is", taken.join(", "))
    };
    Err(Problem::new(
        &table::UNSUPPORTED_MEDIA_TYPE,
        format!("The Content-Encoding `{found}` is not taken here; {advice}."),
    ))
}

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

/// As which forms are sent.
const FORM: &str = "application/x-www-form-urlencoded";

/// The body is a form as pages and OAuth clients send it, or the problem that it is not.
pub fn must_be_form(request: &HttpRequest) -> Result<(), Problem> {
    let found = media_type(request);
    if found == FORM { Ok(()) } else { Err(unsupported(&found, &[FORM])) }
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
            JsonError::TooLarge { .. } | JsonError::TooMany { .. } => {
                Self::new(&table::TOO_LARGE, error.to_string())
            }
            _ => Self::new(&table::MALFORMED_JSON, error.to_string()),
        }
    }
}
