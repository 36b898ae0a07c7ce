//! From a document to its statements, in safe mode: refuses every document that
//! JSON-LD processing would change or lose part of without saying so (VC Data
//! Integrity 1.0 section 4.6; OB 3.0 section 8).
//!
//! One walk with the vocabulary tables does expansion (JSON-LD 1.1 API section
//! 5.1) and deserialisation to RDF (section 8.1). It knows the part of JSON-LD
//! that credentials use and refuses the rest: whatever it accepts becomes
//! statements.

use std::borrow::Cow;

use oxrdf::Literal;
use serde_json::{Map, Value};

use super::active::{Active, Expanded, Meaning};
use super::rdf::{Part, RDF_FIRST, RDF_NIL, RDF_REST, RDF_TYPE, Role, Said, Sink};
use super::tables::{Coerced, Defined, Tables};
use super::{CanonError, contexts, literal};
use crate::pointer::Pointer;
use crate::vocab::Container;

/// What is read: an object, or that object seen without some of its members
/// and with the contexts of another, as proofs are.
#[derive(Clone, Copy)]
pub(crate) struct Subject<'a> {
    /// The object.
    pub(crate) members: &'a Map<String, Value>,
    /// The contexts it is read with.
    pub(crate) contexts: Option<&'a Value>,
    /// A member that is left aside.
    pub(crate) without: Option<&'static str>,
    /// What stands in its place.
    pub(crate) instead: Option<&'a Value>,
}

impl<'a> Subject<'a> {
    /// A whole document.
    pub(crate) fn whole(document: &'a Value) -> Result<Self, CanonError> {
        let Value::Object(members) = document else {
            return refuse(&Pointer::Root, "the document must be a JSON object");
        };
        Ok(Self { members, contexts: members.get("@context"), without: None, instead: None })
    }
}

/// Says the statements of a document to `sink`, unless a part of it would
/// become none; how many blank nodes they have.
pub(super) fn read<'a>(
    subject: Subject<'a>,
    tables: &'a Tables,
    sink: &mut impl Sink,
) -> Result<usize, CanonError> {
    let active = contexts::of_document(subject.contexts, tables)?;
    let mut walk = Walk { sink, document: subject, said: Said::default(), blanks: 0, graph: None };
    walk.node(subject.members, &active, None, true, &Pointer::Root)?;
    Ok(walk.blanks)
}

pub(super) fn refuse<T>(at: &Pointer<'_>, detail: impl Into<String>) -> Result<T, CanonError> {
    Err(CanonError::Unsafe { pointer: at.to_string(), detail: detail.into() })
}

struct Walk<'a, 's, S> {
    sink: &'s mut S,
    document: Subject<'a>,
    said: Said,
    blanks: usize,
    graph: Option<usize>,
}

