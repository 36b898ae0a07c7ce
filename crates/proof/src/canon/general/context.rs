//! Context processing (JSON-LD 1.1 API section 4.1).

use std::cell::Cell;
use std::rc::Rc;

use oxrdf::Literal;
use serde_json::{Map, Value};

use super::super::CanonError;
use super::super::safe::refuse;
use super::Names;
use super::define::{self, Term};
use super::iri::{Expanded, refuse_link};
use super::published;
use crate::pointer::Pointer;

/// Definitions that one document may have made: each node below a scoped
/// context makes its terms again.
const MOST_DEFINITIONS: usize = 200_000;
/// Contexts active at once.
const MOST_LAYERS: usize = 128;

/// How much a document has asked for.
pub(super) struct Work(Cell<usize>);

impl Work {
    pub(super) fn new() -> Self {
        Self(Cell::new(0))
    }

    fn define(&self, terms: usize, at: &Pointer<'_>) -> Result<(), CanonError> {
        self.0.set(self.0.get().saturating_add(terms));
        if self.0.get() > MOST_DEFINITIONS {
            return refuse(at, format!("its contexts define more than {MOST_DEFINITIONS} terms in all"));
        }
        Ok(())
    }
}

/// The active context: what each context defined, newest last.
#[derive(Debug, Clone, Default)]
pub(super) struct Active {
    layers: Vec<Rc<Layer>>,
    vocab: Option<Rc<str>>,
    language: Option<Rc<str>>,
    /// What nodes below go back to, where a context does not reach them.
    previous: Option<Rc<Active>>,
}

#[derive(Debug, Default)]
struct Layer {
    /// None for a term that is being defined: what contexts before said of it
    /// no longer counts.
    terms: Names<Option<Rc<Term>>>,
}

/// How a context is brought to bear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bearing {
    /// `@context` of a node: reaches below.
    Own,
    /// The scoped context of a type: stays with the node.
    Type,
    /// The scoped context of a property: may redefine what is protected.
    Property,
}

impl Active {
    pub(super) fn term(&self, name: &str) -> Option<&Rc<Term>> {
        self.layers.iter().rev().find_map(|layer| layer.terms.get(name)).and_then(Option::as_ref)
    }

    pub(super) fn vocab(&self) -> Option<&str> {
        self.vocab.as_deref()
    }

    pub(super) fn language(&self) -> Option<&str> {
        self.language.as_deref()
    }

    /// The context that nodes below a node start from.
    pub(super) fn reverted(&self) -> Self {
        self.previous.as_deref().unwrap_or(self).clone()
    }

    /// With the scoped context of a term applied. What is wrong with it is said
    /// of the node that brings it to bear, at `at`.
    pub(super) fn scoped(
        &self,
        context: &Value,
        bearing: Bearing,
        work: &Work,
        at: &Pointer<'_>,
    ) -> Result<Self, CanonError> {
        self.with(context, bearing, work, &Pointer::Root).or_else(|error| match &error {
            CanonError::Unsafe { pointer, detail } => {
                refuse(at, format!("in the scoped context that applies here, {pointer}: {detail}"))
            }
            CanonError::TooMuchWork { .. } | CanonError::TooMuchSaid { .. } => Err(error),
        })
    }

    /// With a context, or a list of them, applied.
    pub(super) fn with(
        &self,
        context: &Value,
        bearing: Bearing,
        work: &Work,
        at: &Pointer<'_>,
    ) -> Result<Self, CanonError> {
        let mut result = self.clone();
        let propagates = match context {
            Value::Object(members) => match members.get("@propagate") {
                None => bearing != Bearing::Type,
                Some(Value::Bool(propagates)) => *propagates,
                Some(_) => return refuse(&Pointer::Member(at, "@propagate"), "must be true or false"),
            },
            _ => bearing != Bearing::Type,
        };
        if !propagates && result.previous.is_none() {
            result.previous = Some(Rc::new(self.clone()));
        }
        match context {
            Value::Array(list) => {
                for (index, entry) in list.iter().enumerate() {
                    result.apply(entry, bearing, work, &Pointer::Item(at, index))?;
                }
            }
            single => result.apply(single, bearing, work, at)?,
        }
        Ok(result)
    }

