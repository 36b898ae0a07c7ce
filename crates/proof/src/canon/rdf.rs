//! Statements, and how canonical N-Quads writes them.

use std::fmt::Write as _;

pub(crate) const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
pub(crate) const XSD: &str = "http://www.w3.org/2001/XMLSchema#";
const XSD_STRING: &str = "http://www.w3.org/2001/XMLSchema#string";

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

impl Quad {
    /// Writes the canonical N-Quads line, its newline included (RDFC-1.0
    /// appendix A); `label` says what a blank node is called.
    pub(crate) fn write<'a>(&'a self, out: &mut String, label: &mut dyn FnMut(&'a str, &mut String)) {
        self.subject.write(out, label);
        out.push_str(" <");
        out.push_str(&self.predicate);
        out.push_str("> ");
        self.object.write(out, label);
        if let Some(graph) = &self.graph {
            out.push(' ');
            graph.write(out, label);
        }
        out.push_str(" .\n");
    }
}

impl Term {
    /// The label of a blank node.
    pub fn blank_label(&self) -> Option<&str> {
        if let Self::Blank(label) = self { Some(label) } else { None }
    }

    fn write<'a>(&'a self, out: &mut String, label: &mut dyn FnMut(&'a str, &mut String)) {
        match self {
            Self::Iri(iri) => {
                out.push('<');
                out.push_str(iri);
                out.push('>');
            }
            Self::Blank(name) => {
                out.push_str("_:");
                label(name, out);
            }
            Self::Literal { value, datatype, language } => {
                out.push('"');
                escape(value, out);
                out.push('"');
                if let Some(language) = language {
                    out.push('@');
                    out.push_str(language);
                } else if datatype != XSD_STRING {
                    out.push_str("^^<");
                    out.push_str(datatype);
                    out.push('>');
                }
            }
        }
    }
}

/// Canonical escapes: named ones where there are, `\uXXXX` for other control
/// characters, everything else as it is (RDFC-1.0 appendix A).
fn escape(value: &str, out: &mut String) {
    for character in value.chars() {
        match character {
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\0'..='\u{1f}' | '\u{7f}' => {
                // Writing into a string cannot fail.
                let _ = write!(out, "\\u{:04X}", u32::from(character));
            }
            other => out.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_escaped_and_nothing_else() {
        let mut out = String::new();
        escape("a\"b\\c\n\r\t\u{8}\u{c}\u{0}\u{7f}é\u{202e}😀", &mut out);
        assert_eq!(out, "a\\\"b\\\\c\\n\\r\\t\\b\\f\\u0000\\u007Fé\u{202e}😀");
    }
}
