//! Statements that remember where in the document their blank nodes come from,
//! for suites that disclose parts of a document: a part has other canonical
//! labels than the whole, and the place tells which node is which.

use std::collections::HashMap;

use super::CanonError;
use super::rdf::{Part, Quad, Role, Sink, Term, write_iri, write_literal};
use super::rdfc::{Hash, canonicalise};
use crate::pointer::Pointer;

/// A document's statements and the places of its blank nodes.
#[derive(Default)]
pub(crate) struct Placed {
    quads: Vec<Quad>,
    /// By the number of the node.
    places: Vec<Place>,
}

/// Where a blank node stands.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    /// JSON pointer (RFC 6901) of the value; `/` for the document.
    pub(crate) pointer: String,
    role: Role,
}

impl Place {
    /// The same in another document.
    pub(crate) fn moved(&self, pointer: String) -> Self {
        Self { pointer, role: self.role }
    }
}

impl Sink for Placed {
    fn say(&mut self, subject: &Part<'_>, predicate: &str, object: &Part<'_>, graph: Option<usize>) {
        self.quads.say(subject, predicate, object, graph);
    }

    fn made(&mut self, at: &Pointer<'_>, role: Role) {
        self.places.push(Place { pointer: at.to_string(), role });
    }
}

impl Placed {
    /// The places of the blank nodes, by the number of the node.
    pub(crate) fn places(&self) -> &[Place] {
        &self.places
    }

    /// The canonical label (`c14n0` …) of each blank node (RDFC-1.0, SHA-256),
    /// by the number of the node.
    pub(crate) fn labels(&self) -> Result<Vec<String>, CanonError> {
        let mut canonical = canonicalise(&self.quads, Hash::Sha256)?.labels;
        // Every blank node is in a statement, so every one has a label.
        Ok((0..self.places.len())
            .map(|number| canonical.remove(&format!("b{number}")).unwrap_or_default())
            .collect())
    }

    /// The lines of canonical N-Quads with these labels, by the number of the
    /// node, sorted by code point; each ends in a newline.
    pub(crate) fn lines(&self, labels: &[String]) -> Vec<String> {
        let by_name: HashMap<String, &str> =
            labels.iter().enumerate().map(|(number, label)| (format!("b{number}"), label.as_str())).collect();
        let mut lines: Vec<String> = self.quads.iter().map(|quad| line(quad, &by_name)).collect();
        lines.sort_unstable();
        lines.dedup();
        lines
    }
}

fn line(quad: &Quad, labels: &HashMap<String, &str>) -> String {
    let mut out = String::with_capacity(160);
    let term = |term: &Term, out: &mut String| match term {
        Term::Iri(iri) => write_iri(iri, out),
        Term::Blank(name) => {
            out.push_str("_:");
            out.push_str(labels.get(name).copied().unwrap_or_default());
        }
        Term::Literal { value, datatype, language } => {
            write_literal(value, datatype, language.as_deref(), out);
        }
    };
    term(&quad.subject, &mut out);
    out.push(' ');
    write_iri(&quad.predicate, &mut out);
    out.push(' ');
    term(&quad.object, &mut out);
    if let Some(graph) = &quad.graph {
        out.push(' ');
        term(graph, &mut out);
    }
    out.push_str(" .\n");
    out
}
