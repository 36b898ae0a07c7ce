//! JSON-LD to canonical N-Quads: safe mode, then statements, then RDFC-1.0.
//!
//! ```text
//! document ─ safe::check ─ oxjsonld ─ [Quad] ─ rdfc::canonicalise ─ canonical N-Quads
//! ```
//!
//! The general JSON-LD processor drops silently what it does not understand;
//! the check before it makes sure that there is nothing to drop.

mod active;
pub mod rdf;
pub mod rdfc;
mod safe;

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use oxjsonld::{JsonLdParser, JsonLdRemoteDocument};
use serde_json::Value;

pub use self::rdf::{Quad, Term};
pub use self::rdfc::{Canonical, Hash, canonicalise};
use crate::context;
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
    Processor::known().to_quads(document)
}

/// The document's canonical N-Quads (RDFC-1.0, SHA-256): sorted lines, each
/// ending in a newline.
pub fn canonical_nquads(document: &Value) -> Result<String, CanonError> {
    Processor::known().canonical_nquads(document)
}

/// Reads documents whose contexts are among given vocabularies; it never
/// fetches one.
#[derive(Clone)]
pub struct Processor {
    vocabularies: Arc<[&'static Vocabulary]>,
    texts: Arc<BTreeMap<&'static str, Vec<u8>>>,
}

static KNOWN: LazyLock<Processor> = LazyLock::new(|| Processor::with(vocab::ALL));

impl Processor {
    /// With every vocabulary of [`vocab::ALL`].
    pub fn known() -> &'static Self {
        &KNOWN
    }

    /// With the given vocabularies only.
    pub fn with(vocabularies: &[&'static Vocabulary]) -> Self {
        let text = |vocabulary: &&'static Vocabulary| {
            (vocabulary.url, context::generate(vocabulary).to_string().into_bytes())
        };
        Self { vocabularies: vocabularies.into(), texts: Arc::new(vocabularies.iter().map(text).collect()) }
    }

    /// See [`to_quads`].
    pub fn to_quads(&self, document: &Value) -> Result<Vec<Quad>, CanonError> {
        safe::check(document, &self.vocabularies)?;
        let text = document.to_string();
        let texts = Arc::clone(&self.texts);
        let load = move |url: &str| {
            let document = texts.get(url).cloned().ok_or("not one of the known contexts")?;
            Ok(JsonLdRemoteDocument { document, document_url: url.into() })
        };
        JsonLdParser::new()
            .for_slice(text.as_bytes())
            .with_load_document_callback(move |url, _| load(url))
            .map(|quad| quad.map(Quad::from).map_err(|error| CanonError::JsonLd(error.to_string())))
            .collect()
    }

    /// See [`canonical_nquads`].
    pub fn canonical_nquads(&self, document: &Value) -> Result<String, CanonError> {
        Ok(canonicalise(&self.to_quads(document)?, Hash::Sha256)?.nquads)
    }
}