impl<'a, S: Sink> Walk<'a, '_, S> {
    /// A node object; its subject. `standing` nodes (the document, the content
    /// of a graph) must say something of themselves; others are referred to.
    fn node(
        &mut self,
        members: &'a Map<String, Value>,
        outer: &Active<'a>,
        property: Option<&'a Defined>,
        standing: bool,
        at: &Pointer<'_>,
    ) -> Result<Part<'a>, CanonError> {
        let reference =
            members.len() == 1 && members.keys().all(|name| matches!(outer.meaning(name), Some(Meaning::Id)));
        let mut active = if reference { *outer } else { outer.reverted() };
        if let Some(property) = property {
            active.enter_property(property).or_else(|why| refuse(at, why.of("the property")))?;
        }
        let outermost = matches!(at, Pointer::Root);
        let nested = if outermost { None } else { context(members) };
        let expected = nested.map(|own| contexts::nested(own, property, &mut active, at)).transpose()?;
        let classes = enter_types(members, &mut active, at)?;
        if expected.is_some_and(|any| !classes.iter().any(|class| any.contains(&&*class.iri))) {
            return contexts::refuse_nested(at);
        }
        let subject = self.subject(members, &active, at)?;
        let before = self.said.statements;
        for class in classes {
            self.say(&subject, RDF_TYPE, &Part::Iri(class.iri))?;
        }
        for (name, value) in members {
            let aside = outermost && self.document.without == Some(name);
            let value = match self.document.instead.filter(|_| aside) {
                Some(instead) => instead,
                None if aside || name == "@context" => continue,
                None => value,
            };
            let here = Pointer::Member(at, name);
            match active.meaning(name) {
                Some(Meaning::Id | Meaning::Type) => {}
                Some(Meaning::Term(definition)) => {
                    self.values(&subject, &definition.iri, value, Some(definition), &active, &here)?;
                }
                None => {
                    let predicate = undefined(name, &active, &here)?;
                    self.values(&subject, &predicate, value, None, &active, &here)?;
                }
            }
        }
        if standing && self.said.statements == before {
            return refuse(at, "nothing is said here; it would be dropped");
        }
        Ok(subject)
    }

    fn subject(
        &mut self,
        members: &'a Map<String, Value>,
        active: &Active<'a>,
        at: &Pointer<'_>,
    ) -> Result<Part<'a>, CanonError> {
        let mut ids = members
            .iter()
            .filter(|(name, _)| name.ends_with("id") && matches!(active.meaning(name), Some(Meaning::Id)));
        let subject = match ids.next() {
            None => Part::Blank(self.blank(at, Role::Node)),
            Some((name, Value::String(iri))) => link(iri, active, false, &Pointer::Member(at, name))?,
            Some((name, _)) => return refuse(&Pointer::Member(at, name), "must be an absolute IRI"),
        };
        if ids.next().is_some() { refuse(at, "the node has two identifiers") } else { Ok(subject) }
    }

    /// The values of a member.
    fn values(
        &mut self,
        subject: &Part<'a>,
        predicate: &str,
        value: &'a Value,
        definition: Option<&'a Defined>,
        active: &Active<'a>,
        at: &Pointer<'_>,
    ) -> Result<(), CanonError> {
        let container = definition.and_then(|found| found.container);
        let whole = matches!(definition.map(|found| &found.coercion), Some(Coerced::Json));
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
                    self.say(subject, predicate, &object)?;
                }
            }
        }
        if container == Some(Container::List) {
            let head = self.list(&listed, at)?;
            self.say(subject, predicate, &head)?;
        }
        Ok(())
    }

    /// One value as the object of a statement.
    fn object(
        &mut self,
        value: &'a Value,
        definition: Option<&'a Defined>,
        active: &Active<'a>,
        at: &Pointer<'_>,
    ) -> Result<Part<'a>, CanonError> {
        let coercion = definition.map_or(&Coerced::No, |found| &found.coercion);
        match (value, coercion) {
            (Value::Null, _) => refuse(at, "null would be dropped; leave the member out"),
            (json, Coerced::Json) => literal::json(json, at),
            (Value::Object(members), _) if members.keys().any(|name| name == "@value") => {
                value_object(members, active, at)
            }
            (Value::Object(members), _) => self.node(members, active, definition, false, at),
            (Value::String(text), Coerced::Link) => link(text, active, false, at),
            (Value::String(text), Coerced::Choice) => {
                let mut inner = *active;
                if let Some(definition) = definition {
                    inner.enter_property(definition).or_else(|why| refuse(at, why.of("the property")))?;
                }
                link(text, &inner, true, at)
            }
            (_, Coerced::Link | Coerced::Choice) => refuse(at, "must be an absolute IRI or an object"),
            (_, Coerced::Datatype(datatype)) => literal::plain(value, Some(datatype.into()), at),
            (_, Coerced::No) => literal::plain(value, None, at),
        }
    }

    /// A value that is a graph of its own (a proof, a presented credential).
    fn graph(
        &mut self,
        subject: &Part<'a>,
        predicate: &str,
        value: &'a Value,
        definition: Option<&'a Defined>,
        active: &Active<'a>,
        at: &Pointer<'_>,
    ) -> Result<(), CanonError> {
        let Value::Object(members) = value else { return refuse(at, "must be an object") };
        if members.keys().any(|name| name == "@value") {
            return refuse(at, "a value stands where a node is expected");
        }
        let graph = self.blank(at, Role::Graph);
        self.say(subject, predicate, &Part::Blank(graph))?;
        let around = self.graph.replace(graph);
        self.node(members, active, definition, true, at)?;
        self.graph = around;
        Ok(())
    }

    /// An RDF collection; its head.
    fn list(&mut self, items: &[Part<'a>], at: &Pointer<'_>) -> Result<Part<'a>, CanonError> {
        let mut head = Part::Iri(RDF_NIL.into());
        for (index, item) in items.iter().enumerate().rev() {
            let cell = Part::Blank(self.blank(at, Role::Cell(index)));
            self.say(&cell, RDF_FIRST, item)?;
            self.say(&cell, RDF_REST, &head)?;
            head = cell;
        }
        Ok(head)
    }

    fn say(&mut self, subject: &Part<'_>, predicate: &str, object: &Part<'_>) -> Result<(), CanonError> {
        self.said.add(subject, predicate, object)?;
        self.sink.say(subject, predicate, object, self.graph);
        Ok(())
    }

    fn blank(&mut self, at: &Pointer<'_>, role: Role) -> usize {
        self.sink.made(at, role);
        self.blanks += 1;
        self.blanks - 1
    }
}

