//! Problem documents (RFC 9457): the one mapping from what went wrong inside
//! to what a client is told.

pub mod table;

use actix_web::{HttpResponse, ResponseError, http::StatusCode};
use model::{field::FieldError, site::Site};
use serde_json::{Map, Value, json};

use table::Kind;

/// The media type of a problem document.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// One occurrence of a problem. Handlers return it as their error; the
/// `middleware::problems` layer writes the document, since only that
/// knows the request and the site.
#[derive(Debug, Clone)]
pub struct Problem {
    /// What kind it is.
    pub kind: &'static Kind,
    /// What happened this time, for people. Holds no secret, and no personal
    /// data but what the request itself stated.
    pub detail: String,
    /// The wrong fields.
    pub errors: Vec<FieldError>,
    /// Further members of the document.
    pub extra: Box<Map<String, Value>>,
    /// Seconds after which to try again.
    pub retry_after: Option<u64>,
    /// The `WWW-Authenticate` header of a 401 (RFC 6750, section 3).
    pub challenge: Option<&'static str>,
    /// The `Allow` header of a 405.
    pub allow: Option<&'static str>,
}

impl Problem {
    /// A problem of a kind.
    pub fn new(kind: &'static Kind, detail: impl Into<String>) -> Self {
        Self {
            kind,
            detail: detail.into(),
            errors: Vec::new(),
            extra: Box::default(),
            retry_after: None,
            challenge: None,
            allow: None,
        }
    }

    /// The wrong fields of a body: a 422 that lists them all.
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        let detail = match errors.as_slice() {
            [one] => one.to_string(),
            several => format!("{} fields are wrong; `errors` lists them.", several.len()),
        };
        Self { errors, ..Self::new(&table::INVALID, detail) }
    }

    /// Nothing with that name that the caller may see.
    pub fn not_found(what: &str) -> Self {
        Self::new(&table::NOT_FOUND, format!("There is no such {what}."))
    }

    /// The address exists, but not for that method; `allow` lists those it takes.
    pub fn method_not_allowed(allow: &'static str) -> Self {
        let detail = format!("This address takes {allow}.");
        Self { allow: Some(allow), ..Self::new(&table::METHOD_NOT_ALLOWED, detail) }
    }

    /// A header, parameter or form field that cannot be read.
    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::new(&table::MALFORMED_REQUEST, detail)
    }

    /// An unforeseen failure. It is logged here, once; the client learns
    /// nothing of it but the request's id.
    pub fn internal(error: &dyn std::fmt::Display) -> Self {
        tracing::error!(error.message = %error, "request failed");
        Self::new(&table::INTERNAL, "The request could not be finished.")
    }

    /// A part that the service needs does not answer.
    pub fn unavailable() -> Self {
        Self {
            retry_after: Some(2),
            ..Self::new(
                &table::UNAVAILABLE,
                "The database does not answer. Ask again: what was recorded is not recorded twice.",
            )
        }
    }

    /// The token that keeps the signing keys does not sign. Why is logged here,
    /// once; the client learns only that it should ask again.
    pub fn keys_unavailable(error: &dyn std::fmt::Display) -> Self {
        tracing::error!(error.message = %error, "nothing can be signed");
        Self {
            detail: "What signs does not answer. Ask again: what was recorded is not recorded twice."
                .to_owned(),
            ..Self::unavailable()
        }
    }

    /// With the seconds after which to try again.
    #[must_use]
    pub fn after(self, seconds: u64) -> Self {
        Self { retry_after: Some(seconds), ..self }
    }

    /// With a further member.
    #[must_use]
    pub fn with(mut self, member: &str, value: impl Into<Value>) -> Self {
        self.extra.insert(member.to_owned(), value.into());
        self
    }

    /// The document, for the occurrence `instance` (a URI).
    pub fn document(&self, site: &Site, instance: &str) -> Value {
        let mut document = json!({
            "type": site.problem(self.kind.slug),
            "title": self.kind.title,
            "status": self.kind.status.as_u16(),
            "detail": self.detail,
            "instance": instance,
        });
        if let Value::Object(members) = &mut document {
            if !self.errors.is_empty() {
                members.insert("errors".to_owned(), json!(self.errors));
            }
            members.extend(self.extra.as_ref().clone());
        }
        document
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.kind.title, self.detail)
    }
}

impl std::error::Error for Problem {}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.kind.status
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.kind.status)
    }
}

impl From<actix_web::error::BlockingError> for Problem {
    /// Only a panic inside blocking work, or a pool shutting down, comes here.
    fn from(error: actix_web::error::BlockingError) -> Self {
        Self::internal(&error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::id::Slug;

    #[test]
    fn a_document_names_its_kind_and_lists_every_field() {
        let site = Site::new("https://badges.example.org", Slug::new("academy").unwrap()).unwrap();
        let problem = Problem::invalid(vec![
            FieldError::new("/learner/name", "missing", "there is no name", "the learner's name"),
            FieldError::new("/achievement", "unknown-achievement", "`x` is not known", "a catalogue name"),
        ])
        .with("row", 3);
        insta::assert_json_snapshot!(problem.document(&site, "urn:uuid:1"));
    }
}
