//! From two documents of a kind to their template.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::super::rdf::{Part, RDF_TYPE, Sink, write_literal};
use super::super::safe::{self, Subject};
use super::super::tables::Tables;
use super::shape::{Gap, Shape, same};
use super::{Blank, Head, Line, Piece, Template};

/// A document that was met, to compare the next with.
pub(in super::super) struct Sample {
    members: Map<String, Value>,
    contexts: Option<Value>,
    /// Texts that differed from those of another document of the kind.
    varying: HashSet<Place>,
}

/// Where a string lies. A sample's strings stay where they are while it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Place(usize, usize);

impl Place {
    fn of(text: &str) -> Self {
        Self(text.as_ptr().addr(), text.len())
    }
}

impl Sample {
    pub(in super::super) fn of(subject: Subject<'_>) -> Self {
        let members =
            subject.members.iter().filter(|(name, _)| subject.without.is_none_or(|aside| aside != *name));
        Self {
            members: members.map(|(name, value)| (name.clone(), value.clone())).collect(),
            contexts: subject.contexts.cloned(),
            varying: HashSet::new(),
        }
    }

    /// The template of documents that differ from the sample only as `other`
    /// does, and those before it did; none if it differs in more than texts that
    /// the walk passes on.
    pub(in super::super) fn compare(&mut self, other: Subject<'_>, tables: &Tables) -> Option<Template> {
        let mut varying = self.varying.clone();
        if !self.differences(other, &mut varying) {
            return None;
        }
        let mut recorder = Recorder::of(&varying);
        let subject = self.subject();
        let blanks = safe::read(subject, tables, &mut recorder).ok()?;
        let mut shaping = Shaping { varying: &varying, gaps: &recorder.gaps, numbers: HashMap::new() };
        let shape = shaping.members(&self.members)?;
        let draft = Template {
            shape,
            contexts: self.contexts.clone(),
            text: String::new(),
            pieces: Vec::new(),
            lines: Vec::new(),
            blanks: Vec::new(),
            gaps: shaping.numbers.len(),
            size: 0,
            head: Head::default(),
        };
        let numbers = shaping.numbers;
        let template = draft.with(recorder.statements, &numbers, blanks).arranged(subject, tables)?;
        if recorder.in_doubt {
            return None;
        }
        self.varying = varying;
        Some(template)
    }

    pub(in super::super) fn subject(&self) -> Subject<'_> {
        Subject { members: &self.members, contexts: self.contexts.as_ref(), without: None, instead: None }
    }

    /// Collects the texts that differ; false if anything else does.
    fn differences(&self, other: Subject<'_>, varying: &mut HashSet<Place>) -> bool {
        let others: Vec<(&String, &Value)> = other
            .members
            .iter()
            .filter(|(name, _)| other.without.is_none_or(|aside| aside != *name))
            .collect();
        let contexts = match (&self.contexts, other.contexts) {
            (Some(one), Some(other)) => same(one, other),
            (None, None) => true,
            _ => false,
        };
        contexts
            && self.members.len() == others.len()
            && self
                .members
                .iter()
                .zip(others)
                .all(|(one, other)| one.0 == other.0 && differ(one.1, other.1, varying))
    }
}

/// See [`Sample::differences`].
fn differ(one: &Value, other: &Value, varying: &mut HashSet<Place>) -> bool {
    match (one, other) {
        (Value::String(one), Value::String(other)) => {
            if one != other {
                varying.insert(Place::of(one));
            }
            true
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .zip(other)
                    .all(|(one, other)| one.0 == other.0 && differ(one.1, other.1, varying))
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| differ(one, other, varying))
        }
        _ => same(one, other),
    }
}

/// A part of a statement, and the string it passes on if that may vary.
enum Traced {
    Text(String),
    Gap(Place, Gap),
    Blank(usize),
}

/// Writes down what the walk says.
struct Recorder<'s> {
    varying: &'s HashSet<Place>,
    gaps: HashMap<Place, Gap>,
    /// Whether a text was passed on in two ways.
    in_doubt: bool,
    statements: Vec<Vec<Traced>>,
}

