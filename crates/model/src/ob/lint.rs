//! Is it a badge, structurally?

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::field::FieldError;
use crate::ob::{AchievementCredential, EndorsementCredential};
use crate::schema::{Described, check::check, normal::normal};

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

/// Reads a badge, somebody else's too: what [`lint_lenient`] lets pass is put
/// into the strict shape first. Unknown properties are kept.
pub fn read(credential: &Value) -> Result<AchievementCredential, Vec<FieldError>> {
    read_as(credential)
}

/// Reads an endorsement, in the same way as [`read`].
pub fn read_endorsement(credential: &Value) -> Result<EndorsementCredential, Vec<FieldError>> {
    read_as(credential)
}

fn read_as<T: Described + DeserializeOwned>(credential: &Value) -> Result<T, Vec<FieldError>> {
    let class = T::class();
    let faults = check(credential, class, Strictness::Lenient);
    if !faults.is_empty() {
        return Err(faults);
    }
    serde_json::from_value(normal(credential, class)).map_err(|error| {
        vec![FieldError::new(
            "",
            "unreadable",
            error.to_string(),
            format!("an object of class {}", class.name),
        )]
    })
}
