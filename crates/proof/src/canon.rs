//! JSON-LD to canonical N-Quads: safe mode, then statements, then RDFC-1.0.
//!
//! ```text
//! document ─ safe::read ─ Statements ─ rdfc::canonical_lines ─ canonical N-Quads
//! ```
//!
//! General JSON-LD processors drop silently what they do not understand, and
//! oxjsonld 0.2.7 even what it should: of two types with scoped contexts on one
//! node (a `ClrCredential`) it keeps the terms of one. So statements are read
//! by the vocabulary tables, and the general library is what tests compare with.

mod active;
mod contexts;
pub mod general;
mod literal;
mod placed;
pub mod rdf;
pub mod rdfc;
mod safe;
mod statements;
mod tables;
mod template;
mod templates;

use std::sync::{Arc, LazyLock};

use serde_json::Value;

pub(crate) use self::placed::{Place, Placed};
pub use self::rdf::{Quad, Term};
use self::rdf::{Sink, Unheard};
pub use self::rdfc::{Canonical, Hash, canonicalise};
pub(crate) use self::safe::Subject;
use self::statements::Statements;
use self::tables::Tables;
use self::templates::Templates;
use crate::vocab::{self, Vocabulary};

/// Why a document has no canonical form. The document's fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CanonError {
    /// A member or value that JSON-LD would drop or change silently ("safe mode").
    #[error("{pointer}: {detail}")]
    Unsafe {
        /// JSON pointer (RFC 6901) of the offending member; `/` written for the document itself.
        pointer: String,
        /// What is wrong and what was expected.
        detail: String,
    },
    /// Canonicalisation takes too much work: a poison graph (RDFC-1.0 section 7.1).
    #[error("the document's blank nodes are too alike: canonicalisation stopped after {steps} steps")]
    TooMuchWork {
        /// Steps done before giving up.
        steps: u64,
    },
    /// Its statements come to more than is canonicalised, for each says the
    /// names of its subject and its predicate again.
    #[error(
        "the document states more than is canonicalised: its statements come to more than {limit} bytes, for each repeats the names in it"
    )]
    TooMuchSaid {
        /// The limit in bytes.
        limit: usize,
    },
}

/// The document's statements, after safe mode has seen that none is lost.
pub fn to_quads(document: &Value) -> Result<Vec<Quad>, CanonError> {
    Processor::known().to_quads(document)
}

/// The document's canonical N-Quads (RDFC-1.0, SHA-256): sorted lines, each
/// ending in a newline.
pub fn canonical_nquads(document: &Value) -> Result<String, CanonError> {
    Processor::known().canonical_nquads(document)
}

/// Reads documents whose contexts are among given vocabularies, or of any
/// contexts ([`Processor::general`]); it never fetches one.
#[derive(Clone)]
pub struct Processor {
    /// None to read any contexts.
    tables: Option<Arc<Tables>>,
    /// None to remember nothing.
    templates: Option<Arc<Templates>>,
}

static KNOWN: LazyLock<Processor> = LazyLock::new(|| Processor::with(vocab::ALL));
static GENERAL: Processor = Processor { tables: None, templates: None };

impl Processor {
    /// With every vocabulary of [`vocab::ALL`].
    pub fn known() -> &'static Self {
        &KNOWN
    }

    /// With the given vocabularies only.
    pub fn with(vocabularies: &[&'static Vocabulary]) -> Self {
        Self { tables: Some(Arc::new(Tables::of(vocabularies))), templates: None }
    }

    /// With inline contexts too, and every published one of
    /// [`general::published`]: for the VC API profile only, and slower.
    pub fn general() -> &'static Self {
        &GENERAL
    }

    /// The same, but it remembers what documents of one kind (badges of one
    /// achievement, proofs by one key) have in common, and the next of them
    /// cost only what is their own: of at most `kinds` kinds, of which each
    /// takes some hundred kilobytes at most, and mostly less than one hundred. Clones
    /// share what is remembered, between threads too. One that reads any
    /// contexts remembers nothing.
    ///
    /// It changes nothing but the time: `canon::template` says why.
    #[must_use]
    pub fn remembering(&self, kinds: usize) -> Self {
        let templates =
            self.tables.as_ref().map(|tables| Arc::new(Templates::new(Arc::clone(tables), kinds)));
        Self { tables: self.tables.clone(), templates }
    }

    /// See [`to_quads`].
    pub fn to_quads(&self, document: &Value) -> Result<Vec<Quad>, CanonError> {
        let mut quads = Vec::new();
        self.read(Subject::whole(document)?, &mut quads)?;
        Ok(quads)
    }

    /// See [`canonical_nquads`].
    pub fn canonical_nquads(&self, document: &Value) -> Result<String, CanonError> {
        self.canonical(Subject::whole(document)?, Hash::Sha256, |lines| lines.concat())
    }

    /// Whether the document has canonical N-Quads: the error of
    /// [`canonical_nquads`](Self::canonical_nquads), and by a template sooner.
    pub fn canonicalises(&self, document: &Value) -> Result<(), CanonError> {
        let subject = Subject::whole(document)?;
        if self.templates.as_deref().is_some_and(|templates| templates.fit(subject)) {
            return Ok(());
        }
        self.digest(subject, Hash::Sha256).map(drop)
    }

    /// Whether every part of the document says something ("safe mode").
    pub(crate) fn check(&self, subject: Subject<'_>) -> Result<(), CanonError> {
        self.read(subject, &mut Unheard).map(drop)
    }

    fn read(&self, subject: Subject<'_>, sink: &mut impl Sink) -> Result<usize, CanonError> {
        match &self.tables {
            Some(tables) => safe::read(subject, tables, sink),
            None => general::read(subject, sink),
        }
    }

    /// The statements, with where in the document each blank node comes from.
    pub(crate) fn placed(&self, subject: Subject<'_>) -> Result<Placed, CanonError> {
        let mut placed = Placed::default();
        self.read(subject, &mut placed)?;
        Ok(placed)
    }

    /// The hash of the canonical N-Quads.
    pub(crate) fn digest(&self, subject: Subject<'_>, hash: Hash) -> Result<Vec<u8>, CanonError> {
        let Some(templates) = self.templates.as_deref().filter(|_| hash == Hash::Sha256) else {
            return self.canonical(subject, hash, |lines| hash.digest(lines));
        };
        if let Some(digest) = templates.digest(subject) {
            return Ok(digest);
        }
        let size = |lines: &[&str]| lines.iter().map(|line| line.len()).sum();
        let (digest, size) = self.canonical(subject, hash, |lines| (hash.digest(lines), size(lines)))?;
        templates.learn(subject, &digest, size);
        Ok(digest)
    }

    fn canonical<T>(
        &self,
        subject: Subject<'_>,
        hash: Hash,
        take: impl FnOnce(&[&str]) -> T,
    ) -> Result<T, CanonError> {
        let mut statements = Statements::new();
        let blanks = self.read(subject, &mut statements)?;
        Ok(rdfc::canonical_lines(statements, blanks, hash, take)?.0)
    }
}

#[cfg(test)]
mod tests;
