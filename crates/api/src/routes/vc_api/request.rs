//! Reading requests, and what is said of a credential that is not one.

use actix_web::HttpRequest;
use issuing::IssuingError;
use model::{field::FieldError, vc::credential_faults};
use proof::suite::ProofError;
use serde_json::{Map, Value};
use signing::SigningError;

use crate::{
    body,
    problem::{Problem, table},
};

/// The member for a credential that is handed in.
pub(super) const CREDENTIAL: &str = "verifiableCredential";

/// The members of a request's body.
pub(super) fn members(request: &HttpRequest, payload: &[u8]) -> Result<Map<String, Value>, Problem> {
    match body::json(request, payload)? {
        Value::Object(members) => Ok(members),
        _ => Err(invalid(vec![FieldError::new("", "not-an-object", "the body is no object", "an object")])),
    }
}

/// The credential that the request hands in, and the options.
pub(super) fn credential(
    request: &HttpRequest,
    payload: &[u8],
) -> Result<(Value, Map<String, Value>), Problem> {
    let mut members = members(request, payload)?;
    let credential = subject(&mut members, CREDENTIAL)?;
    Ok((credential, options(&mut members)?))
}

/// Refuses what the data model forbids of such a credential.
pub(super) fn conforming_credential(credential: &Value) -> Result<(), Problem> {
    conforming(CREDENTIAL, credential_faults(credential))
}

/// The object that the request is about.
pub(super) fn subject(members: &mut Map<String, Value>, name: &str) -> Result<Value, Problem> {
    match members.shift_remove(name) {
        Some(object @ Value::Object(_)) => Ok(object),
        _ => Err(invalid(vec![FieldError::new(
            format!("/{name}"),
            "missing",
            "it is missing, or no object",
            "a JSON object",
        )])),
    }
}

/// The options, none if there are none.
pub(super) fn options(members: &mut Map<String, Value>) -> Result<Map<String, Value>, Problem> {
    match members.shift_remove("options") {
        None => Ok(Map::new()),
        Some(Value::Object(options)) => Ok(options),
        Some(_) => Err(option_fault("", "it is no object", "an object")),
    }
}

/// An option that is a text.
pub(super) fn text(options: &Map<String, Value>, name: &str) -> Result<Option<String>, Problem> {
    match options.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(option_fault(&format!("/{name}"), "it is no text", "a string")),
    }
}

/// An option that is a list of texts.
pub(super) fn texts(options: &Map<String, Value>, name: &str) -> Result<Option<Vec<String>>, Problem> {
    let fault = || option_fault(&format!("/{name}"), "it is no list of texts", "a list of JSON pointers");
    match options.get(name) {
        None => Ok(None),
        Some(Value::Array(list)) => list
            .iter()
            .map(|text| text.as_str().map(str::to_owned).ok_or_else(fault))
            .collect::<Result<_, _>>()
            .map(Some),
        Some(_) => Err(fault()),
    }
}

pub(super) fn option_fault(at: &str, detail: &str, expected: &str) -> Problem {
    invalid(vec![FieldError::new(format!("/options{at}"), "option", detail, expected)])
}

/// The body says what cannot be: 400, as the VC API has it.
pub(super) fn invalid(errors: Vec<FieldError>) -> Problem {
    Problem { kind: &table::INVALID_CREDENTIAL, ..Problem::invalid(errors) }
}

/// Refuses what the data model forbids; places are given from `name` on.
pub(super) fn conforming(name: &str, faults: Vec<FieldError>) -> Result<(), Problem> {
    if faults.is_empty() {
        return Ok(());
    }
    let placed = |fault: FieldError| FieldError { pointer: format!("/{name}{}", fault.pointer), ..fault };
    Err(invalid(faults.into_iter().map(placed).collect()))
}

/// What could not be signed, or derived from.
pub(super) fn not_signed(error: IssuingError) -> Problem {
    match error {
        IssuingError::Signing(SigningError::Lint(faults)) => invalid(faults),
        IssuingError::Signing(SigningError::Proof(error)) => not_proved("credential", &error),
        other => other.into(),
    }
}

/// A fault of the document, wherever it is known.
pub(super) fn not_proved(name: &str, error: &ProofError) -> Problem {
    use proof::canon::CanonError::Unsafe;
    let (at, detail) = match error {
        ProofError::Canon(Unsafe { pointer, detail }) => {
            (format!("/{name}{}", pointer.trim_end_matches('/')), detail.clone())
        }
        other => (format!("/{name}"), other.to_string()),
    };
    let expected = "what its contexts define, and nothing that would be dropped";
    invalid(vec![FieldError::new(at, "no-canonical-form", detail, expected)])
}
