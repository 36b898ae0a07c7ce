//! Documents of one kind, made ready: what two of them have in common is
//! canonicalised once, and the next one costs only what differs.
//!
//! A [`Template`] is the walk of [`safe`](super::safe) over one document, the
//! sample, written down: its statements as text with gaps. A gap is a text of
//! the document that the walk passes on as it stands, seen by that the term it
//! says borrows that very string. All else must be the same in a document that
//! [`fits`](shape::Shape::fits): members and their order, types, contexts,
//! numbers, and every text that is no gap.
//!
//! Why a document that fits has the statements of the template: the walk looks
//! into a text it passes on only where it is an IRI, and then only to see that
//! it is absolute and well-formed and needs no expanding. [`shape::passes`]
//! asks no less. So the walk over the document takes every step it took over the
//! sample, and says the same but for the gaps.
//!
//! Why its canonical form is then right: lines are sorted by content, as in
//! [`rdfc`]; blank nodes take their labels in the order of their first-degree
//! hashes, which are computed anew unless no statement about the node has a gap.
//! Where this alone does not settle labels (two hashes alike) or lines (two
//! alike), the template has no answer and the document goes the general way, as
//! every document does that does not fit.

mod head;
mod learn;
mod shape;

use std::ops::Range;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use self::head::Head;
pub(super) use self::learn::Sample;
use self::shape::{Shape, same};

use super::rdf::escape;
use super::safe::Subject;
use super::statements::{Lines, canonical_label};
use super::tables::Tables;

/// Bytes of what fills a gap. A name is repeated by every statement about it, so
/// with longer ones a document might state more than the general way takes; with
/// these no template, which is small itself, comes near that limit.
const LONGEST_GAP: usize = 1_024;

/// Statements of a kind of document, with gaps.
pub(super) struct Template {
    shape: Shape,
    contexts: Option<Value>,
    /// The constant pieces of `pieces`.
    text: String,
    pieces: Vec<Piece>,
    /// In canonical order, as far as it can be known.
    lines: Vec<Line>,
    blanks: Vec<Blank>,
    gaps: usize,
    /// Bytes of the sample's canonical form.
    size: usize,
    head: Head,
}

/// What a blank node is called.
#[derive(Debug, Clone, Default)]
struct Label {
    number: usize,
    name: String,
}

/// A part of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(Range<usize>),
    Iri(usize),
    /// The lexical form of a literal, which has to be escaped.
    Literal(usize),
    Blank(usize),
}

struct Line {
    pieces: Range<usize>,
    /// Its text, if it has neither gaps nor blank nodes.
    constant: Option<Range<usize>>,
}

/// A blank node.
struct Blank {
    /// Lines that mention it.
    mentions: Vec<usize>,
    /// Its first-degree hash, if those lines have no gaps.
    hash: Option<[u8; 32]>,
}

impl Template {
    /// The SHA-256 of the canonical form of `subject`, if it fits.
    pub(super) fn digest(&self, subject: Subject<'_>, tables: &Tables) -> Option<Vec<u8>> {
        let (gaps, labels) = self.filled(subject, tables)?;
        let (head, tail) = self.lines.split_at_checked(self.head.lines)?;
        let head_hashed = self.head.hashed(&labels, || self.texts(head, &gaps, &labels))?;
        let tail = self.texts(tail, &gaps, &labels);
        let tail_lines = tail.sorted()?;
        let digest = if tail_lines.first().is_none_or(|first| *first > head_hashed.last.as_str()) {
            head_hashed.hash.clone().chain_update(tail_lines.concat()).finalize()
        } else {
            // A line of this document belongs among those that never change.
            Sha256::digest(self.texts(&self.lines, &gaps, &labels).sorted()?.concat())
        };
        Some(digest.to_vec())
    }

    /// Whether `subject` fits, so that it has a canonical form.
    pub(super) fn is_of(&self, subject: Subject<'_>, tables: &Tables) -> bool {
        self.filled(subject, tables).is_some()
    }

