//! What is wrong with a field of somebody's input, said so that they can mend it.

use serde::Serialize;

/// One fault in an input document. A document is checked to its end, so its
/// sender learns every fault at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// Where: a JSON Pointer (RFC 6901) into the document, `""` for the whole.
    pub pointer: String,
    /// A stable machine-readable code in kebab case, such as `unknown-achievement`.
    pub code: &'static str,
    /// What was found, for people.
    pub detail: String,
    /// What was expected and what to do, for people.
    pub expected: String,
}

impl FieldError {
    /// Names a fault.
    pub fn new(
        pointer: impl Into<String>,
        code: &'static str,
        detail: impl Into<String>,
        expected: impl Into<String>,
    ) -> Self {
        Self { pointer: pointer.into(), code, detail: detail.into(), expected: expected.into() }
    }
}

impl std::fmt::Display for FieldError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let place = if self.pointer.is_empty() { "the document" } else { &self.pointer };
        write!(f, "{place}: {}; expected {}", self.detail, self.expected)
    }
}
