//! The active context (JSON-LD 1.1 API section 4.1), as a stack of scopes of
//! the vocabulary tables: since contexts only add definitions, the newest
//! scope that defines a term decides.

use oxrdf::NamedNode;

use crate::context;
use crate::vocab::{Scope, Scoped, Term, Vocabulary, clr, openbadges};

/// One scope, in the edition of its vocabulary.
#[derive(Clone, Copy)]
pub(super) struct Layer {
    scope: &'static Scope,
    edition: u8,
    /// The vocabulary whose own scope it is.
    url: Option<&'static str>,
}

/// A term with the layer that defines it.
#[derive(Clone, Copy)]
pub(super) struct Definition {
    pub(super) term: &'static Term,
    layer: Layer,
}

/// What a name means as a member of a node.
pub(super) enum Meaning {
    Id,
    Type,
    Term(Definition),
}

/// What a string means where an IRI is expected.
pub(super) enum Expanded {
    Absolute(String, Option<Definition>),
    Malformed,
    Blank,
    Keyword,
    Relative,
}

#[derive(Clone, Default)]
pub(super) struct Active {
    layers: Vec<Layer>,
    /// How many layers reach into nodes below: type-scoped ones do not
    /// (JSON-LD 1.1 section 4.1.9).
    propagated: Option<usize>,
}

impl Active {
    /// Adds a vocabulary; errs with the term it would redefine.
    pub(super) fn add(&mut self, vocabulary: &Vocabulary) -> Result<(), &'static str> {
        self.push(Layer { scope: vocabulary.scope, edition: vocabulary.edition, url: Some(vocabulary.url) })
    }

    /// Whether a context that writes `xsd:` without defining it is active
    /// together with one that would give it a meaning it does not intend (the
    /// first edition of Open Badges).
    pub(super) fn confuses_xsd(&self) -> bool {
        let writes = [clr::V2P0_1.url, openbadges::V3P0_3.url];
        self.layers.iter().filter_map(|layer| layer.url).any(|url| writes.contains(&url))
            && self.definition("xsd").is_some_and(|definition| definition.term.is_prefix())
    }

    /// The context that nodes below a node start from.
    pub(super) fn reverted(&self) -> Self {
        let mut below = self.clone();
        if let Some(propagated) = below.propagated.take() {
            below.layers.truncate(propagated);
        }
        below
    }

    /// Applies the scoped context of a property: it may redefine what is
    /// protected, and it reaches below.
    pub(super) fn enter_property(&mut self, property: Definition) {
        match property.term.scoped {
            Scoped::No => {}
            Scoped::Null => *self = Self::default(),
            Scoped::Terms(scope) => {
                self.layers.push(Layer { scope, edition: property.layer.edition, url: None });
            }
        }
    }

    /// Applies the scoped context of a type; errs with the protected term it
    /// would redefine.
    pub(super) fn enter_type(&mut self, class: Definition) -> Result<(), &'static str> {
        if let Scoped::Terms(scope) = class.term.scoped {
            self.propagated.get_or_insert(self.layers.len());
            self.push(Layer { scope, edition: class.layer.edition, url: None })?;
        }
        Ok(())
    }

    fn push(&mut self, layer: Layer) -> Result<(), &'static str> {
        for term in layer.scope.terms(layer.edition) {
            if let Some(protected) = self.protected(term.name)
                && !protected.same(&Definition { term, layer })
            {
                return Err(term.name);
            }
        }
        self.layers.push(layer);
        Ok(())
    }

    fn protected(&self, name: &str) -> Option<Definition> {
        self.layers
            .iter()
            .rev()
            .filter(|layer| layer.scope.is_protected(layer.edition))
            .find_map(|layer| layer.define(name))
    }

    fn definition(&self, name: &str) -> Option<Definition> {
        self.layers.iter().rev().find_map(|layer| layer.define(name))
    }

    /// What `name` means as a member of a node.
    pub(super) fn meaning(&self, name: &str) -> Option<Meaning> {
        let aliased = || self.layers.iter().any(|layer| layer.scope.has_aliases(layer.edition));
        match name {
            "@id" => Some(Meaning::Id),
            "@type" => Some(Meaning::Type),
            "id" if aliased() => Some(Meaning::Id),
            "type" if aliased() => Some(Meaning::Type),
            _ => self.definition(name).map(Meaning::Term),
        }
    }

    /// IRI expansion (JSON-LD 1.1 API section 5.2), without a base IRI:
    /// `vocab` says whether terms are looked up.
    pub(super) fn expand(&self, value: &str, vocab: bool) -> Expanded {
        if value.starts_with('@') || matches!(self.meaning(value), Some(Meaning::Id | Meaning::Type)) {
            return Expanded::Keyword;
        }
        if vocab && let Some(definition) = self.definition(value) {
            return Expanded::Absolute(definition.term.iri(), Some(definition));
        }
        if let Some((prefix, suffix)) = value.split_once(':') {
            if prefix == "_" {
                return Expanded::Blank;
            }
            let prefix = self.definition(prefix).filter(|found| found.term.is_prefix());
            return match prefix {
                Some(prefix) if !suffix.starts_with("//") => absolute(prefix.term.iri() + suffix),
                _ => absolute(value.to_owned()),
            };
        }
        match self.layers.iter().rev().find_map(|layer| layer.scope.vocab) {
            Some(namespace) if vocab => absolute([namespace, value].concat()),
            _ => Expanded::Relative,
        }
    }
}

fn absolute(iri: String) -> Expanded {
    NamedNode::new(iri).map_or(Expanded::Malformed, |node| Expanded::Absolute(node.into_string(), None))
}

impl Layer {
    fn define(self, name: &str) -> Option<Definition> {
        let term = self.scope.terms(self.edition).find(|term| term.name == name)?;
        Some(Definition { term, layer: self })
    }
}

impl Definition {
    /// What plain values are coerced to: a keyword or a datatype IRI in full.
    pub(super) fn expanded_type(&self) -> Option<String> {
        self.term.expanded_type(self.layer.edition)
    }

    /// Whether another definition may stand where this one is protected.
    fn same(&self, other: &Self) -> bool {
        std::ptr::eq(self.term, other.term)
            || (self.term.iri() == other.term.iri()
                && self.expanded_type() == other.expanded_type()
                && self.term.container == other.term.container
                && context::scoped_value(self.term, self.layer.edition)
                    == context::scoped_value(other.term, other.layer.edition))
    }
}
