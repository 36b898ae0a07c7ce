//! Does the subject have an id or an identifier?

use model::report::Check;
use serde_json::Value;

use super::codes;
use crate::credential::{is_badge, many, shown, text};

pub(crate) fn check(credential: &Value) -> Check {
    let subjects = many(credential, "credentialSubject");
    let nameless = |subject: &&&Value| {
        text(subject, "id").unwrap_or_default().is_empty() && many(subject, "identifier").is_empty()
    };
    // Only Open Badges asks for it: a verifiable credential may be the bearer's.
    if is_badge(credential) && (subjects.is_empty() || subjects.iter().any(|subject| nameless(&subject))) {
        return codes::SUBJECT_ANONYMOUS.found("The subject has neither an `id` nor an `identifier`.");
    }
    let id = subjects.first().and_then(|subject| text(subject, "id"));
    codes::SUBJECT_NAMED.found(match id {
        Some(id) => format!("The subject is `{}`.", shown(id)),
        None if is_badge(credential) => "The subject is named by an identifier.".to_owned(),
        None => "The credential is not about a named subject, which its kind allows.".to_owned(),
    })
}
