//! Nodes and their members (JSON-LD 1.1 API sections 5.1 and 8.1).

use std::rc::Rc;

use serde_json::{Map, Value};

use super::super::CanonError;
use super::super::rdf::{Part, RDF_FIRST, RDF_NIL, RDF_REST, RDF_TYPE, Role, Said, Sink};
use super::super::safe::{Subject, refuse};
use super::context::{Active, Bearing, Work};
use super::define::{Coercion, Container, Term};
use super::iri::{Expanded, refuse_link};
use super::value;
use crate::pointer::Pointer;
use crate::vocab::Container as Held;

pub(super) struct Walk<'a, 's, S> {
    pub(super) sink: &'s mut S,
    pub(super) document: Subject<'a>,
    pub(super) work: &'s Work,
    pub(super) said: Said,
    pub(super) blanks: usize,
    pub(super) graph: Option<usize>,
}

/// A member of a node: what it says, with its definition.
struct Member<'a, 'n> {
    predicate: &'n str,
    term: Option<&'n Rc<Term>>,
    value: &'a Value,
}

impl<'a, S: Sink> Walk<'a, '_, S> {
    pub(super) fn document(&mut self, empty: &Active) -> Result<(), CanonError> {
        let root = Pointer::Root;
        let at = Pointer::Member(&root, "@context");
        let Some(contexts) = self.document.contexts else {
            return refuse(&root, "`@context` is missing; its terms give the document its meaning");
        };
        let active = empty.with(contexts, Bearing::Own, self.work, &at)?;
        self.node(self.document.members, &active, None, true, &root).map(drop)
    }

    /// A node object; its subject. `standing` nodes (the document, the content
    /// of a graph) must say something of themselves; others are referred to.
    fn node(
        &mut self,
        members: &'a Map<String, Value>,
        outer: &Active,
        property: Option<&Rc<Term>>,
        standing: bool,
        at: &Pointer<'_>,
    ) -> Result<Part<'a>, CanonError> {
        let is_id = |name: &String| outer.expand(name, true) == Expanded::Keyword("@id".to_owned());
        let reference = members.len() == 1 && members.keys().all(is_id);
        let mut active = if reference { outer.clone() } else { outer.reverted() };
        if let Some(context) = property.and_then(|term| term.context.as_ref()) {
            active = active.scoped(context, Bearing::Property, self.work, at)?;
        }
        let outermost = matches!(at, Pointer::Root);
        if let Some(own) = members.get("@context").filter(|_| !outermost) {
            let here = Pointer::Member(at, "@context");
            active = active.with(own, Bearing::Own, self.work, &here)?;
        }
        let classes = self.types(members, &mut active, at)?;
        let subject = self.subject(members, &active, at)?;
        let before = self.said.statements;
        for class in classes {
            self.say(&subject, RDF_TYPE, &Part::Iri(class.into()))?;
        }
        for (name, value) in members {
            let aside = outermost && self.document.without == Some(name);
            let value = match self.document.instead.filter(|_| aside) {
                Some(instead) => instead,
                None if aside || name == "@context" => continue,
                None => value,
            };
            let here = Pointer::Member(at, name);
            match active.expand(name, true) {
                Expanded::Absolute(predicate) => {
                    let term = active.term(name);
                    let member = Member { predicate: &predicate, term, value };
                    self.values(&subject, &member, &active, &here)?;
                }
                Expanded::Keyword(keyword) if keyword == "@id" || keyword == "@type" => {}
                Expanded::Keyword(keyword) => {
                    return refuse(&here, format!("the keyword `{keyword}` is not accepted here"));
                }
                _ => {
                    return refuse(
                        &here,
                        format!(
                            "the term `{name}` is not defined by the document's contexts; it would not be signed"
                        ),
                    );
                }
            }
        }
        if standing && self.said.statements == before {
            return refuse(at, "nothing is said here; it would be dropped");
        }
        Ok(subject)
    }

    /// The node's types; applies their scoped contexts in the order of their
    /// names (section 5.1.2, step 11).
    fn types(
        &self,
        members: &Map<String, Value>,
        active: &mut Active,
        at: &Pointer<'_>,
    ) -> Result<Vec<String>, CanonError> {
        let scope = active.clone();
        let is_type = |name: &str| scope.expand(name, true) == Expanded::Keyword("@type".to_owned());
        let mut found = members.iter().filter(|(name, _)| is_type(name));
        let Some((member, value)) = found.next() else { return Ok(Vec::new()) };
        if found.next().is_some() {
            return refuse(at, "the node's type is given twice");
        }
        let here = Pointer::Member(at, member);
        let listed = match value {
            Value::Array(list) if !list.is_empty() => list.as_slice(),
            single @ Value::String(_) => std::slice::from_ref(single),
            _ => return refuse(&here, "must be a type or a list of types"),
        };
        let mut names: Vec<&str> = listed.iter().filter_map(Value::as_str).collect();
        if names.len() < listed.len() {
            return refuse(&here, "every type must be a string");
        }
        names.sort_unstable();
        let mut classes = Vec::with_capacity(names.len());
        for name in names {
            let Expanded::Absolute(iri) = scope.expand(name, true) else {
                return refuse(
                    &here,
                    format!(
                        "the type `{name}` is not defined by the document's contexts, nor is it an absolute IRI"
                    ),
                );
            };
            classes.push(iri);
            if let Some(context) = scope.term(name).and_then(|term| term.context.as_ref()) {
                *active = active.scoped(context, Bearing::Type, self.work, &here)?;
            }
        }
        Ok(classes)
    }

    fn subject(
        &mut self,
        members: &'a Map<String, Value>,
        active: &Active,
        at: &Pointer<'_>,
    ) -> Result<Part<'a>, CanonError> {
        let is_id = |name: &str| active.expand(name, true) == Expanded::Keyword("@id".to_owned());
        let mut ids = members.iter().filter(|(name, _)| is_id(name));
        let subject = match ids.next() {
            None => Part::Blank(self.blank(at, Role::Node)),
            Some((name, Value::String(iri))) => link(iri, active, false, &Pointer::Member(at, name))?,
            Some((name, _)) => return refuse(&Pointer::Member(at, name), "must be an absolute IRI"),
        };
        if ids.next().is_some() { refuse(at, "the node has two identifiers") } else { Ok(subject) }
    }

    fn values(
        &mut self,
        subject: &Part<'a>,
        member: &Member<'a, '_>,
        active: &Active,
        at: &Pointer<'_>,
    ) -> Result<(), CanonError> {
        let container = member.term.map_or(Container::Plain(Held::Set), |term| term.container);
        if member.term.is_some_and(|term| term.coercion == Coercion::Json) {
            let object = super::super::literal::json(member.value, at)?;
            self.say(subject, member.predicate, &object)?;
            return Ok(());
        }
        if container == Container::Language {
            for object in value::by_language(member.value, active, at)? {
                self.say(subject, member.predicate, &object)?;
            }
            return Ok(());
        }
        if let Some(listed) = container_object(member.value, "@list", active, at)? {
            return self.listed(subject, member, listed, active, at);
        }
        if container == Container::Plain(Held::List) {
            return self.listed(subject, member, member.value, active, at);
        }
        let items = container_object(member.value, "@set", active, at)?.unwrap_or(member.value);
        each(items, at, |item, here| {
            if container == Container::Plain(Held::Graph) {
                return self.graph(subject, member, item, active, here);
            }
            if let Some(listed) = container_object(item, "@list", active, here)? {
                return self.listed(subject, member, listed, active, here);
            }
            let object = self.object(item, member.term, active, here)?;
            self.say(subject, member.predicate, &object)?;
            Ok(())
        })
    }

    /// An ordered list as one value.
    fn listed(
        &mut self,
        subject: &Part<'a>,
        member: &Member<'a, '_>,
        items: &'a Value,
        active: &Active,
        at: &Pointer<'_>,
    ) -> Result<(), CanonError> {
        let mut objects = Vec::new();
        each(items, at, |item, here| {
            objects.push(self.object(item, member.term, active, here)?);
            Ok(())
        })?;
        let mut head = Part::Iri(RDF_NIL.into());
        for (index, object) in objects.iter().enumerate().rev() {
            let cell = Part::Blank(self.blank(at, Role::Cell(index)));
            self.say(&cell, RDF_FIRST, object)?;
            self.say(&cell, RDF_REST, &head)?;
            head = cell;
        }
        self.say(subject, member.predicate, &head)?;
        Ok(())
    }

    /// One value as the object of a statement.
    fn object(
        &mut self,
        item: &'a Value,
        term: Option<&Rc<Term>>,
        active: &Active,
        at: &Pointer<'_>,
    ) -> Result<Part<'a>, CanonError> {
        match item {
            Value::Null => refuse(at, "null would be dropped; leave the member out"),
            Value::Array(_) => refuse(at, "a list inside a list is not accepted"),
            Value::Object(members) => {
                // A value is read with what reaches it; only nodes go back.
                let within = match term.and_then(|term| term.context.as_ref()) {
                    Some(context) => active.scoped(context, Bearing::Property, self.work, at)?,
                    None => active.clone(),
                };
                let is_value =
                    |name: &str| within.expand(name, true) == Expanded::Keyword("@value".to_owned());
                if members.keys().any(|name| is_value(name)) {
                    return value::object(members, &within, at);
                }
                self.node(members, active, term, false, at)
            }
            scalar => {
                let within = match term.and_then(|term| term.context.as_ref()) {
                    Some(context) => &active.scoped(context, Bearing::Property, self.work, at)?,
                    None => active,
                };
                let coercion = term.map_or(&Coercion::No, |term| &term.coercion);
                match (scalar, coercion) {
                    (Value::String(text), Coercion::Link) => link(text, within, false, at),
                    (Value::String(text), Coercion::Choice) => link(text, within, true, at),
                    (_, Coercion::Link | Coercion::Choice) => {
                        refuse(at, "must be an absolute IRI or an object")
                    }
                    _ => value::scalar(scalar, term.map(Rc::as_ref), within, at),
                }
            }
        }
    }

    /// A value that is a graph of its own (a proof, a presented credential).
    fn graph(
        &mut self,
        subject: &Part<'a>,
        member: &Member<'a, '_>,
        item: &'a Value,
        active: &Active,
        at: &Pointer<'_>,
    ) -> Result<(), CanonError> {
        let Value::Object(members) = item else { return refuse(at, "must be an object") };
        if members.keys().any(|name| name == "@value") {
            return refuse(at, "a value stands where a node is expected");
        }
        let graph = self.blank(at, Role::Graph);
        self.say(subject, member.predicate, &Part::Blank(graph))?;
        let around = self.graph.replace(graph);
        self.node(members, active, member.term, true, at)?;
        self.graph = around;
        Ok(())
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

/// Each of a list, or the one value, with its place.
fn each<'a>(
    value: &'a Value,
    at: &Pointer<'_>,
    mut take: impl FnMut(&'a Value, &Pointer<'_>) -> Result<(), CanonError>,
) -> Result<(), CanonError> {
    match value {
        Value::Array(items) => {
            items.iter().enumerate().try_for_each(|(index, item)| take(item, &Pointer::Item(at, index)))
        }
        single => take(single, at),
    }
}

/// What `{"@list": …}` or `{"@set": …}` holds, if that is what stands here.
fn container_object<'a>(
    value: &'a Value,
    keyword: &str,
    active: &Active,
    at: &Pointer<'_>,
) -> Result<Option<&'a Value>, CanonError> {
    let Value::Object(members) = value else { return Ok(None) };
    let is_it =
        |name: &str| matches!(active.expand(name, true), Expanded::Keyword(found) if found == keyword);
    match members.iter().find(|(name, _)| is_it(name)) {
        None => Ok(None),
        Some((_, held)) if members.len() == 1 => Ok(Some(held)),
        Some(_) => refuse(at, format!("nothing is accepted beside `{keyword}`")),
    }
}

/// A string that stands for an IRI.
pub(super) fn link<'a>(
    value: &str,
    active: &Active,
    vocab: bool,
    at: &Pointer<'_>,
) -> Result<Part<'a>, CanonError> {
    match active.expand(value, vocab) {
        Expanded::Absolute(iri) => Ok(Part::Iri(iri.into())),
        other => refuse_link(value, &other, at),
    }
}
