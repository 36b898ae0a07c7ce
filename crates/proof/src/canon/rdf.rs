//! Statements, and how canonical N-Quads writes them.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::CanonError;
use crate::pointer::Pointer;

pub(super) const RDF_TYPE: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
pub(super) const RDF_FIRST: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#first";
pub(super) const RDF_REST: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#rest";
pub(super) const RDF_NIL: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#nil";
pub(super) const RDF_JSON: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON";
pub(super) const RDF_LANG_STRING: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString";
pub(super) const XSD_STRING: &str = "http://www.w3.org/2001/XMLSchema#string";
pub(super) const XSD_BOOLEAN: &str = "http://www.w3.org/2001/XMLSchema#boolean";
pub(super) const XSD_INTEGER: &str = "http://www.w3.org/2001/XMLSchema#integer";
pub(super) const XSD_DOUBLE: &str = "http://www.w3.org/2001/XMLSchema#double";

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

/// A term while a document is read: borrowed where it can be.
#[derive(Debug, Clone)]
pub(super) enum Part<'a> {
    Iri(Cow<'a, str>),
    Blank(usize),
    Literal { value: Cow<'a, str>, datatype: Cow<'a, str>, language: Option<String> },
}

impl Part<'_> {
    /// About as many bytes as its text takes.
    fn len(&self) -> usize {
        match self {
            Self::Iri(iri) => iri.len(),
            Self::Blank(_) => 0,
            Self::Literal { value, datatype, language } => {
                value.len() + datatype.len() + language.as_ref().map_or(0, String::len)
            }
        }
    }
}

/// What takes statements as they are read.
pub(super) trait Sink {
    /// `subject` is no literal; `graph` is the default one or a blank node.
    fn say(&mut self, subject: &Part<'_>, predicate: &str, object: &Part<'_>, graph: Option<usize>);

    /// The next blank node (they are numbered from 0) is what stands at `at`.
    fn made(&mut self, at: &Pointer<'_>, role: Role) {
        let _ = (at, role);
    }
}

/// What the statements of one document may come to. Without a limit a name of
/// 100 kB and ten thousand statements about it, 200 kB of JSON, would be a
/// gigabyte of N-Quads; a large document without such names stays below it.
const MOST_SAID: usize = 1_572_864;
/// What a statement costs beside its text.
const EACH: usize = 64;

/// What has been said of a document.
#[derive(Default)]
pub(super) struct Said {
    pub(super) statements: usize,
    bytes: usize,
}

impl Said {
    /// One more statement, unless it is too much.
    pub(super) fn add(
        &mut self,
        subject: &Part<'_>,
        predicate: &str,
        object: &Part<'_>,
    ) -> Result<(), CanonError> {
        self.statements += 1;
        self.bytes += EACH + subject.len() + predicate.len() + object.len();
        if self.bytes > MOST_SAID { Err(CanonError::TooMuchSaid { limit: MOST_SAID }) } else { Ok(()) }
    }
}

/// What of a JSON value a blank node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Role {
    /// The node.
    Node,
    /// The graph that the node stands in.
    Graph,
    /// A cell of the list, from 0.
    Cell(usize),
}

impl Sink for Vec<Quad> {
    fn say(&mut self, subject: &Part<'_>, predicate: &str, object: &Part<'_>, graph: Option<usize>) {
        self.push(Quad {
            subject: subject.term(),
            predicate: predicate.to_owned(),
            object: object.term(),
            graph: graph.map(|graph| Part::Blank(graph).term()),
        });
    }
}

/// Takes statements nobody wants.
pub(super) struct Unheard;

impl Sink for Unheard {
    fn say(&mut self, _: &Part<'_>, _: &str, _: &Part<'_>, _: Option<usize>) {}
}

impl Part<'_> {
    fn term(&self) -> Term {
        match self {
            Self::Iri(iri) => Term::Iri(iri.clone().into_owned()),
            Self::Blank(number) => Term::Blank(format!("b{number}")),
            Self::Literal { value, datatype, language } => Term::Literal {
                value: value.clone().into_owned(),
                datatype: datatype.clone().into_owned(),
                language: language.clone(),
            },
        }
    }
}

impl Term {
    /// The label of a blank node.
    pub fn blank_label(&self) -> Option<&str> {
        if let Self::Blank(label) = self { Some(label) } else { None }
    }
}

/// Writes an IRI as canonical N-Quads has it (RDFC-1.0 appendix A).
pub(super) fn write_iri(iri: &str, out: &mut String) {
    out.push('<');
    out.push_str(iri);
    out.push('>');
}

/// Writes a literal as canonical N-Quads has it.
pub(super) fn write_literal(value: &str, datatype: &str, language: Option<&str>, out: &mut String) {
    out.push('"');
    escape(value, out);
    out.push('"');
    if let Some(language) = language {
        out.push('@');
        out.push_str(language);
    } else if datatype != XSD_STRING {
        out.push_str("^^");
        write_iri(datatype, out);
    }
}

/// Canonical escapes: named ones where there are, `\uXXXX` for other control
/// characters, everything else as it is (RDFC-1.0 appendix A).
pub(super) fn escape(value: &str, out: &mut String) {
    #[expect(clippy::needless_bitwise_bool, reason = "no branch, see below")]
    let special = |byte: u8| (byte < 0x20) | (byte == b'"') | (byte == b'\\') | (byte == 0x7f);
    // Looking at every byte without a branch is quicker than stopping at the
    // first: most texts have none.
    if !value.bytes().fold(false, |found, byte| found | special(byte)) {
        return out.push_str(value);
    }
    let mut rest = value;
    while let Some(place) = rest.bytes().position(special) {
        // What is special is one byte, so both sides of it are text.
        let (plain, from) = rest.split_at(place);
        out.push_str(plain);
        let mut characters = from.chars();
        match characters.next() {
            Some('\u{8}') => out.push_str("\\b"),
            Some('\t') => out.push_str("\\t"),
            Some('\n') => out.push_str("\\n"),
            Some('\u{c}') => out.push_str("\\f"),
            Some('\r') => out.push_str("\\r"),
            Some(quoted @ ('"' | '\\')) => out.extend(['\\', quoted]),
            Some(control) => {
                // Writing into a string cannot fail.
                let _ = write!(out, "\\u{:04X}", u32::from(control));
            }
            None => {}
        }
        rest = characters.as_str();
    }
    out.push_str(rest);
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
