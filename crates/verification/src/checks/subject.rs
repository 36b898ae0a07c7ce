//! Does the subject have an id or an identifier?

use model::report::Check;
use serde_json::Value;

use super::{codes, say};
use crate::credential::{is_badge, many, shown, text};

/// Of an assertion of Open Badges 2.0, whose recipient always is an identifier.
pub(crate) fn identified(read: &Value) -> Check {
    let stated = read.pointer("/credentialSubject/identifier/0/identityHash").and_then(Value::as_str);
    match stated {
        Some(_) => codes::SUBJECT_NAMED.found(say::subject_identified()),
        None => codes::SUBJECT_ANONYMOUS.found(say::subject_nameless()),
    }
}

pub(crate) fn check(credential: &Value) -> Check {
    let subjects = many(credential, "credentialSubject");
    let nameless = |subject: &&&Value| {
        text(subject, "id").unwrap_or_default().is_empty() && many(subject, "identifier").is_empty()
    };
    // Only Open Badges asks for it: a verifiable credential may be the bearer's.
    if is_badge(credential) && (subjects.is_empty() || subjects.iter().any(|subject| nameless(&subject))) {
        return codes::SUBJECT_ANONYMOUS.found(say::subject_nameless());
    }
    let id = subjects.first().and_then(|subject| text(subject, "id"));
    codes::SUBJECT_NAMED.found(match id {
        Some(id) => say::subject_is(shown(id)),
        None if is_badge(credential) => say::subject_identified(),
        None => say::subject_of_bearer(),
    })
}
