//! One group of fields, read field by field: whatever is wrong is noted and
//! reading goes on.

use std::{cell::RefCell, str::FromStr};

use chrono::NaiveDate;

use super::{
    CatalogueError,
    yaml::{Entry, Node, Value},
};
use crate::id::Slug;

/// The faults found so far, shared by everything that reads.
pub(super) type Faults = RefCell<Vec<CatalogueError>>;

/// Where something stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub file: String,
    pub line: u64,
    pub field: String,
}

impl Place {
    pub fn fault(&self, faults: &Faults, detail: impl Into<String>, expected: impl Into<String>) {
        faults.borrow_mut().push(CatalogueError {
            file: self.file.clone(),
            line: self.line,
            field: self.field.clone(),
            detail: detail.into(),
            expected: expected.into(),
        });
    }

    pub fn below(&self, line: u64, name: &str) -> Self {
        let field = if self.field.is_empty() { name.to_owned() } else { format!("{}.{name}", self.field) };
        Self { file: self.file.clone(), line, field }
    }
}

/// Something read, and where.
#[derive(Debug, Clone)]
pub(super) struct Located<T> {
    pub value: T,
    pub place: Place,
}

/// The members of a list, each with its place.
pub(super) type Parts<'a> = Vec<(Place, &'a Node)>;

/// A group of fields. Ask for every field there can be, then
/// [`finish`](Self::finish) it, which refuses the rest.
pub(super) struct Form<'a> {
    faults: &'a Faults,
    pub place: Place,
    entries: Vec<&'a Entry>,
    asked: Vec<&'static str>,
}

impl<'a> Form<'a> {
    /// The fields of `node`, which stands at `place`; `None`, and a fault, if
    /// it is no group of fields. A key that is there twice counts once.
    pub fn new(faults: &'a Faults, place: Place, node: &'a Node) -> Option<Self> {
        match &node.value {
            Value::Map(all) => {
                let mut entries: Vec<&Entry> = Vec::new();
                for entry in all {
                    if let Some(first) = entries.iter().find(|known| known.key == entry.key) {
                        place.below(entry.line, &entry.key).fault(
                            faults,
                            format!("defined already, on line {}", first.line),
                            "each name once; remove or rename one",
                        );
                    } else {
                        entries.push(entry);
                    }
                }
                Some(Self { faults, place, entries, asked: Vec::new() })
            }
            other => {
                place.fault(faults, format!("found {}", other.kind()), "a group of `name: value` lines");
                None
            }
        }
    }

    /// All fields as groups of their own, each under a short name.
    pub fn named_groups(&self) -> Vec<(Slug, Form<'a>)> {
        let groups = self.entries.iter().filter_map(|entry| {
            let place = self.place.below(entry.line, &entry.key);
            let slug = match Slug::new(entry.key.as_str()) {
                Ok(slug) => Some(slug),
                Err(error) => {
                    place.fault(self.faults, error.to_string(), "a short name such as `cyber-basics`");
                    None
                }
            };
            let form = Form::new(self.faults, place, &entry.node);
            Some((slug?, form?))
        });
        groups.collect()
    }