impl<'s> Recorder<'s> {
    fn of(varying: &'s HashSet<Place>) -> Self {
        Self { varying, gaps: HashMap::new(), in_doubt: false, statements: Vec::new() }
    }

    /// The string that `text` borrows, if it is one of the sample's that vary.
    #[expect(clippy::ptr_arg, reason = "whether it is borrowed is what is asked")]
    fn gap(&mut self, text: &Cow<'_, str>, kind: Gap) -> Option<Traced> {
        let Cow::Borrowed(text) = text else { return None };
        // An empty string lies nowhere of its own.
        let place = Some(Place::of(text)).filter(|place| !text.is_empty() && self.varying.contains(place))?;
        self.in_doubt |= self.gaps.insert(place, kind).is_some_and(|earlier| earlier != kind);
        Some(Traced::Gap(place, kind))
    }

    fn part(&mut self, part: &Part<'_>, parts: &mut Vec<Traced>) {
        match part {
            Part::Blank(node) => parts.push(Traced::Blank(*node)),
            Part::Iri(iri) => {
                let gap = self.gap(iri, Gap::Iri);
                parts.extend([text("<"), gap.unwrap_or_else(|| text(iri)), text(">")]);
            }
            Part::Literal { value, datatype, language } => {
                if let Some(gap) = self.gap(value, Gap::Literal) {
                    parts.extend([text("\""), gap]);
                    let mut rest = String::new();
                    write_literal("", datatype, language.as_deref(), &mut rest);
                    // Without the first of the two quotation marks.
                    parts.push(text(rest.get(1..).unwrap_or_default()));
                } else {
                    let mut whole = String::new();
                    write_literal(value, datatype, language.as_deref(), &mut whole);
                    parts.push(Traced::Text(whole));
                }
            }
        }
    }
}

impl Sink for Recorder<'_> {
    fn say(&mut self, subject: &Part<'_>, predicate: &str, object: &Part<'_>, graph: Option<usize>) {
        let mut parts = Vec::new();
        self.part(subject, &mut parts);
        parts.extend([text(" <"), text(predicate), text("> ")]);
        match object {
            // Types decide what their nodes mean.
            Part::Iri(class) if predicate == RDF_TYPE => parts.extend([text("<"), text(class), text(">")]),
            object => self.part(object, &mut parts),
        }
        if let Some(graph) = graph {
            parts.extend([text(" "), Traced::Blank(graph)]);
        }
        parts.push(text(" .\n"));
        self.statements.push(parts);
    }
}

fn text(text: &str) -> Traced {
    Traced::Text(text.to_owned())
}

/// Makes the shape of a sample; its gaps are numbered in the order of the document.
struct Shaping<'s> {
    varying: &'s HashSet<Place>,
    gaps: &'s HashMap<Place, Gap>,
    numbers: HashMap<Place, usize>,
}

impl Shaping<'_> {
    /// None if a text varies that the walk does not simply pass on.
    fn shape(&mut self, value: &Value) -> Option<Shape> {
        let before = self.numbers.len();
        let shape = match value {
            Value::String(text) if self.varying.contains(&Place::of(text)) => {
                let place = Place::of(text);
                self.numbers.insert(place, before);
                return self.gaps.get(&place).copied().map(Shape::Gap);
            }
            Value::Array(items) => {
                Shape::Array(items.iter().map(|item| self.shape(item)).collect::<Option<_>>()?)
            }
            Value::Object(members) => self.members(members)?,
            _ => return Some(Shape::Same(value.clone())),
        };
        Some(if self.numbers.len() == before { Shape::Same(value.clone()) } else { shape })
    }

    fn members(&mut self, members: &Map<String, Value>) -> Option<Shape> {
        let shape = |(name, value): (&String, &Value)| Some((name.clone(), self.shape(value)?));
        members.iter().map(shape).collect::<Option<_>>().map(Shape::Object)
    }
}

