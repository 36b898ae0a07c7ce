//! Are its contexts known and every term defined?

use model::report::Check;
use proof::canon::CanonError;
use serde_json::Value;

use super::{codes, say};
use crate::Contexts;
use crate::credential::{has_type, is_badge, is_learner_record, many, shown, without_proof};

const FIRST: [&str; 2] = ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/2018/credentials/v1"];

/// `canonical` says that the credential was canonicalised in safe mode
/// already, as it is when an embedded proof was verified.
pub(crate) fn check(credential: &Value, canonical: bool, accepted: Contexts) -> Check {
    let contexts = many(credential, "@context");
    if contexts.is_empty() {
        return codes::CONTEXTS_UNKNOWN.found(say::no_context());
    }
    if !FIRST.contains(&contexts.first().and_then(|first| first.as_str()).unwrap_or_default()) {
        let found = contexts.first().map(ToString::to_string).unwrap_or_default();
        return codes::CONTEXTS_FIRST.found(say::first_context(shown(&found), FIRST[0], FIRST[1]));
    }
    for context in contexts.iter().filter(|_| accepted == Contexts::Known) {
        match context.as_str() {
            None => return codes::CONTEXTS_UNKNOWN.found(say::inline_context()),
            Some(url) if proof::context::document(url).is_none() => {
                return codes::CONTEXTS_UNKNOWN.found(say::unknown_context(shown(url)));
            }
            Some(_) => {}
        }
    }
    if let Some(pointer) = nested(credential).filter(|_| accepted == Contexts::Known && is_badge(credential))
    {
        return codes::CONTEXTS_NESTED.found(say::nested_context(shown(&pointer)));
    }
    if !canonical && let Err(error) = accepted.processor().to_quads(&without_proof(credential)) {
        return unsafe_term(&error);
    }
    codes::CONTEXTS_KNOWN.found(match contexts.len() {
        1 => say::one_context(),
        number => say::contexts_known(say::contexts(number)),
    })
}

/// The same of an SD-JWT VC: claims without a context mean what their type says,
/// unless they are a badge.
pub(crate) fn of_claims(credential: &Value) -> Check {
    if credential.get("@context").is_none() && !is_badge(credential) {
        return codes::CONTEXTS_NONE_NEEDED.found(say::no_contexts_needed());
    }
    check(credential, false, Contexts::Known)
}

fn unsafe_term(error: &CanonError) -> Check {
    match error {
        CanonError::TooMuchWork { .. } | CanonError::TooMuchSaid { .. } => {
            codes::CONTEXTS_POISON.found(say::hostile(error.to_string()))
        }
        CanonError::Unsafe { .. } => {
            codes::CONTEXTS_UNDEFINED_TERM.found(say::undefined_terms(error.to_string()))
        }
    }
}

/// Where a context stands that is not the credential's own. A credential that
/// is embedded, as endorsements are, repeats it by right, and so does a proof
/// that signs JSON as it stands. What a learner record holds is judged by itself.
fn nested(credential: &Value) -> Option<String> {
    let own = credential.get("@context");
    if !is_learner_record(credential) {
        return below(credential, own);
    }
    let mut record = credential.clone();
    if let Some(subject) = record.get_mut("credentialSubject").and_then(Value::as_object_mut) {
        subject.remove("verifiableCredential");
    }
    below(&record, own)
}

fn below(value: &Value, own: Option<&Value>) -> Option<String> {
    // The path is put together on the way back: most credentials need none.
    let inside = |value: &Value| {
        let brought = value.get("@context");
        let repeats = ["VerifiableCredential", "DataIntegrityProof"].iter().any(|name| has_type(value, name));
        let foreign = brought.is_some() && (brought != own || !repeats);
        if foreign { Some(String::new()) } else { below(value, own) }
    };
    match value {
        Value::Object(members) => {
            let mut others = members.iter().filter(|(name, _)| *name != "@context");
            others.find_map(|(name, value)| Some(format!("/{name}{}", inside(value)?)))
        }
        Value::Array(items) => {
            items.iter().enumerate().find_map(|(index, item)| Some(format!("/{index}{}", inside(item)?)))
        }
        _ => None,
    }
}
