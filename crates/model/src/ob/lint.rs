//! Is it a badge, structurally?

use serde_json::Value;

use crate::field::FieldError;

/// How exactly the shape must be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strictness {
    /// As Lanyard writes: before signing.
    Strict,
    /// As other validators accept: when reading others' badges.
    Lenient,
}

/// Checks a badge or an endorsement against OB 3.0 in the strict shape, to be
/// done before signing. No error means that it may be signed.
pub fn lint(credential: &Value) -> Vec<FieldError> {
    lint_as(credential, Strictness::Strict)
}

/// Checks somebody else's badge or endorsement against OB 3.0, letting pass
/// what other validators accept: one value in place of an array, an array of
/// one in place of a value, an issuer IRI, dates without a time.
pub fn lint_lenient(credential: &Value) -> Vec<FieldError> {
    lint_as(credential, Strictness::Lenient)
}

/// Checks with the strictness given.
pub fn lint_as(credential: &Value, strictness: Strictness) -> Vec<FieldError> {
    crate::schema::check::credential(credential, strictness)
}
