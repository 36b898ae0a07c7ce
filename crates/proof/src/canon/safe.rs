//! Safe mode: refuses every document that JSON-LD processing would change or
//! lose part of without saying so (VC Data Integrity 1.0 section 4.6; OB 3.0
//! section 8). Walks the document with the vocabulary tables, following the
//! expansion algorithm (JSON-LD 1.1 API section 5.1), and accepts only what it
//! knows to become statements.

use oxrdf::Literal;
use serde_json::{Map, Number, Value};

use super::CanonError;
use super::active::{Active, Definition, Expanded, Meaning};
use crate::pointer::Pointer;
use crate::vocab::{Coercion, Container, Vocabulary};

/// The largest integer that every JSON reader takes exactly: 2^53 - 1.
const MAX_SAFE_INTEGER: f64 = 9_007_199_254_740_991.0;
/// Every JSON reader takes so many digits for the same number, and every
/// processor writes them back alike.
const MAX_DIGITS: usize = 15;

type Checked = Result<(), CanonError>;

/// Refuses `document` unless every part of it becomes a statement.
pub(super) fn check(document: &Value, vocabularies: &[&'static Vocabulary]) -> Checked {
    let root = Pointer::Root;
    let Value::Object(members) = document else {
        return refuse(&root, "the document must be a JSON object");
    };
    let mut active = Active::default();
    read_contexts(members, vocabularies, &mut active)?;
    node(members, &active, None, true, &root)
}

fn refuse<T>(at: &Pointer<'_>, detail: impl Into<String>) -> Result<T, CanonError> {
    Err(CanonError::Unsafe { pointer: at.to_string(), detail: detail.into() })
}

fn read_contexts(
    members: &Map<String, Value>,
    vocabularies: &[&'static Vocabulary],
    active: &mut Active,
) -> Checked {
    let root = Pointer::Root;
    let at = Pointer::Member(&root, "@context");
    let one = match members.get("@context") {
        None => return refuse(&root, "`@context` is missing; its terms give the document its meaning"),
        Some(Value::Array(list)) if list.is_empty() => return refuse(&at, "must name at least one context"),
        Some(Value::Array(list)) => {
            return list.iter().enumerate().try_for_each(|(index, entry)| {
                read_context(entry, vocabularies, active, &Pointer::Item(&at, index))
            });
        }
        Some(one) => one,
    };
    read_context(one, vocabularies, active, &at)
}

fn read_context(
    entry: &Value,
    vocabularies: &[&'static Vocabulary],
    active: &mut Active,
    at: &Pointer<'_>,
) -> Checked {
    let Value::String(url) = entry else {
        return refuse(at, "only the URL of a known context is accepted here, no context written inline");
    };
    let Some(vocabulary) = vocabularies.iter().find(|known| known.url == url) else {
        return refuse(at, format!("`{url}` is not one of the known contexts; contexts are never fetched"));
    };
    active
        .add(vocabulary)
        .or_else(|term| refuse(at, format!("redefines the protected term `{term}` of a context before it")))
}

/// A node object. `standing` nodes (the document, the content of a graph) must
/// say something of themselves; others are at least referred to.
fn node(
    members: &Map<String, Value>,
    outer: &Active,
    property: Option<Definition>,
    standing: bool,
    at: &Pointer<'_>,
) -> Checked {
    if members.contains_key("@value") {
        return if standing {
            refuse(at, "a value stands where a node is expected")
        } else {
            literal(members, outer, at)
        };
    }
    let reference =
        members.len() == 1 && members.keys().all(|name| matches!(outer.meaning(name), Some(Meaning::Id)));
    let mut active = if reference { outer.clone() } else { outer.reverted() };
    if let Some(property) = property {
        active.enter_property(property);
    }
    let nested = !matches!(at, Pointer::Root);
    if nested && members.contains_key("@context") {
        return refuse(&Pointer::Member(at, "@context"), "a nested context is not accepted");
    }
    enter_types(members, &mut active, at)?;

    let (mut ids, mut said) = (0, 0);
    for (name, value) in members.iter().filter(|(name, _)| *name != "@context") {
        let here = Pointer::Member(at, name);
        match active.meaning(name) {
            Some(Meaning::Id) => {
                ids += 1;
                identifier(value, &active, &here)?;
            }
            Some(Meaning::Type) => said += 1,
            Some(Meaning::Term(definition)) => said += values(value, Some(definition), &active, &here)?,
            None => {
                undefined(name, &active, &here)?;
                said += values(value, None, &active, &here)?;
            }
        }
    }
    if ids > 1 {
        return refuse(at, "the node has two identifiers");
    }
    if standing && said == 0 {
        return refuse(at, "nothing is said here; it would be dropped");
    }
    Ok(())
}

/// Checks the node's types and applies their scoped contexts, in the order of
/// their names (JSON-LD 1.1 API section 5.1.2, step 11).
fn enter_types(members: &Map<String, Value>, active: &mut Active, at: &Pointer<'_>) -> Checked {
    let scope = active.clone();
    let mut names = members.keys().filter(|name| matches!(scope.meaning(name), Some(Meaning::Type)));
    let Some(member) = names.next() else { return Ok(()) };
    if names.next().is_some() {
        return refuse(at, "the node's type is given twice");
    }
    let here = Pointer::Member(at, member);
    let listed = match members.get(member) {
        Some(Value::Array(list)) if !list.is_empty() => list.as_slice(),
        Some(single @ Value::String(_)) => std::slice::from_ref(single),
        _ => return refuse(&here, "must be a type or a list of types"),
    };
    let mut classes = Vec::new();
    for entry in listed {
        let Value::String(name) = entry else {
            return refuse(&here, "every type must be a string");
        };
        match scope.expand(name, true) {
            Expanded::Absolute(definition) => classes.push((name, definition)),
            _ => {
                return refuse(
                    &here,
                    format!(
                        "the type `{name}` is not defined by the document's contexts, nor is it an absolute IRI"
                    ),
                );
            }
        }
    }
    classes.sort_by(|left, right| left.0.cmp(right.0));
    for (name, definition) in classes {
        if let Some(definition) = definition {
            active.enter_type(definition).or_else(|term| {
                refuse(&here, format!("the type `{name}` redefines the protected term `{term}`"))
            })?;
        }
    }
    Ok(())
}

fn identifier(value: &Value, active: &Active, at: &Pointer<'_>) -> Checked {
    match value {
        Value::String(iri) => link(iri, active, false, at),
        _ => refuse(at, "must be an absolute IRI"),
    }
}

/// A string that stands for an IRI.
fn link(value: &str, active: &Active, vocab: bool, at: &Pointer<'_>) -> Checked {
    match active.expand(value, vocab) {
        Expanded::Absolute(_) => Ok(()),
        Expanded::Malformed => refuse(at, format!("`{value}` is not a well-formed IRI")),
        Expanded::Blank => refuse(at, format!("`{value}` is a blank node label; expected an absolute IRI")),
        Expanded::Keyword => {
            refuse(at, format!("`{value}` has the form of a JSON-LD keyword; expected an absolute IRI"))
        }
        Expanded::Relative => refuse(at, format!("`{value}` is a relative IRI; expected an absolute one")),
    }
}

/// A member's name that no context defines.
fn undefined(name: &str, active: &Active, at: &Pointer<'_>) -> Checked {
    if name.starts_with('@') {
        return refuse(at, "JSON-LD keywords other than `@id` and `@type` are not accepted here");
    }
    match active.expand(name, true) {
        Expanded::Absolute(_) => Ok(()),
        _ => refuse(
            at,
            format!("the term `{name}` is not defined by the document's contexts; it would not be signed"),
        ),
    }
}

/// The values of a member; how many of them become statements.
fn values(
    value: &Value,
    definition: Option<Definition>,
    active: &Active,
    at: &Pointer<'_>,
) -> Result<usize, CanonError> {
    if let Some(Coercion::Json) = definition.and_then(|found| found.term.coercion)
        && !value.is_null()
    {
        return Ok(1);
    }
    let Value::Array(items) = value else {
        return single(value, definition, active, at).map(|()| 1);
    };
    for (index, item) in items.iter().enumerate() {
        let here = Pointer::Item(at, index);
        if item.is_array() {
            return refuse(&here, "a list inside a list is not accepted");
        }
        single(item, definition, active, &here)?;
    }
    let listed = definition.is_some_and(|found| found.term.container == Some(Container::List));
    Ok(if listed { 1 } else { items.len() })
}

fn single(value: &Value, definition: Option<Definition>, active: &Active, at: &Pointer<'_>) -> Checked {
    let coercion = definition.and_then(|found| found.term.coercion);
    let graph = definition.is_some_and(|found| found.term.container == Some(Container::Graph));
    match value {
        Value::Null => refuse(at, "null would be dropped; leave the member out"),
        Value::Object(members) => node(members, active, definition, graph, at),
        _ if graph => refuse(at, "must be an object"),
        Value::String(text) => match coercion {
            Some(Coercion::Link) => link(text, active, false, at),
            Some(Coercion::Choice) => {
                let mut inner = active.clone();
                if let Some(definition) = definition {
                    inner.enter_property(definition);
                }
                link(text, &inner, true, at)
            }
            _ => Ok(()),
        },
        Value::Bool(_) | Value::Number(_) if matches!(coercion, Some(Coercion::Link | Coercion::Choice)) => {
            refuse(at, "must be an absolute IRI or an object")
        }
        Value::Number(number) => exact(number, at),
        Value::Bool(_) | Value::Array(_) => Ok(()),
    }
}

/// A value object: `{"@value": …}` with a language or a datatype.
fn literal(members: &Map<String, Value>, active: &Active, at: &Pointer<'_>) -> Checked {
    for (name, value) in members {
        let here = Pointer::Member(at, name);
        match (name.as_str(), value) {
            ("@value", Value::String(_) | Value::Bool(_)) => {}
            ("@value", Value::Number(number)) => exact(number, &here)?,
            ("@value", _) => return refuse(&here, "must be a string, a number or a boolean"),
            ("@language", Value::String(tag)) => {
                if Literal::new_language_tagged_literal("", tag).is_err() {
                    return refuse(&here, format!("`{tag}` is not a well-formed language tag"));
                }
                if !members.get("@value").is_some_and(Value::is_string) {
                    return refuse(at, "only a string can have a language");
                }
            }
            ("@language", _) => return refuse(&here, "must be a language tag"),
            ("@direction", _) => return refuse(&here, "a text direction would not be signed; leave it out"),
            ("@type" | "type", Value::String(datatype)) => match active.expand(datatype, true) {
                Expanded::Absolute(_) if !members.contains_key("@language") => {}
                Expanded::Absolute(_) => return refuse(at, "a value has a datatype or a language, not both"),
                _ => return refuse(&here, "the datatype must be an absolute IRI"),
            },
            _ => return refuse(&here, "not accepted beside `@value`"),
        }
    }
    Ok(())
}

/// Refuses a number that processors write differently.
fn exact(number: &Number, at: &Pointer<'_>) -> Checked {
    let text = number.to_string();
    let mantissa = text.split(['e', 'E']).next().unwrap_or_default();
    let digits = mantissa.trim_start_matches(['-', '0', '.']).chars().filter(char::is_ascii_digit).count();
    let within = number.as_f64().is_some_and(|value| value.abs() <= MAX_SAFE_INTEGER);
    if within && (!number.is_f64() || digits <= MAX_DIGITS) {
        Ok(())
    } else {
        refuse(at, format!("{text} is not written alike by all processors; send it as a string"))
    }
}

#[cfg(test)]
mod tests;
