//! JSON-LD to canonical N-Quads.

use serde_json::Value;

/// A term of an RDF statement (RDF 1.1 Concepts, section 3.1).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Term {
    /// An absolute IRI.
    Iri(String),
    /// A blank node by its label, without `_:`.
    Blank(String),
    /// A literal.
    Literal {
        /// The lexical form.
        value: String,
        /// The datatype IRI.
        datatype: String,
        /// The language tag, only with `rdf:langString`.
        language: Option<String>,
    },
}

/// A statement in a graph of a dataset.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quad {
    /// An IRI or a blank node.
    pub subject: Term,
    /// An IRI.
    pub predicate: String,
    /// Any term.
    pub object: Term,
    /// The graph's name, or the default graph.
    pub graph: Option<Term>,
}

/// Why a document has no canonical form. The document's fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CanonError {
    /// A member or value that JSON-LD would drop or change silently ("safe mode").
    #[error("{pointer}: {detail}")]
    Unsafe {
        /// JSON pointer (RFC 6901) of the offending member.
        pointer: String,
        /// What is wrong and what was expected.
        detail: String,
    },
    /// The JSON-LD processor refused the document.
    #[error("JSON-LD: {0}")]
    JsonLd(String),
    /// Canonicalisation takes too much work: a poison graph (RDFC-1.0 section 7.1).
    #[error("the document's blank nodes are too alike: canonicalisation stopped after {steps} steps")]
    TooMuchWork {
        /// Steps done before giving up.
        steps: u64,
    },
}

/// The document's statements, after safe mode has seen that none is lost.
pub fn to_quads(document: &Value) -> Result<Vec<Quad>, CanonError> {
    let _ = document;
    todo!()
}

/// The document's canonical N-Quads (RDFC-1.0, SHA-256): sorted lines, each
/// ending in a newline.
pub fn canonical_nquads(document: &Value) -> Result<String, CanonError> {
    let _ = document;
    todo!()
}
