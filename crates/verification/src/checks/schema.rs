//! Does it have the required shape?

use model::field::FieldError;
use model::report::Check;
use serde_json::Value;

use super::{codes, say};
use crate::credential::{is_badge, is_learner_record, issuer_id, many};

/// Faults that one finding names.
const NAMED: usize = 5;

pub(crate) fn check(credential: &Value) -> Check {
    if !is_badge(credential) {
        let faults = plain(credential);
        return if faults.is_empty() {
            codes::SCHEMA_FITS.found(say::shape_of_credential())
        } else {
            codes::SCHEMA_INVALID.found(say::shape_wrong(named(&faults)))
        };
    }
    // The proof was judged by itself, and how many there are is nobody's shape.
    let of_the_rest = |mut faults: Vec<FieldError>| {
        let of_proof = |pointer: &str| pointer == "/proof" || pointer.starts_with("/proof/");
        faults.retain(|fault| !of_proof(&fault.pointer));
        faults
    };
    let departures = of_the_rest(model::ob::lint(credential));
    if departures.is_empty() {
        let is_record = is_learner_record(credential);
        return codes::SCHEMA_FITS.found(if is_record {
            say::shape_of_record()
        } else {
            say::shape_of_badge()
        });
    }
    let faults = of_the_rest(model::ob::lint_lenient(credential));
    if faults.is_empty() {
        codes::SCHEMA_TOLERATED.found(say::shape_unusual(named(&departures)))
    } else {
        codes::SCHEMA_INVALID.found(say::shape_wrong(named(&faults)))
    }
}

/// The first faults in words.
fn named(faults: &[FieldError]) -> String {
    let named: Vec<String> = faults.iter().take(NAMED).map(ToString::to_string).collect();
    match faults.len().saturating_sub(NAMED) {
        0 => named.join("; "),
        more => format!("{}; and {more} more", named.join("; ")),
    }
}

/// What every verifiable credential must have (VC Data Model 2.0, section 4).
fn plain(credential: &Value) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let mut require = |holds: bool, pointer: &str, detail: &str, expected: &str| {
        if !holds {
            faults.push(FieldError::new(pointer, "required", detail, expected));
        }
    };
    let subjects = many(credential, "credentialSubject");
    let objects = !subjects.is_empty() && subjects.iter().all(|subject| subject.is_object());
    require(
        issuer_id(credential).is_some(),
        "/issuer",
        "no issuer is named",
        "a URL, or an object with an `id`",
    );
    require(objects, "/credentialSubject", "no subject is described", "an object, or an array of them");
    let id = credential.get("id");
    require(id.is_none_or(Value::is_string), "/id", "the id is not a string", "a URL");
    faults
}
