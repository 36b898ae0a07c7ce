//! The active context (JSON-LD 1.1 API section 4.1), as a stack of compiled
//! contexts: since contexts only add definitions, the newest one that defines
//! a term decides.

use std::borrow::Cow;

use oxrdf::NamedNodeRef;

use super::tables::{Defined, Inner, Name, Tables, Terms};

/// Contexts active at once; a record of endorsed badges needs a dozen.
const MOST: usize = 32;

/// What a name means as a member of a node.
pub(super) enum Meaning<'a> {
    Id,
    Type,
    Term(&'a Defined),
}

/// What a string means where an IRI is expected.
pub(super) enum Expanded<'a> {
    Absolute(Cow<'a, str>, Option<&'a Defined>),
    Malformed,
    Blank,
    Keyword,
    Relative,
}

/// Why a context cannot be applied.
pub(super) enum Refused {
    /// It redefines this protected term.
    Protected(&'static str),
    /// It is written with this prefix, which it does not define, and which
    /// stands for something else where it would be applied.
    Prefix(&'static str),
    /// More than [`MOST`] would be active.
    TooMany,
}

impl Refused {
    /// The reason, with what was to be applied.
    pub(super) fn of(&self, what: &str) -> String {
        match self {
            Self::Protected(term) => {
                format!("{what} redefines the protected term `{term}` of a context before it")
            }
            Self::Prefix(prefix) => {
                format!(
                    "{what} does not say what its prefix `{prefix}:` stands for, and another context does"
                )
            }
            Self::TooMany => format!("{what} is one too many: at most {MOST} may apply to one node"),
        }
    }
}

#[derive(Clone, Copy)]
pub(super) struct Active<'a> {
    tables: &'a Tables,
    layers: [Option<&'a Terms>; MOST],
    len: usize,
    /// How many layers reach into nodes below: type-scoped ones do not
    /// (JSON-LD 1.1 section 4.1.9).
    propagated: Option<usize>,
}

impl<'a> Active<'a> {
    /// No context at all.
    pub(super) fn empty(tables: &'a Tables) -> Self {
        Self { tables, layers: [None; MOST], len: 0, propagated: None }
    }

    /// Applies the context at `url`; none if it is not a known one.
    pub(super) fn add(&mut self, url: &str) -> Option<Result<(), Refused>> {
        self.tables.root(url).map(|terms| self.push_checked(terms))
    }

    /// The context that nodes below a node start from.
    pub(super) fn reverted(mut self) -> Self {
        if let Some(propagated) = self.propagated.take() {
            self.len = propagated;
        }
        self
    }

    /// Applies the scoped context of a property: it may redefine what is
    /// protected, and it reaches below.
    pub(super) fn enter_property(&mut self, property: &Defined) -> Result<(), Refused> {
        match property.inner {
            Inner::No => Ok(()),
            Inner::Null => {
                *self = Self::empty(self.tables);
                Ok(())
            }
            Inner::Terms(scope) => self.tables.terms(scope).map_or(Ok(()), |terms| self.push(terms)),
        }
    }

    /// Applies the scoped context of a type.
    pub(super) fn enter_type(&mut self, class: &Defined) -> Result<(), Refused> {
        if let Inner::Terms(scope) = class.inner
            && let Some(terms) = self.tables.terms(scope)
        {
            self.propagated.get_or_insert(self.len);
            self.push_checked(terms)?;
        }
        Ok(())
    }

    /// Newest first.
    fn layers(&self) -> impl Iterator<Item = &'a Terms> {
        self.layers.get(..self.len).unwrap_or_default().iter().rev().copied().flatten()
    }

    fn push_checked(&mut self, terms: &'a Terms) -> Result<(), Refused> {
        for (term, name) in terms.all() {
            let mut protected = self.layers().filter(|layer| layer.protected);
            if protected.find_map(|layer| layer.get(name)).is_some_and(|earlier| earlier.class != term.class)
            {
                return Err(Refused::Protected(term.name));
            }
        }
        self.push(terms)
    }

    fn push(&mut self, terms: &'a Terms) -> Result<(), Refused> {
        for (prefix, assumed) in &terms.assumes {
            let found = self.definition(prefix).filter(|found| found.prefix).map(|found| found.iri.as_str());
            if found != *assumed {
                return Err(Refused::Prefix(prefix));
            }
        }
        let slot = self.layers.get_mut(self.len).ok_or(Refused::TooMany)?;
        *slot = Some(terms);
        self.len += 1;
        Ok(())
    }

    fn definition(&self, name: &str) -> Option<&'a Defined> {
        self.numbered(self.tables.name(name)?)
    }

    fn numbered(&self, name: Name) -> Option<&'a Defined> {
        self.layers().find_map(|layer| layer.get(name))
    }

    /// What `name` means as a member of a node.
    pub(super) fn meaning(&self, name: &str) -> Option<Meaning<'a>> {
        self.keyword(name).or_else(|| self.definition(name).map(Meaning::Term))
    }

    fn keyword(&self, name: &str) -> Option<Meaning<'a>> {
        let aliased = || self.layers().any(|layer| layer.aliased);
        match name {
            "@id" => Some(Meaning::Id),
            "@type" => Some(Meaning::Type),
            "id" if aliased() => Some(Meaning::Id),
            "type" if aliased() => Some(Meaning::Type),
            _ => None,
        }
    }

    /// IRI expansion (JSON-LD 1.1 API section 5.2), without a base IRI:
    /// `vocab` says whether terms are looked up.
    pub(super) fn expand(&self, value: &'a str, vocab: bool) -> Expanded<'a> {
        if value.starts_with('@') || self.keyword(value).is_some() {
            return Expanded::Keyword;
        }
        if vocab && let Some(definition) = self.definition(value) {
            return Expanded::Absolute(Cow::Borrowed(&definition.iri), Some(definition));
        }
        if let Some((prefix, suffix)) = value.split_once(':') {
            if prefix == "_" {
                return Expanded::Blank;
            }
            let prefix = self.definition(prefix).filter(|found| found.prefix);
            return match prefix {
                Some(prefix) if !suffix.starts_with("//") => {
                    absolute(Cow::Owned([prefix.iri.as_str(), suffix].concat()))
                }
                _ => absolute(Cow::Borrowed(value)),
            };
        }
        match self.layers().find_map(|layer| layer.vocab) {
            Some(namespace) if vocab => absolute(Cow::Owned([namespace, value].concat())),
            _ => Expanded::Relative,
        }
    }
}

fn absolute(iri: Cow<'_, str>) -> Expanded<'_> {
    match NamedNodeRef::new(&iri) {
        Ok(_) => Expanded::Absolute(iri, None),
        Err(_) => Expanded::Malformed,
    }
}
