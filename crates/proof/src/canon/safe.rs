//! From a document to its statements, in safe mode: refuses every document that
//! JSON-LD processing would change or lose part of without saying so (VC Data
//! Integrity 1.0 section 4.6; OB 3.0 section 8).
//!
//! One walk with the vocabulary tables does expansion (JSON-LD 1.1 API section
//! 5.1) and deserialisation to RDF (section 8.1). It knows the part of JSON-LD
//! that credentials use and refuses the rest: whatever it accepts becomes
//! statements.

use oxrdf::Literal;
use serde_json::{Map, Value};

use super::active::{Active, Definition, Expanded, Meaning};
use super::rdf::{Quad, RDF, Term};
use super::{CanonError, contexts, literal};
use crate::pointer::Pointer;
use crate::vocab::{Coercion, Container, Vocabulary};

/// The statements of `document`, unless a part of it would become none.
pub(super) fn read(document: &Value, vocabularies: &[&'static Vocabulary]) -> Result<Vec<Quad>, CanonError> {
    let root = Pointer::Root;
    let Value::Object(members) = document else {
        return refuse(&root, "the document must be a JSON object");
    };
    let active = contexts::of_document(members, vocabularies)?;
    let mut walk = Walk { vocabularies, quads: Vec::new(), blanks: 0, graph: None };
    walk.node(members, &active, None, true, &root)?;
    Ok(walk.quads)
}

pub(super) fn refuse<T>(at: &Pointer<'_>, detail: impl Into<String>) -> Result<T, CanonError> {
    Err(CanonError::Unsafe { pointer: at.to_string(), detail: detail.into() })
}

struct Walk<'a> {
    vocabularies: &'a [&'static Vocabulary],
    quads: Vec<Quad>,
    blanks: usize,
    graph: Option<Term>,
}

