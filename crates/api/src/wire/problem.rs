//! The shape of a problem document, for the API's description.

use serde::Serialize;
use utoipa::ToSchema;

/// A problem (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemDocument {
    /// The address of the kind of problem, a page that says what to do.
    #[serde(rename = "type")]
    #[schema(format = "uri")]
    pub kind: String,
    /// A short summary of the kind.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened this time.
    pub detail: String,
    /// Names this occurrence; quote it when asking for help.
    pub instance: String,
    /// Every wrong field, when fields are wrong.
    pub errors: Option<Vec<FieldFault>>,
}

/// One wrong field.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FieldError)]
pub struct FieldFault {
    /// JSON Pointer (RFC 6901) to the field.
    pub pointer: String,
    /// A stable code in kebab case.
    pub code: String,
    /// What was found.
    pub detail: String,
    /// What was expected and what to do.
    pub expected: String,
}

/// Every kind of problem.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemKinds {
    /// The kinds.
    pub problems: Vec<ProblemKind>,
}

/// A kind of problem.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemKind {
    /// Its address, as problems name it.
    #[serde(rename = "type")]
    #[schema(format = "uri")]
    pub kind: String,
    /// A short summary.
    pub title: &'static str,
    /// The HTTP status it comes with.
    pub status: u16,
    /// What it means.
    pub meaning: &'static str,
    /// What to do.
    pub remedy: &'static str,
}
