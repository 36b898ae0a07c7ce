//! Term definitions (JSON-LD 1.1 API section 4.2).

use serde_json::{Map, Value};

use super::super::CanonError;
use super::super::safe::refuse;
use super::Names;
use super::context::{Active, language};
use super::iri::{Expanded, is_keyword, looks_like_keyword, refuse_link, split};
use crate::pointer::Pointer;
use crate::vocab::Container as Held;

/// A term as a context defines it.
#[derive(Debug, Clone)]
pub(super) struct Term {
    pub(super) meaning: Meaning,
    pub(super) coercion: Coercion,
    pub(super) container: Container,
    pub(super) language: Tongue,
    /// The scoped context, read when it is needed.
    pub(super) context: Option<Value>,
    pub(super) prefix: bool,
    pub(super) protected: bool,
}

/// What a term stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Meaning {
    Iri(String),
    Keyword(String),
    /// What is said with it is dropped by JSON-LD, and refused here.
    Nothing,
}

/// What plain values become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Coercion {
    No,
    Link,
    Choice,
    Json,
    Datatype(String),
}

/// The language of text without one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Tongue {
    /// The context's.
    Default,
    /// The term's own, or none although the context has one.
    Own(Option<String>),
}

/// How several values are held together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Container {
    Plain(Held),
    Language,
}

impl Term {
    fn new(meaning: Meaning) -> Self {
        Self {
            meaning,
            coercion: Coercion::No,
            container: Container::Plain(Held::Set),
            language: Tongue::Default,
            context: None,
            prefix: false,
            protected: false,
        }
    }

    /// Whether both say the same, protection aside.
    fn is_same(&self, other: &Self) -> bool {
        self.meaning == other.meaning
            && self.coercion == other.coercion
            && self.container == other.container
            && self.language == other.language
            && self.context == other.context
            && self.prefix == other.prefix
    }
}

/// The definitions of one context in the making.
pub(super) struct Defining<'a> {
    pub(super) active: &'a mut Active,
    /// What was active before this context.
    pub(super) before: &'a Active,
    pub(super) members: &'a Map<String, Value>,
    pub(super) protected: bool,
    /// Whether protected terms may be redefined.
    pub(super) overrides: bool,
    /// Terms begun (false) and done (true).
    pub(super) started: Names<bool>,
}