    /// What is in the gaps, and what the blank nodes are called then.
    fn filled<'v>(&self, subject: Subject<'v>, tables: &Tables) -> Option<(Vec<&'v str>, Vec<Label>)> {
        let mut gaps = Vec::with_capacity(self.gaps);
        if !self.fits(subject, tables, &mut gaps) || gaps.iter().any(|gap| gap.len() > LONGEST_GAP) {
            return None;
        }
        let labels = self.labels(&gaps)?;
        Some((gaps, labels))
    }

    fn texts<'t>(&'t self, lines: &'t [Line], gaps: &[&str], labels: &[Label]) -> Texts<'t> {
        let mut texts = Texts { template: self, lines, varying: String::new(), ends: Vec::new() };
        texts.varying.reserve(self.size);
        texts.ends.reserve(lines.len());
        let name = |node: usize| labels.get(node).map_or("", |label| label.name.as_str());
        for line in lines.iter().filter(|line| line.constant.is_none()) {
            self.write(line, gaps, name, &mut texts.varying);
            texts.ends.push(texts.varying.len());
        }
        texts
    }

    fn fits<'v>(&self, subject: Subject<'v>, tables: &Tables, gaps: &mut Vec<&'v str>) -> bool {
        let contexts = match (&self.contexts, subject.contexts) {
            (Some(contexts), Some(found)) => same(contexts, found),
            (None, None) => true,
            _ => false,
        };
        contexts
            && subject.instead.is_none()
            && self.shape.fits_members(subject.members, subject.without, tables, gaps)
    }

    /// What the blank nodes are called; none if their first-degree hashes do
    /// not tell them apart.
    fn labels(&self, gaps: &[&str]) -> Option<Vec<Label>> {
        let label = |number| Label { number, name: canonical_label(number) };
        if self.blanks.len() == 1 {
            return Some(vec![label(0)]);
        }
        let mut hashes = Vec::with_capacity(self.blanks.len());
        for (node, blank) in self.blanks.iter().enumerate() {
            hashes.push((blank.hash.unwrap_or_else(|| self.hash(node, blank, gaps)), node));
        }
        hashes.sort_unstable();
        let mut labels = vec![Label::default(); hashes.len()];
        for (number, (_, node)) in hashes.iter().enumerate() {
            *labels.get_mut(*node)? = label(number);
        }
        hashes.is_sorted_by(|left, right| left.0 < right.0).then_some(labels)
    }

    /// RDFC-1.0 section 4.6.
    fn hash(&self, node: usize, blank: &Blank, gaps: &[&str]) -> [u8; 32] {
        let mut lines = Lines::with_capacity(blank.mentions.len());
        for line in blank.mentions.iter().filter_map(|line| self.lines.get(*line)) {
            lines.add(|out| self.write(line, gaps, |other| if other == node { "a" } else { "z" }, out));
        }
        Sha256::digest(lines.sorted().concat()).into()
    }

    fn write<'l>(&self, line: &Line, gaps: &[&str], label: impl Fn(usize) -> &'l str, out: &mut String) {
        let gap = |number: usize| gaps.get(number).copied().unwrap_or_default();
        for piece in self.pieces.get(line.pieces.clone()).unwrap_or_default() {
            match piece {
                Piece::Text(range) => out.push_str(self.text.get(range.clone()).unwrap_or_default()),
                Piece::Iri(number) => out.push_str(gap(*number)),
                Piece::Literal(number) => escape(gap(*number), out),
                Piece::Blank(node) => {
                    out.push_str("_:");
                    out.push_str(label(*node));
                }
            }
        }
    }
}

/// Lines of a document: those that vary, and the template's own.
struct Texts<'t> {
    template: &'t Template,
    lines: &'t [Line],
    varying: String,
    /// Where each line of `varying` ends.
    ends: Vec<usize>,
}

impl Texts<'_> {
    /// The lines by code point, unless two are alike.
    fn sorted(&self) -> Option<Vec<&str>> {
        let (mut start, mut ends) = (0, self.ends.iter());
        let mut lines = Vec::with_capacity(self.lines.len());
        for line in self.lines {
            lines.push(if let Some(range) = &line.constant {
                self.template.text.get(range.clone())?
            } else {
                let end = *ends.next()?;
                self.varying.get(std::mem::replace(&mut start, end)..end)?
            });
        }
        // Nearly in order already, which this sort makes use of. Lines that come
        // to stand side by side were compared, so it sees any two that are alike.
        let mut alike = false;
        lines.sort_by(|left, right| {
            let order = left.cmp(right);
            alike |= order.is_eq();
            order
        });
        (!alike).then_some(lines)
    }
}

#[cfg(test)]
mod tests;
