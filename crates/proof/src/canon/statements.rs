//! Statements as the text they will become, with places for the labels of
//! blank nodes: nothing is written twice but those.

use std::fmt::Write as _;
use std::ops::Range;

use super::rdf::{Part, Quad, Sink, Term, write_iri, write_literal};

/// A dataset in one buffer; its blank nodes are numbers from 0.
pub(super) struct Statements {
    text: String,
    pub(super) list: Vec<Statement>,
}

/// A statement, its blank nodes by number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Statement {
    pub(super) subject: Option<usize>,
    pub(super) object: Option<usize>,
    pub(super) graph: Option<usize>,
    /// From the subject, if it is an IRI, to the object, if it is not blank.
    body: Range<usize>,
    /// The predicate in its brackets.
    predicate: Range<usize>,
    /// The graph, if it is an IRI.
    named: Range<usize>,
}

/// The blank nodes of a statement with their positions (RDFC-1.0 section 4.7.3).
pub(super) fn components(statement: &Statement) -> impl Iterator<Item = (char, usize)> {
    [('s', statement.subject), ('o', statement.object), ('g', statement.graph)]
        .into_iter()
        .filter_map(|(position, node)| Some((position, node?)))
}

impl Statements {
    pub(super) fn new() -> Self {
        // A badge of a hundred statements is 13 kB.
        Self { text: String::with_capacity(16_384), list: Vec::with_capacity(128) }
    }

    /// The statements of `quads`, whose blank nodes `number` numbers.
    pub(super) fn of<'a>(quads: &'a [Quad], mut number: impl FnMut(&'a str) -> usize) -> Self {
        let mut statements = Self::new();
        for quad in quads {
            let subject = part(&quad.subject, &mut number);
            let object = part(&quad.object, &mut number);
            let graph = quad.graph.as_ref().map(|graph| part(graph, &mut number));
            statements.add(&subject, &quad.predicate, &object, graph.as_ref());
        }
        statements
    }

    /// Writes the canonical N-Quads line, its newline included (RDFC-1.0
    /// appendix A); `label` says what a blank node is called.
    pub(super) fn write<'l>(
        &self,
        statement: &Statement,
        label: &impl Fn(usize) -> &'l str,
        out: &mut String,
    ) {
        let blank = |node: usize, out: &mut String| {
            out.push_str("_:");
            out.push_str(label(node));
        };
        if let Some(subject) = statement.subject {
            blank(subject, out);
        }
        out.push_str(self.slice(&statement.body));
        if let Some(object) = statement.object {
            blank(object, out);
        }
        out.push_str(self.slice(&statement.named));
        if let Some(graph) = statement.graph {
            out.push(' ');
            blank(graph, out);
        }
        out.push_str(" .\n");
    }

    /// The predicate in its brackets.
    pub(super) fn predicate(&self, statement: &Statement) -> &str {
        self.slice(&statement.predicate)
    }

    /// Drops statements that are given twice, for a dataset is a set; the
    /// others change places.
    pub(super) fn deduplicate(&mut self) {
        let mut list = std::mem::take(&mut self.list);
        let key =
            |it: &Statement| (it.subject, it.object, it.graph, self.slice(&it.body), self.slice(&it.named));
        list.sort_by(|left, right| key(left).cmp(&key(right)));
        list.dedup_by(|left, right| key(left) == key(right));
        self.list = list;
    }

    fn slice(&self, range: &Range<usize>) -> &str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    fn add(&mut self, subject: &Part<'_>, predicate: &str, object: &Part<'_>, graph: Option<&Part<'_>>) {
        let text = &mut self.text;
        let start = text.len();
        let subject = write_part(subject, text);
        text.push(' ');
        let predicate_start = text.len();
        write_iri(predicate, text);
        let predicate_end = text.len();
        text.push(' ');
        let object = write_part(object, text);
        let end = text.len();
        let graph = graph.and_then(|graph| match graph {
            Part::Blank(number) => Some(*number),
            named => {
                text.push(' ');
                write_part(named, text)
            }
        });
        self.list.push(Statement {
            subject,
            object,
            graph,
            body: start..end,
            predicate: predicate_start..predicate_end,
            named: end..text.len(),
        });
    }
}

impl Sink for Statements {
    fn say(&mut self, subject: &Part<'_>, predicate: &str, object: &Part<'_>, graph: Option<usize>) {
        self.add(subject, predicate, object, graph.map(Part::Blank).as_ref());
    }
}

/// Writes a term that is no blank node; the number of one that is.
fn write_part(part: &Part<'_>, out: &mut String) -> Option<usize> {
    match part {
        Part::Iri(iri) => write_iri(iri, out),
        Part::Blank(number) => return Some(*number),
        Part::Literal { value, datatype, language } => {
            write_literal(value, datatype, language.as_deref(), out);
        }
    }
    None
}

fn part<'a>(term: &'a Term, number: &mut impl FnMut(&'a str) -> usize) -> Part<'a> {
    match term {
        Term::Iri(iri) => Part::Iri(iri.into()),
        Term::Blank(label) => Part::Blank(number(label)),
        Term::Literal { value, datatype, language } => {
            Part::Literal { value: value.into(), datatype: datatype.into(), language: language.clone() }
        }
    }
}

/// Lines in one buffer, to be sorted without moving them.
pub(super) struct Lines {
    text: String,
    ranges: Vec<Range<usize>>,
}

impl Lines {
    pub(super) fn with_capacity(lines: usize) -> Self {
        Self { text: String::with_capacity(lines * 160), ranges: Vec::with_capacity(lines) }
    }

    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.ranges.clear();
    }

    /// Adds what `write` appends.
    pub(super) fn add(&mut self, write: impl FnOnce(&mut String)) {
        let start = self.text.len();
        write(&mut self.text);
        self.ranges.push(start..self.text.len());
    }

    /// The lines by code point.
    pub(super) fn sorted(&self) -> Vec<&str> {
        let mut lines: Vec<&str> =
            self.ranges.iter().map(|range| self.text.get(range.clone()).unwrap_or_default()).collect();
        lines.sort_unstable();
        lines
    }
}

/// `c14n0` and so on.
pub(super) fn canonical_label(number: usize) -> String {
    let mut label = String::with_capacity(8);
    label.push_str("c14n");
    match u32::try_from(number).ok().and_then(|number| char::from_digit(number, 10)) {
        Some(digit) => label.push(digit),
        None => {
            // Writing into a string cannot fail.
            let _ = write!(label, "{number}");
        }
    }
    label
}