impl Defining<'_> {
    /// Defines `name`, and first what its definition is made of.
    pub(super) fn term(&mut self, name: &str, at: &Pointer<'_>) -> Result<(), CanonError> {
        let here = Pointer::Member(at, name);
        match self.started.get(name) {
            Some(true) => return Ok(()),
            Some(false) => return refuse(&here, "the term is defined by itself"),
            None => self.started.insert(name.to_owned(), false),
        };
        self.active.insert(name, None);
        if name.is_empty() || is_keyword(name) || looks_like_keyword(name) {
            return refuse(&here, "keywords, and what has their form, cannot be defined");
        }
        let term = match self.members.get(name) {
            Some(Value::Null) => Term { protected: self.protected, ..Term::new(Meaning::Nothing) },
            Some(Value::String(iri)) => self.simple(name, iri, at)?,
            Some(Value::Object(definition)) => self.expanded(name, definition, at)?,
            _ => return refuse(&here, "a term is defined by an IRI, an object or null"),
        };
        if let Some(earlier) = self.before.term(name).filter(|earlier| earlier.protected && !self.overrides) {
            if !term.is_same(earlier) {
                return refuse(
                    &here,
                    format!("redefines the protected term `{name}` of a context before it"),
                );
            }
            self.active.insert(name, Some(Term { protected: true, ..term }));
        } else {
            self.active.insert(name, Some(term));
        }
        self.started.insert(name.to_owned(), true);
        Ok(())
    }

    fn simple(&mut self, name: &str, iri: &str, at: &Pointer<'_>) -> Result<Term, CanonError> {
        let meaning = if iri == name { self.own(name, at)? } else { self.iri(name, iri, at)? };
        let prefix = is_prefix(name, &meaning);
        Ok(Term { prefix, protected: self.protected, ..Term::new(meaning) })
    }

    fn expanded(
        &mut self,
        name: &str,
        definition: &Map<String, Value>,
        at: &Pointer<'_>,
    ) -> Result<Term, CanonError> {
        let within = Pointer::Member(at, name);
        let meaning = match definition.get("@id") {
            Some(Value::Null) => Meaning::Nothing,
            Some(Value::String(iri)) if iri != name => self.iri(name, iri, at)?,
            Some(Value::String(_)) | None => self.own(name, at)?,
            Some(_) => return refuse(&Pointer::Member(&within, "@id"), "must be a string or null"),
        };
        let mut term = Term { protected: self.protected, ..Term::new(meaning) };
        for (member, value) in definition {
            let here = Pointer::Member(&within, member);
            match (member.as_str(), value) {
                ("@type", Value::String(written)) => term.coercion = self.coercion(written, at, &here)?,
                ("@container", value) => term.container = container(value, &here)?,
                ("@context", context) => term.context = Some(context.clone()),
                ("@language", value) => term.language = Tongue::Own(language(value, &here)?),
                ("@protected", Value::Bool(protected)) => term.protected = *protected,
                ("@prefix", Value::Bool(prefix)) if split(name).is_none() => {
                    term.prefix = *prefix && matches!(term.meaning, Meaning::Iri(_));
                }
                ("@id", _) | ("@direction", Value::Null) => {}
                _ => return refuse(&here, "is not accepted in a term's definition, or not with this value"),
            }
        }
        if definition.contains_key("@type") {
            // A type decides before a language does (step 23).
            term.language = Tongue::Default;
        }
        Ok(term)
    }

    /// What a term stands for that names no IRI: itself in full or compact, or
    /// a name of the vocabulary.
    fn own(&mut self, name: &str, at: &Pointer<'_>) -> Result<Meaning, CanonError> {
        let here = Pointer::Member(at, name);
        if let Some((prefix, _)) = split(name) {
            self.first(prefix, at)?;
        } else if name.contains('/') {
            return refuse(&here, "a relative IRI cannot be a term");
        } else if self.active.vocab().is_none() {
            return refuse(&here, "is defined without an IRI, and there is no `@vocab`");
        }
        match self.active.expand(name, true) {
            Expanded::Absolute(iri) => Ok(Meaning::Iri(iri)),
            other => refuse_link(name, &other, &here),
        }
    }

    /// What the text of `@id` stands for.
    fn iri(&mut self, name: &str, iri: &str, at: &Pointer<'_>) -> Result<Meaning, CanonError> {
        let here = Pointer::Member(at, name);
        let expanded = self.vocabulary(iri, at)?;
        let meaning = match expanded {
            Expanded::Absolute(iri) => Meaning::Iri(iri),
            Expanded::Keyword(keyword) if keyword != "@context" => Meaning::Keyword(keyword),
            other => return refuse_link(iri, &other, &here),
        };
        if name.trim_matches(':').contains(':') || name.contains('/') {
            // It looks like an IRI, and must be that one.
            if let Some((prefix, _)) = split(name) {
                self.first(prefix, at)?;
            }
            let own = self.active.expand(name, true);
            if !matches!((&own, &meaning), (Expanded::Absolute(own), Meaning::Iri(iri)) if own == iri) {
                return refuse(&here, "has the form of an IRI and is defined as another");
            }
        }
        Ok(meaning)
    }

    fn coercion(
        &mut self,
        written: &str,
        at: &Pointer<'_>,
        here: &Pointer<'_>,
    ) -> Result<Coercion, CanonError> {
        match self.vocabulary(written, at)? {
            Expanded::Absolute(datatype) => Ok(Coercion::Datatype(datatype)),
            Expanded::Keyword(keyword) => match keyword.as_str() {
                "@id" => Ok(Coercion::Link),
                "@vocab" => Ok(Coercion::Choice),
                "@json" => Ok(Coercion::Json),
                "@none" => Ok(Coercion::No),
                _ => refuse(here, "must be a datatype, @id, @vocab, @json or @none"),
            },
            other => refuse_link(written, &other, here),
        }
    }

    /// Expands what stands in this context, defining first what it is made of
    /// (section 5.2, steps 3 and 6.3).
    fn vocabulary(&mut self, text: &str, at: &Pointer<'_>) -> Result<Expanded, CanonError> {
        self.first(text, at)?;
        if let Some((prefix, _)) = split(text) {
            self.first(prefix, at)?;
        }
        Ok(self.active.expand(text, true))
    }

    /// Defines `name` now, if this context defines it.
    fn first(&mut self, name: &str, at: &Pointer<'_>) -> Result<(), CanonError> {
        if self.members.contains_key(name) && !is_keyword(name) { self.term(name, at) } else { Ok(()) }
    }
}

/// A simple definition may be the prefix of a compact IRI if it ends in a
/// delimiter (step 14.2.5).
fn is_prefix(name: &str, meaning: &Meaning) -> bool {
    !name.contains([':', '/'])
        && matches!(meaning, Meaning::Iri(iri) if iri.ends_with([':', '/', '?', '#', '[', ']', '@']))
}

fn container(value: &Value, at: &Pointer<'_>) -> Result<Container, CanonError> {
    let names: Vec<&str> = match value {
        Value::String(name) => vec![name],
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let mut others = names.iter().filter(|name| **name != "@set");
    match (others.next().copied(), others.next(), names.len()) {
        (None, None, 1) => Ok(Container::Plain(Held::Set)),
        (Some("@list"), None, 1) => Ok(Container::Plain(Held::List)),
        (Some("@graph"), None, _) => Ok(Container::Plain(Held::Graph)),
        (Some("@language"), None, _) => Ok(Container::Language),
        _ => refuse(at, "only @set, @list, @graph and @language are accepted"),
    }
}