impl Template {
    /// With the lines of these statements.
    fn with(mut self, statements: Vec<Vec<Traced>>, numbers: &HashMap<Place, usize>, blanks: usize) -> Self {
        for parts in statements {
            let start = self.pieces.len();
            for part in parts {
                match part {
                    Traced::Text(text) => self.constant_piece(start, &text),
                    Traced::Blank(node) => self.pieces.push(Piece::Blank(node)),
                    Traced::Gap(place, kind) => {
                        let number = numbers.get(&place).copied().unwrap_or(usize::MAX);
                        self.pieces.push(match kind {
                            Gap::Iri => Piece::Iri(number),
                            Gap::Literal => Piece::Literal(number),
                        });
                    }
                }
            }
            let constant = match self.pieces.get(start..) {
                Some([Piece::Text(range)]) => Some(range.clone()),
                _ => None,
            };
            self.lines.push(Line { pieces: start..self.pieces.len(), constant });
        }
        self.know_blanks(blanks);
        self
    }

    /// Adds to the constant piece before, if the line has one there.
    fn constant_piece(&mut self, line: usize, text: &str) {
        let start = self.text.len();
        self.text.push_str(text);
        let end = self.text.len();
        match self.pieces.get_mut(line..).and_then(<[Piece]>::last_mut) {
            Some(Piece::Text(range)) if range.end == start => range.end = end,
            _ => self.pieces.push(Piece::Text(start..end)),
        }
    }

    fn has_gaps(&self, line: &Line) -> bool {
        let pieces = self.pieces.get(line.pieces.clone()).unwrap_or_default();
        pieces.iter().any(|piece| matches!(piece, Piece::Iri(_) | Piece::Literal(_)))
    }

    fn know_blanks(&mut self, blanks: usize) {
        let mut known: Vec<Blank> = (0..blanks).map(|_| Blank { mentions: Vec::new(), hash: None }).collect();
        let mut gaps = vec![false; blanks];
        for (place, line) in self.lines.iter().enumerate() {
            let pieces = self.pieces.get(line.pieces.clone()).unwrap_or_default();
            let has_gaps = self.has_gaps(line);
            for piece in pieces {
                if let Piece::Blank(node) = piece
                    && let (Some(blank), Some(gaps)) = (known.get_mut(*node), gaps.get_mut(*node))
                {
                    *gaps |= has_gaps;
                    if blank.mentions.last() != Some(&place) {
                        blank.mentions.push(place);
                    }
                }
            }
        }
        for (node, blank) in known.iter_mut().enumerate() {
            if gaps.get(node) == Some(&false) {
                blank.hash = Some(self.hash(node, blank, &[]));
            }
        }
        self.blanks = known;
    }

    /// With its lines in the order that those of the sample have.
    fn arranged(mut self, sample: Subject<'_>, tables: &Tables) -> Option<Self> {
        let mut gaps = Vec::new();
        if !self.fits(sample, tables, &mut gaps) {
            return None;
        }
        let labels = self.labels(&gaps)?;
        let mut order = Vec::with_capacity(self.lines.len());
        for line in std::mem::take(&mut self.lines) {
            let mut text = String::new();
            self.write(
                &line,
                &gaps,
                |node| labels.get(node).map_or("", |label| label.name.as_str()),
                &mut text,
            );
            self.size += text.len();
            order.push((text, line));
        }
        order.sort_by(|left, right| left.0.cmp(&right.0));
        self.lines = order.into_iter().map(|(_, line)| line).collect();
        self.know_blanks(self.blanks.len());
        let has_gaps = |line: &&Line| self.has_gaps(line);
        self.head.lines = self.lines.iter().take_while(|line| !has_gaps(line)).count();
        let in_head = |blank: &Blank| blank.mentions.iter().any(|line| *line < self.head.lines);
        let nodes = self.blanks.iter().enumerate().filter(|(_, blank)| in_head(blank));
        self.head.nodes = nodes.map(|(node, _)| node).collect();
        Some(self)
    }
}
