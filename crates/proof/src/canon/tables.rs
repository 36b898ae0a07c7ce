//! The vocabularies made ready for reading: IRIs in full, names numbered, and
//! definitions that mean the same marked as such.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use crate::context;
use crate::vocab::{Base, Coercion, Container, Scope, Scoped, Term, Vocabulary};

/// What is known of all contexts, compiled once.
pub(super) struct Tables {
    names: Names,
    scopes: Vec<Terms>,
    /// The scope of each vocabulary, by its URL.
    roots: Vec<(&'static str, usize)>,
}

/// The terms of one context in one edition.
pub(super) struct Terms {
    pub(super) protected: bool,
    pub(super) aliased: bool,
    pub(super) vocab: Option<&'static str>,
    /// The prefixes that its definitions are written with and that it does not
    /// define, each with what it must stand for when the context is applied:
    /// nothing, where the published context forgot to define it.
    pub(super) assumes: Vec<(&'static str, Option<&'static str>)>,
    defined: Vec<Defined>,
    /// Where a name stands in `defined`.
    by_name: Vec<Option<u16>>,
}

/// A term definition (JSON-LD 1.1 section 9.15.1).
pub(super) struct Defined {
    pub(super) name: &'static str,
    pub(super) iri: String,
    pub(super) coercion: Coerced,
    pub(super) container: Option<Container>,
    pub(super) inner: Inner,
    pub(super) prefix: bool,
    pub(super) credentials: bool,
    /// Definitions of one name with the same class are the same in the sense
    /// of `@protected` (JSON-LD 1.1 API section 4.2.2, step 27).
    pub(super) class: usize,
    number: Name,
}

/// What plain values become.
pub(super) enum Coerced {
    No,
    Link,
    Choice,
    Json,
    Datatype(String),
}

/// The scoped context.
#[derive(Clone, Copy)]
pub(super) enum Inner {
    No,
    Null,
    Terms(usize),
}

/// The number of a name that some context defines.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Name(usize);

type Names = HashMap<&'static str, Name, BuildHasherDefault<Quick>>;

impl Tables {
    pub(super) fn of(vocabularies: &[&'static Vocabulary]) -> Self {
        let mut tables = Self { names: Names::default(), scopes: Vec::new(), roots: Vec::new() };
        let mut classes = HashMap::new();
        for vocabulary in vocabularies {
            let root = tables.compile(vocabulary.scope, vocabulary.edition, &mut classes);
            tables.roots.push((vocabulary.url, root));
        }
        tables
    }

    /// The terms of the context at `url`.
    pub(super) fn root(&self, url: &str) -> Option<&Terms> {
        self.roots.iter().find(|(known, _)| *known == url).and_then(|(_, root)| self.terms(*root))
    }

    /// The terms of a scoped context.
    pub(super) fn terms(&self, scope: usize) -> Option<&Terms> {
        self.scopes.get(scope)
    }

    /// The number of `name`, if any context defines it.
    pub(super) fn name(&self, name: &str) -> Option<Name> {
        self.names.get(name).copied()
    }

    fn compile(&mut self, scope: &'static Scope, edition: u8, classes: &mut HashMap<String, usize>) -> usize {
        let mut terms = Terms {
            protected: scope.is_protected(edition),
            aliased: scope.has_aliases(edition),
            vocab: scope.vocab,
            assumes: assumptions(scope, edition),
            defined: Vec::new(),
            by_name: Vec::new(),
        };
        for term in scope.terms(edition) {
            let defined = self.define(term, edition, classes);
            let Name(number) = defined.number;
            if terms.by_name.len() <= number {
                terms.by_name.resize(number + 1, None);
            }
            if let Some(slot) = terms.by_name.get_mut(number) {
                *slot = u16::try_from(terms.defined.len()).ok();
            }
            terms.defined.push(defined);
        }
        self.scopes.push(terms);
        self.scopes.len() - 1
    }

    fn define(&mut self, term: &'static Term, edition: u8, classes: &mut HashMap<String, usize>) -> Defined {
        let (iri, datatype) = (term.iri(), term.expanded_type(edition));
        let inner = context::scoped_value(term, edition);
        let meaning = format!("{iri} {datatype:?} {:?} {inner:?}", term.container);
        let (next_name, next_class) = (Name(self.names.len()), classes.len());
        Defined {
            name: term.name,
            iri,
            coercion: match (term.coercion, datatype) {
                (Some(Coercion::Link), _) => Coerced::Link,
                (Some(Coercion::Choice), _) => Coerced::Choice,
                (Some(Coercion::Json), _) => Coerced::Json,
                (_, Some(datatype)) => Coerced::Datatype(datatype),
                (_, None) => Coerced::No,
            },
            container: term.container,
            prefix: term.is_prefix(),
            credentials: term.credentials,
            class: *classes.entry(meaning).or_insert(next_class),
            number: *self.names.entry(term.name).or_insert(next_name),
            inner: match term.scoped {
                Scoped::No => Inner::No,
                Scoped::Null => Inner::Null,
                Scoped::Terms(scope) => Inner::Terms(self.compile(scope, edition, classes)),
            },
        }
    }
}

/// See [`Terms::assumes`].
fn assumptions(scope: &'static Scope, edition: u8) -> Vec<(&'static str, Option<&'static str>)> {
    let mut found = Vec::new();
    let bases = scope.terms(edition).flat_map(|term| [Some(term.base), term.datatype_base(edition)]);
    for Base { written, iri } in bases.flatten() {
        let Some((prefix, "")) = written.split_once(':') else { continue };
        let assumed = (prefix, (written != iri).then_some(iri));
        if scope.terms(edition).all(|term| term.name != prefix) && !found.contains(&assumed) {
            found.push(assumed);
        }
    }
    found
}

impl Terms {
    pub(super) fn get(&self, Name(number): Name) -> Option<&Defined> {
        let place = self.by_name.get(number).copied().flatten()?;
        self.defined.get(usize::from(place))
    }

    /// The definitions, each with the number of its name.
    pub(super) fn all(&self) -> impl Iterator<Item = (&Defined, Name)> {
        self.defined.iter().map(|defined| (defined, defined.number))
    }
}

/// Eight bytes at a time; the names are ours, so nobody can choose them to collide.
#[derive(Default)]
pub(super) struct Quick(u64);

impl Quick {
    fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

impl Hasher for Quick {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks();
        for word in words {
            self.add(u64::from_le_bytes(*word));
        }
        self.add(rest.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)));
    }

    fn finish(&self) -> u64 {
        // The table takes a bucket from the low bits, which multiplying leaves poor.
        self.0 ^ (self.0 >> 32)
    }
}