impl Walk<'_> {
    /// A node object; its subject. `standing` nodes (the document, the content
    /// of a graph) must say something of themselves; others are referred to.
    fn node(
        &mut self,
        members: &Map<String, Value>,
        outer: &Active,
        property: Option<Definition>,
        standing: bool,
        at: &Pointer<'_>,
    ) -> Result<Term, CanonError> {
        let reference =
            members.len() == 1 && members.keys().all(|name| matches!(outer.meaning(name), Some(Meaning::Id)));
        let mut active = if reference { outer.clone() } else { outer.reverted() };
        if let Some(property) = property {
            active.enter_property(property);
        }
        let nested = members.get("@context").filter(|_| !matches!(at, Pointer::Root));
        if let Some(nested) = nested {
            contexts::nested(nested, property, self.vocabularies, &mut active, at)?;
        }
        let subject = self.subject(members, &active, at)?;
        let before = self.quads.len();
        let classes = enter_types(members, &mut active, at)?;
        if nested.is_some() && !classes.iter().any(|class| class == contexts::VERIFIABLE_CREDENTIAL) {
            return contexts::refuse_nested(at);
        }
        for class in classes {
            self.say(&subject, &[RDF, "type"].concat(), Term::Iri(class));
        }
        for (name, value) in members.iter().filter(|(name, _)| *name != "@context") {
            let here = Pointer::Member(at, name);
            match active.meaning(name) {
                Some(Meaning::Id | Meaning::Type) => {}
                Some(Meaning::Term(definition)) => {
                    self.values(&subject, &definition.term.iri(), value, Some(definition), &active, &here)?;
                }
                None => {
                    let predicate = undefined(name, &active, &here)?;
                    self.values(&subject, &predicate, value, None, &active, &here)?;
                }
            }
        }
        if standing && self.quads.len() == before {
            return refuse(at, "nothing is said here; it would be dropped");
        }
        Ok(subject)
    }

    fn subject(
        &mut self,
        members: &Map<String, Value>,
        active: &Active,
        at: &Pointer<'_>,
    ) -> Result<Term, CanonError> {
        let mut ids = members.iter().filter(|(name, _)| matches!(active.meaning(name), Some(Meaning::Id)));
        let subject = match ids.next() {
            None => self.blank(),
            Some((name, Value::String(iri))) => link(iri, active, false, &Pointer::Member(at, name))?,
            Some((name, _)) => return refuse(&Pointer::Member(at, name), "must be an absolute IRI"),
        };
        if ids.next().is_some() { refuse(at, "the node has two identifiers") } else { Ok(subject) }
    }

    /// The values of a member.
    fn values(
        &mut self,
        subject: &Term,
        predicate: &str,
        value: &Value,
        definition: Option<Definition>,
        active: &Active,
        at: &Pointer<'_>,
    ) -> Result<(), CanonError> {
        let container = definition.and_then(|found| found.term.container);
        let whole = matches!(definition.and_then(|found| found.term.coercion), Some(Coercion::Json));
        let items = match value {
            Value::Array(items) if !whole => items.as_slice(),
            single => std::slice::from_ref(single),
        };
        let mut listed = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let position = Pointer::Item(at, index);
            let here = if value.is_array() && !whole { &position } else { at };
            if item.is_array() && !whole {
                return refuse(here, "a list inside a list is not accepted");
            }
            match container {
                Some(Container::List) => listed.push(self.object(item, definition, active, here)?),
                Some(Container::Graph) => self.graph(subject, predicate, item, definition, active, here)?,
                Some(Container::Set) | None => {
                    let object = self.object(item, definition, active, here)?;
                    self.say(subject, predicate, object);
                }
            }
        }
        if container == Some(Container::List) {
            let head = self.list(listed);
            self.say(subject, predicate, head);
        }
        Ok(())
    }

    /// One value as the object of a statement.
    fn object(
        &mut self,
        value: &Value,
        definition: Option<Definition>,
        active: &Active,
        at: &Pointer<'_>,
    ) -> Result<Term, CanonError> {
        let coercion = definition.and_then(|found| found.term.coercion);
        match (value, coercion) {
            (Value::Null, _) => refuse(at, "null would be dropped; leave the member out"),
            (json, Some(Coercion::Json)) => literal::json(json, at),
            (Value::Object(members), _) if members.contains_key("@value") => {
                value_object(members, active, at)
            }
            (Value::Object(members), _) => self.node(members, active, definition, false, at),
            (Value::String(text), Some(Coercion::Link)) => link(text, active, false, at),
            (Value::String(text), Some(Coercion::Choice)) => {
                let mut inner = active.clone();
                if let Some(definition) = definition {
                    inner.enter_property(definition);
                }
                link(text, &inner, true, at)
            }
            (_, Some(Coercion::Link | Coercion::Choice)) => {
                refuse(at, "must be an absolute IRI or an object")
            }
            _ => literal::plain(value, definition.and_then(|found| found.expanded_type()), at),
        }
    }

    /// A value that is a graph of its own (a proof).
    fn graph(
        &mut self,
        subject: &Term,
        predicate: &str,
        value: &Value,
        definition: Option<Definition>,
        active: &Active,
        at: &Pointer<'_>,
    ) -> Result<(), CanonError> {
        let Value::Object(members) = value else { return refuse(at, "must be an object") };
        if members.contains_key("@value") {
            return refuse(at, "a value stands where a node is expected");
        }
        let graph = self.blank();
        self.say(subject, predicate, graph.clone());
        let around = self.graph.replace(graph);
        self.node(members, active, definition, true, at)?;
        self.graph = around;
        Ok(())
    }

    /// An RDF collection; its head.
    fn list(&mut self, items: Vec<Term>) -> Term {
        let mut head = Term::Iri([RDF, "nil"].concat());
        for item in items.into_iter().rev() {
            let cell = self.blank();
            self.say(&cell, &[RDF, "first"].concat(), item);
            self.say(&cell, &[RDF, "rest"].concat(), head);
            head = cell;
        }
        head
    }

    fn say(&mut self, subject: &Term, predicate: &str, object: Term) {
        let (subject, predicate, graph) = (subject.clone(), predicate.to_owned(), self.graph.clone());
        self.quads.push(Quad { subject, predicate, object, graph });
    }

    fn blank(&mut self) -> Term {
        self.blanks += 1;
        Term::Blank(format!("b{}", self.blanks))
    }
}

