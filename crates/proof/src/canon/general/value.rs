//! Values (JSON-LD 1.1 API sections 5.3 and 8.2.2).

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::super::safe::refuse;
use super::super::{CanonError, literal, rdf::Part};
use super::context::{Active, language};
use super::define::{Coercion, Term, Tongue};
use super::iri::Expanded;
use crate::pointer::Pointer;

/// A string, number or boolean where `term` says what it becomes.
pub(super) fn scalar<'a>(
    value: &'a Value,
    term: Option<&Term>,
    active: &Active,
    at: &Pointer<'_>,
) -> Result<Part<'a>, CanonError> {
    if let Some(Coercion::Datatype(datatype)) = term.map(|term| &term.coercion) {
        return literal::plain(value, Some(Cow::Owned(datatype.clone())), at);
    }
    let tag = match term.map(|term| &term.language) {
        Some(Tongue::Own(own)) => own.as_deref(),
        Some(Tongue::Default) | None => active.language(),
    };
    match (value, tag) {
        (Value::String(text), Some(tag)) => Ok(literal::in_language(text, tag.to_owned())),
        _ => literal::plain(value, None, at),
    }
}

/// `{"@value": …}` with a language or a datatype.
pub(super) fn object<'a>(
    members: &'a Map<String, Value>,
    active: &Active,
    at: &Pointer<'_>,
) -> Result<Part<'a>, CanonError> {
    let (mut value, mut tag, mut datatype, mut json) = (None, None, None, false);
    for (name, member) in members {
        let here = Pointer::Member(at, name);
        let Expanded::Keyword(keyword) = active.expand(name, true) else {
            return refuse(&here, "not accepted beside `@value`");
        };
        match (keyword.as_str(), member) {
            ("@value", member) if value.is_none() => value = Some((member, name)),
            ("@language", Value::String(_)) if tag.is_none() => tag = language(member, &here)?,
            ("@type", Value::String(written)) if datatype.is_none() && !json => {
                match active.expand(written, true) {
                    Expanded::Absolute(iri) => datatype = Some(iri),
                    Expanded::Keyword(keyword) if keyword == "@json" => json = true,
                    _ => return refuse(&here, "the datatype must be an absolute IRI"),
                }
            }
            ("@direction", _) => return refuse(&here, "a text direction would not be signed; leave it out"),
            _ => return refuse(&here, "not accepted beside `@value`, or not with this value"),
        }
    }
    let Some((value, name)) = value else { return refuse(at, "`@value` is missing") };
    let here = Pointer::Member(at, name);
    match (value, tag, datatype) {
        (_, Some(_), Some(_)) => refuse(at, "a value has a datatype or a language, not both"),
        (value, None, None) if json => literal::json(value, &here),
        (Value::String(text), Some(tag), None) if !json => Ok(literal::in_language(text, tag)),
        (_, Some(_), None) => refuse(at, "only a string can have a language"),
        (value, None, datatype) => literal::plain(value, datatype.map(Cow::Owned), &here),
    }
}

/// A language map (JSON-LD 1.1 section 4.6.2).
pub(super) fn by_language<'a>(
    map: &'a Value,
    active: &Active,
    at: &Pointer<'_>,
) -> Result<Vec<Part<'a>>, CanonError> {
    let Value::Object(languages) = map else { return refuse(at, "must be an object of language tags") };
    let mut found = Vec::new();
    for (name, texts) in languages {
        let here = Pointer::Member(at, name);
        let tag = match active.expand(name, true) {
            Expanded::Keyword(keyword) if keyword == "@none" => None,
            _ => language(&Value::String(name.clone()), &here)?,
        };
        let texts =
            if let Value::Array(texts) = texts { texts.as_slice() } else { std::slice::from_ref(texts) };
        for text in texts {
            match (text, &tag) {
                (Value::String(text), Some(tag)) => found.push(literal::in_language(text, tag.clone())),
                (Value::String(_), None) => found.push(literal::plain(text, None, &here)?),
                _ => return refuse(&here, "must be a text or a list of texts"),
            }
        }
    }
    Ok(found)
}
