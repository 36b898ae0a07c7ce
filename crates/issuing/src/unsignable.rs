//! What a completion says and no badge can: said of the completion's own field.

use model::{completion::Completion, field::FieldError, learner::Identifier};
use proof::{
    canon::CanonError,
    json::{self, JsonError},
};
use signing::SigningError;

const CODE: &str = "cannot-be-signed";

/// The badge has no canonical form.
pub(crate) fn by_canon(completion: &Completion, error: &CanonError) -> FieldError {
    match error {
        CanonError::Unsafe { pointer, detail } => at(completion, pointer, detail),
        CanonError::TooMuchWork { .. } | CanonError::TooMuchSaid { .. } => FieldError::new(
            "",
            CODE,
            error.to_string(),
            "fewer results and pieces of evidence, and shorter URLs",
        ),
    }
}

/// The badge has another shape than may be signed.
pub(crate) fn by_signing(completion: &Completion, error: SigningError) -> Vec<FieldError> {
    match error {
        SigningError::Lint(faults) => {
            faults.iter().map(|fault| at(completion, &fault.pointer, &fault.detail)).collect()
        }
        other => vec![whole(&other)],
    }
}

/// The badge is not JSON that everybody reads alike, or too much of it.
pub(crate) fn by_json(completion: &Completion, error: &JsonError) -> FieldError {
    if let JsonError::TooLarge { .. } | JsonError::TooMany { .. } = error {
        return FieldError::new("", CODE, "its badge would be too large", "fewer or shorter texts and URLs");
    }
    let stated = serde_json::to_vec(completion).unwrap_or_default();
    match json::parse(&stated, &json::Limits::default()) {
        Err(JsonError::Noncharacter { pointer, code }) => FieldError::new(
            pointer,
            CODE,
            format!("the text holds U+{code:04X}, which is not a character"),
            "the text without it",
        ),
        _ => whole(error),
    }
}

/// Nothing that the completion says is at fault.
pub(crate) fn whole(detail: &impl ToString) -> FieldError {
    FieldError::new(
        "",
        CODE,
        format!("no badge can be made of it: {}", detail.to_string()),
        "nothing that the completion could say better: tell the Academy, whose catalogue is at fault",
    )
}

fn at(completion: &Completion, pointer: &str, detail: &str) -> FieldError {
    let expected = "a value that may stand in a signed document: a URL without spaces, brackets or bars";
    match field(completion, pointer) {
        Some(field) => FieldError::new(field, CODE, detail, expected),
        None => whole(&format!("{pointer}: {detail}")),
    }
}

/// The completion's field that a place in the badge was written from, for what a
/// provider writes and the badge takes as an IRI.
fn field(completion: &Completion, pointer: &str) -> Option<String> {
    if let Some(evidence) = pointer.strip_prefix("/evidence/") {
        let index = evidence.split('/').next()?;
        return Some(format!("/evidence/{index}/url"));
    }
    if pointer != "/credentialSubject/id" {
        return None;
    }
    let is_did = |identifier: &Identifier| matches!(identifier, Identifier::Did { .. });
    let index = completion.learner.identifiers.iter().position(is_did)?;
    Some(format!("/learner/identifiers/{index}/value"))
}