/// The node's types; applies their scoped contexts, in the order of their names
/// (JSON-LD 1.1 API section 5.1.2, step 11).
fn enter_types(
    members: &Map<String, Value>,
    active: &mut Active,
    at: &Pointer<'_>,
) -> Result<Vec<String>, CanonError> {
    let scope = active.clone();
    let mut types = members.iter().filter(|(name, _)| matches!(scope.meaning(name), Some(Meaning::Type)));
    let Some((member, value)) = types.next() else { return Ok(Vec::new()) };
    if types.next().is_some() {
        return refuse(at, "the node's type is given twice");
    }
    let here = Pointer::Member(at, member);
    let listed = match value {
        Value::Array(list) if !list.is_empty() => list.as_slice(),
        single @ Value::String(_) => std::slice::from_ref(single),
        _ => return refuse(&here, "must be a type or a list of types"),
    };
    let mut classes = Vec::new();
    for entry in listed {
        let Value::String(name) = entry else { return refuse(&here, "every type must be a string") };
        let Expanded::Absolute(iri, definition) = scope.expand(name, true) else {
            return refuse(
                &here,
                format!(
                    "the type `{name}` is not defined by the document's contexts, nor is it an absolute IRI"
                ),
            );
        };
        classes.push((name, iri, definition));
    }
    classes.sort_by(|left, right| left.0.cmp(right.0));
    for (name, _, definition) in &classes {
        if let Some(definition) = definition {
            active.enter_type(*definition).or_else(|term| {
                refuse(&here, format!("the type `{name}` redefines the protected term `{term}`"))
            })?;
        }
    }
    Ok(classes.into_iter().map(|(_, iri, _)| iri).collect())
}

/// A string that stands for an IRI.
fn link(value: &str, active: &Active, vocab: bool, at: &Pointer<'_>) -> Result<Term, CanonError> {
    let fault = match active.expand(value, vocab) {
        Expanded::Absolute(iri, _) => return Ok(Term::Iri(iri)),
        Expanded::Malformed => "is not a well-formed IRI",
        Expanded::Blank => "is a blank node label; expected an absolute IRI",
        Expanded::Keyword => "has the form of a JSON-LD keyword; expected an absolute IRI",
        Expanded::Relative => "is a relative IRI; expected an absolute one",
    };
    refuse(at, format!("`{value}` {fault}"))
}

/// The IRI of a member's name that no context defines.
fn undefined(name: &str, active: &Active, at: &Pointer<'_>) -> Result<String, CanonError> {
    if name.starts_with('@') {
        return refuse(at, "JSON-LD keywords other than `@id` and `@type` are not accepted here");
    }
    match active.expand(name, true) {
        Expanded::Absolute(iri, _) => Ok(iri),
        _ => refuse(
            at,
            format!("the term `{name}` is not defined by the document's contexts; it would not be signed"),
        ),
    }
}

/// `{"@value": …}` with a language or a datatype.
fn value_object(members: &Map<String, Value>, active: &Active, at: &Pointer<'_>) -> Result<Term, CanonError> {
    let (mut value, mut language, mut datatype) = (&Value::Null, None, None);
    for (name, member) in members {
        let here = Pointer::Member(at, name);
        match (name.as_str(), member) {
            ("@value", Value::String(_) | Value::Bool(_) | Value::Number(_)) => value = member,
            ("@value", _) => return refuse(&here, "must be a string, a number or a boolean"),
            ("@language", Value::String(tag)) => match Literal::new_language_tagged_literal("", tag) {
                // Tags are compared without regard to case; lower case is canonical.
                Ok(_) => language = Some(tag.to_ascii_lowercase()),
                Err(_) => return refuse(&here, format!("`{tag}` is not a well-formed language tag")),
            },
            ("@language", _) => return refuse(&here, "must be a language tag"),
            ("@direction", _) => return refuse(&here, "a text direction would not be signed; leave it out"),
            ("@type" | "type", Value::String(name)) if datatype.is_none() => {
                match active.expand(name, true) {
                    Expanded::Absolute(iri, _) => datatype = Some(iri),
                    _ => return refuse(&here, "the datatype must be an absolute IRI"),
                }
            }
            _ => return refuse(&here, "not accepted beside `@value`"),
        }
    }
    match (value, language, datatype) {
        (_, Some(_), Some(_)) => refuse(at, "a value has a datatype or a language, not both"),
        (Value::String(text), Some(language), None) => Ok(literal::in_language(text, language)),
        (_, Some(_), None) => refuse(at, "only a string can have a language"),
        (value, None, datatype) => literal::plain(value, datatype, at),
    }
}

#[cfg(test)]
mod tests;