fn context(members: &Map<String, Value>) -> Option<&Value> {
    members.iter().find(|(name, _)| *name == "@context").map(|(_, value)| value)
}

/// A type of a node.
struct Class<'a> {
    name: &'a str,
    iri: Cow<'a, str>,
    definition: Option<&'a Defined>,
}

/// The node's types; applies their scoped contexts, in the order of their names
/// (JSON-LD 1.1 API section 5.1.2, step 11).
fn enter_types<'a>(
    members: &'a Map<String, Value>,
    active: &mut Active<'a>,
    at: &Pointer<'_>,
) -> Result<Vec<Class<'a>>, CanonError> {
    let scope = *active;
    let mut types = members
        .iter()
        .filter(|(name, _)| name.ends_with("type") && matches!(scope.meaning(name), Some(Meaning::Type)));
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
    let mut classes = Vec::with_capacity(listed.len());
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
        classes.push(Class { name, iri, definition });
    }
    classes.sort_by(|left, right| left.name.cmp(right.name));
    for class in &classes {
        if let Some(definition) = class.definition {
            active
                .enter_type(definition)
                .or_else(|why| refuse(&here, why.of(&format!("the type `{}`", class.name))))?;
        }
    }
    Ok(classes)
}

/// A string that stands for an IRI.
fn link<'a>(
    value: &'a str,
    active: &Active<'a>,
    vocab: bool,
    at: &Pointer<'_>,
) -> Result<Part<'a>, CanonError> {
    let fault = match active.expand(value, vocab) {
        Expanded::Absolute(iri, _) => return Ok(Part::Iri(iri)),
        Expanded::Malformed => "is not a well-formed IRI",
        Expanded::Blank => "is a blank node label; expected an absolute IRI",
        Expanded::Keyword => "has the form of a JSON-LD keyword; expected an absolute IRI",
        Expanded::Relative => "is a relative IRI; expected an absolute one",
    };
    refuse(at, format!("`{value}` {fault}"))
}

/// The IRI of a member's name that no context defines.
fn undefined<'a>(name: &'a str, active: &Active<'a>, at: &Pointer<'_>) -> Result<Cow<'a, str>, CanonError> {
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
fn value_object<'a>(
    members: &'a Map<String, Value>,
    active: &Active<'a>,
    at: &Pointer<'_>,
) -> Result<Part<'a>, CanonError> {
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
