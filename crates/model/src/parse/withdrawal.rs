//! A completion that is taken back, as a provider says so.

use serde_json::{Map, Value};

use crate::{
    completion::{StatedWithdrawal, WhichCompletion},
    field::FieldError,
};

const EXPECTED: &str = "an object with `reference` or `completion`, and `reason`, each a text";

/// Reads which completion is taken back and why, or says everything that is wrong with it.
pub fn withdrawal(document: &Value) -> Result<StatedWithdrawal, Vec<FieldError>> {
    let fault = |pointer: &str, code, detail: &str| FieldError::new(pointer, code, detail, EXPECTED);
    let Some(members) = document.as_object() else {
        return Err(vec![fault("", "not-an-object", "the body is not an object")]);
    };
    let mut errors: Vec<_> = members
        .keys()
        .filter(|name| !["reference", "completion", "reason"].contains(&name.as_str()))
        .map(|name| fault(&format!("/{name}"), "unknown-member", "this member is not known"))
        .collect();
    let reason = text(members, "reason");
    if reason.is_none() {
        errors.push(fault("/reason", "reason-required", "there is no reason"));
    }
    let which = match (members.get("reference"), members.get("completion")) {
        (Some(_), None) => text(members, "reference").map(WhichCompletion::Reference),
        (None, Some(_)) => {
            text(members, "completion").and_then(|id| id.parse().ok()).map(WhichCompletion::Id)
        }
        _ => None,
    };
    if which.is_none() {
        errors.push(fault("/reference", "which-completion", "it is not said which completion"));
    }
    match (which, reason) {
        (Some(which), Some(reason)) if errors.is_empty() => Ok(StatedWithdrawal { which, reason }),
        _ => Err(errors),
    }
}

fn text(members: &Map<String, Value>, name: &str) -> Option<String> {
    members.get(name).and_then(Value::as_str).map(str::to_owned)
}