    /// A field that must be there, read by `read` from its text.
    pub fn need<T>(
        &mut self,
        name: &'static str,
        expected: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<Located<T>> {
        if self.value(name).is_none() {
            self.missing(name, expected);
            return None;
        }
        self.may(name, expected, read)
    }

    /// A field that may be there, read by `read` from its text.
    pub fn may<T>(
        &mut self,
        name: &'static str,
        expected: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<Located<T>> {
        let node = self.value(name)?;
        self.scalar(node, name, expected, read)
    }

    /// Text that must be there.
    pub fn text(&mut self, name: &'static str, expected: &str) -> Option<String> {
        self.need(name, expected, filled).map(|text| text.value)
    }

    /// A date that must be there.
    pub fn date(&mut self, name: &'static str) -> Option<Located<NaiveDate>> {
        self.need(name, DATE, |text| text.parse().ok())
    }

    /// A date that may be there.
    pub fn optional_date(&mut self, name: &'static str) -> Option<Located<NaiveDate>> {
        self.may(name, DATE, |text| text.parse().ok())
    }

    /// A short name that must be there.
    pub fn slug(&mut self, name: &'static str) -> Option<Located<Slug>> {
        self.need(name, SLUG, |text| text.parse().ok())
    }

    /// Text that is parsed, if it is there.
    pub fn parsed<T: FromStr>(&mut self, name: &'static str, expected: &str) -> Option<T> {
        self.may(name, expected, |text| text.parse().ok()).map(|value| value.value)
    }

    /// A whole number of months of one or more, if it is there.
    pub fn months(&mut self, name: &'static str) -> Option<u32> {
        self.whole(name, "a whole number of months, 1 to 1200", 1..=1200)
    }

    /// A whole number within bounds, if it is there.
    pub fn whole(
        &mut self,
        name: &'static str,
        expected: &str,
        bounds: std::ops::RangeInclusive<u32>,
    ) -> Option<u32> {
        let node = self.value(name)?;
        let whole = match &node.value {
            Value::Number(number) => number.parse().ok().filter(|n| bounds.contains(n)),
            _ => None,
        };
        if whole.is_none() {
            self.place_of(name, node.line).fault(self.faults, found(&node.value), expected);
        }
        whole
    }

    /// A list of whole numbers within bounds; empty if it is not there, `None` if one of
    /// them is faulty.
    pub fn wholes(
        &mut self,
        name: &'static str,
        expected: &str,
        bounds: std::ops::RangeInclusive<u32>,
    ) -> Option<Vec<u32>> {
        let read: Vec<Option<u32>> = self
            .parts(name)
            .into_iter()
            .map(|(place, node)| {
                let whole = match &node.value {
                    Value::Number(number) => number.parse().ok().filter(|n| bounds.contains(n)),
                    _ => None,
                };
                if whole.is_none() {
                    place.fault(self.faults, found(&node.value), expected);
                }
                whole
            })
            .collect();
        read.into_iter().collect()
    }

    /// A number that must be there, as its decimal text.
    pub fn number(&mut self, name: &'static str, expected: &str) -> Option<Located<String>> {
        if self.value(name).is_none() {
            self.missing(name, expected);
        }
        self.optional_number(name, expected)
    }

    /// A number that may be there, as its decimal text.
    pub fn optional_number(&mut self, name: &'static str, expected: &str) -> Option<Located<String>> {
        let node = self.value(name)?;
        let place = self.place_of(name, node.line);
        if let Value::Number(number) = &node.value {
            return Some(Located { value: number.clone(), place });
        }
        place.fault(self.faults, found(&node.value), expected);
        None
    }

    /// `true` or `false`; `false` if it is not there.
    pub fn flag(&mut self, name: &'static str) -> bool {
        match self.value(name) {
            None => false,
            Some(Node { value: Value::Bool(flag), .. }) => *flag,
            Some(node) => {
                self.place_of(name, node.line).fault(self.faults, found(&node.value), "`true` or `false`");
                false
            }
        }
    }

    /// A list of texts, each read by `read`; empty if it is not there. A text
    /// that is there twice is a fault.
    pub fn list<T: PartialEq>(
        &mut self,
        name: &'static str,
        expected: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Vec<Located<T>> {
        let mut list: Vec<Located<T>> = Vec::new();
        for item in self.items(name) {
            let Some(item) = self.scalar(item, name, expected, &read) else { continue };
            if list.iter().any(|known| known.value == item.value) {
                item.place.fault(self.faults, "listed twice", "each one once; remove this line");
            } else {
                list.push(item);
            }
        }
        list
    }

    /// A list of short names.
    pub fn slugs(&mut self, name: &'static str) -> Vec<Located<Slug>> {
        self.list(name, SLUG, |text| text.parse().ok())
    }

    /// A group of fields that must be there.
    pub fn group(&mut self, name: &'static str, expected: &str) -> Option<Form<'a>> {
        let Some(node) = self.value(name) else {
            self.missing(name, expected);
            return None;
        };
        Form::new(self.faults, self.place_of(name, node.line), node)
    }

    /// A group of fields that may be there.
    pub fn optional_group(&mut self, name: &'static str) -> Option<Form<'a>> {
        let node = self.value(name)?;
        Form::new(self.faults, self.place_of(name, node.line), node)
    }

    /// A list of groups of fields; empty if it is not there.
    pub fn groups(&mut self, name: &'static str) -> Vec<Form<'a>> {
        let items = self.items(name);
        items
            .into_iter()
            .enumerate()
            .filter_map(|(index, node)| {
                let place = self.place_of(&format!("{name}[{index}]"), node.line);
                Form::new(self.faults, place, node)
            })
            .collect()
    }

    /// Whether the field is there, whatever it holds.
    pub fn has(&self, name: &str) -> bool {
        self.entries.iter().any(|entry| entry.key == name)
    }

    /// What a list holds, read by nobody yet, and where each part of it stands.
    pub fn parts(&mut self, name: &'static str) -> Parts<'a> {
        let items = self.items(name);
        let part =
            |(index, node): (usize, &'a Node)| (self.place_of(&format!("{name}[{index}]"), node.line), node);
        items.into_iter().enumerate().map(part).collect()
    }

    /// Every field as a list, read by nobody yet.
    pub fn named_parts(self) -> Vec<(Located<Slug>, Parts<'a>)> {
        let fields = self.entries.iter().filter_map(|entry| {
            let place = self.place.below(entry.line, &entry.key);
            let (Ok(slug), Value::List(items)) = (Slug::new(entry.key.as_str()), &entry.node.value) else {
                place.fault(
                    self.faults,
                    found(&entry.node.value),
                    "a short name, and a list of rules for it",
                );
                return None;
            };
            let part = |(index, node): (usize, &'a Node)| {
                (self.place.below(node.line, &format!("{}[{index}]", entry.key)), node)
            };
            Some((Located { value: slug, place }, items.iter().enumerate().map(part).collect()))
        });
        fields.collect()
    }

    /// Where the field stands, or the whole group if it is not there.
    pub fn place_of_field(&self, name: &str) -> Place {
        let line = self.entries.iter().find(|entry| entry.key == name).map(|entry| entry.line);
        self.place_of(name, line.unwrap_or(self.place.line))
    }

    /// Refuses every field that was not asked for.
    pub fn finish(self) {
        for entry in self.entries {
            if !self.asked.contains(&entry.key.as_str()) {
                self.place.below(entry.line, &entry.key).fault(
                    self.faults,
                    "there is no field of this name here",
                    format!("one of {}", self.asked.join(", ")),
                );
            }
        }
    }

    fn value(&mut self, name: &'static str) -> Option<&'a Node> {
        if !self.asked.contains(&name) {
            self.asked.push(name);
        }
        let entry = self.entries.iter().find(|entry| entry.key == name)?;
        (!matches!(entry.node.value, Value::Null)).then_some(&entry.node)
    }

    fn items(&mut self, name: &'static str) -> Vec<&'a Node> {
        match self.value(name) {
            None => Vec::new(),
            Some(Node { value: Value::List(items), .. }) => items.iter().collect(),
            Some(node) => {
                self.place_of(name, node.line).fault(
                    self.faults,
                    found(&node.value),
                    "a list: `[one, two]`, or one line each with a hyphen",
                );
                Vec::new()
            }
        }
    }

    fn scalar<T>(
        &self,
        node: &Node,
        name: &str,
        expected: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<Located<T>> {
        let place = self.place_of(name, node.line);
        if let Value::Text(text) = &node.value
            && let Some(value) = read(text)
        {
            return Some(Located { value, place });
        }
        let expected = match node.value {
            Value::Number(_) | Value::Bool(_) => format!("{expected}, in quotes"),
            _ => expected.to_owned(),
        };
        place.fault(self.faults, found(&node.value), expected);
        None
    }

    fn missing(&self, name: &str, expected: &str) {
        self.place.below(self.place.line, name).fault(self.faults, "missing", expected);
    }

    fn place_of(&self, name: &str, line: u64) -> Place {
        self.place.below(line, name)
    }
}

const DATE: &str = "a date such as 2026-04-01";
const SLUG: &str = "a short name: lower-case letters, digits and single hyphens";

/// The text, unless it is blank.
pub(super) fn filled(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn found(value: &Value) -> String {
    match value {
        Value::Text(text) if text.trim().is_empty() => "found empty text".to_owned(),
        Value::Text(text) => {
            let start: String = text.chars().take(60).collect();
            format!("found `{start}`{}", if start.len() < text.len() { "…" } else { "" })
        }
        Value::Number(number) => format!("found the number {number}"),
        Value::Bool(flag) => format!("found {flag}"),
        other => format!("found {}", other.kind()),
    }
}