    fn apply(
        &mut self,
        entry: &Value,
        bearing: Bearing,
        work: &Work,
        at: &Pointer<'_>,
    ) -> Result<(), CanonError> {
        match entry {
            Value::Null => self.reset(bearing, at),
            Value::String(url) => match published::document(url).and_then(|found| found.get("@context")) {
                Some(Value::Object(members)) => self.define(members, bearing, work, at),
                Some(other) => self.apply(other, bearing, work, at),
                None => refuse(at, format!("`{url}` is not a context whose content is known here")),
            },
            Value::Object(members) => self.define(members, bearing, work, at),
            _ => refuse(at, "a context is a URL, an object or null"),
        }
    }

    /// Starts anew (step 5.1).
    fn reset(&mut self, bearing: Bearing, at: &Pointer<'_>) -> Result<(), CanonError> {
        let mut terms = self.layers.iter().flat_map(|layer| layer.terms.values().flatten());
        if bearing != Bearing::Property && terms.any(|term| term.protected) {
            return refuse(at, "null would take away protected terms of a context before it");
        }
        *self = Self { previous: self.previous.take(), ..Self::default() };
        Ok(())
    }

    /// Applies a context definition (steps 5.5 to 5.13).
    fn define(
        &mut self,
        members: &Map<String, Value>,
        bearing: Bearing,
        work: &Work,
        at: &Pointer<'_>,
    ) -> Result<(), CanonError> {
        work.define(members.len(), at)?;
        if self.layers.len() >= MOST_LAYERS {
            return refuse(at, format!("at most {MOST_LAYERS} contexts may apply to one node"));
        }
        let mut protected = false;
        for (name, value) in members.iter().filter(|(name, _)| name.starts_with('@')) {
            let here = Pointer::Member(at, name);
            match (name.as_str(), value) {
                ("@version", Value::Number(version)) if version.as_f64() == Some(1.1) => {}
                ("@version", _) => return refuse(&here, "must be the number 1.1"),
                ("@protected", Value::Bool(whether)) => protected = *whether,
                ("@protected", _) => return refuse(&here, "must be true or false"),
                ("@propagate", _) if matches!(at, Pointer::Item(..)) => {
                    return refuse(&here, "is accepted in a context that stands alone");
                }
                ("@vocab" | "@language" | "@propagate", _) | ("@base" | "@direction", Value::Null) => {}
                ("@base", _) => return refuse(&here, "a base IRI is not accepted; write IRIs in full"),
                ("@direction", _) => return refuse(&here, "a text direction would not be signed"),
                _ => return refuse(&here, "this keyword is not accepted in a context"),
            }
        }
        if let Some(value) = members.get("@vocab") {
            self.vocab = self.vocabulary(value, &Pointer::Member(at, "@vocab"))?;
        }
        if let Some(value) = members.get("@language") {
            self.language = language(value, &Pointer::Member(at, "@language"))?.map(Into::into);
        }
        let before = self.clone();
        self.layers.push(Rc::default());
        let mut defining = define::Defining {
            active: self,
            before: &before,
            members,
            protected,
            overrides: bearing == Bearing::Property,
            started: Names::default(),
        };
        members
            .keys()
            .filter(|name| !KEYWORDS.contains(&name.as_str()))
            .try_for_each(|name| defining.term(name, at))
    }

    /// Puts a definition into the newest layer, or none while it is made.
    pub(super) fn insert(&mut self, name: &str, term: Option<Term>) {
        if let Some(layer) = self.layers.last_mut().and_then(Rc::get_mut) {
            layer.terms.insert(name.to_owned(), term.map(Rc::new));
        }
    }

    fn vocabulary(&self, value: &Value, at: &Pointer<'_>) -> Result<Option<Rc<str>>, CanonError> {
        match value {
            Value::Null => Ok(None),
            Value::String(text) => match self.expand(text, true) {
                Expanded::Absolute(iri) => Ok(Some(iri.into())),
                other => refuse_link(text, &other, at),
            },
            _ => refuse(at, "must be an absolute IRI or null"),
        }
    }
}

/// What a context definition says beside its terms.
const KEYWORDS: [&str; 7] =
    ["@version", "@protected", "@propagate", "@vocab", "@language", "@base", "@direction"];

/// A language tag in lower case, which is its canonical form; or none.
pub(super) fn language(value: &Value, at: &Pointer<'_>) -> Result<Option<String>, CanonError> {
    match value {
        Value::Null => Ok(None),
        Value::String(tag) => match Literal::new_language_tagged_literal("", tag) {
            Ok(_) => Ok(Some(tag.to_ascii_lowercase())),
            Err(_) => refuse(at, format!("`{tag}` is not a well-formed language tag")),
        },
        _ => refuse(at, "must be a language tag or null"),
    }
}
