//! The members of one JSON object that is being read.

use serde_json::{Map, Value};

use crate::field::FieldError;
use crate::parse::text::{self, Lines};
use crate::schema::check::kind_of;

/// The members of one object, and where it stands in the document.
pub(super) struct Members<'a> {
    members: &'a Map<String, Value>,
    pointer: String,
}

impl<'a> Members<'a> {
    /// Opens `value`, which should be `what`, and refuses members that are not
    /// among `known`, with a hint where one is nearly right.
    pub(super) fn of(
        value: &'a Value,
        pointer: String,
        what: &str,
        known: &[&str],
        faults: &mut Vec<FieldError>,
    ) -> Option<Self> {
        let Value::Object(members) = value else {
            let expected = format!("{what}: an object with `{}`", known.join("`, `"));
            faults.push(FieldError::new(pointer, "wrong-type", format!("is {}", kind_of(value)), expected));
            return None;
        };
        let opened = Self { members, pointer };
        for name in members.keys().filter(|name| !known.contains(&name.as_str())) {
            let expected = match nearest(name, known) {
                Some(near) => format!("`{near}`, if that is what is meant"),
                None => format!("no others than `{}`", known.join("`, `")),
            };
            let detail = format!("`{}` is not a member of {what}", text::clip(name));
            faults.push(FieldError::new(opened.pointer_to(name), "unknown-member", detail, expected));
        }
        Some(opened)
    }

    /// Where the object stands.
    pub(super) fn pointer(&self) -> &str {
        &self.pointer
    }

    /// Where its member `name` stands, or would.
    pub(super) fn pointer_to(&self, name: &str) -> String {
        format!("{}/{}", self.pointer, name.replace('~', "~0").replace('/', "~1"))
    }

    /// A member that may be left out; null counts as left out.
    pub(super) fn optional(&self, name: &str) -> Option<&'a Value> {
        self.members.get(name).filter(|value| !value.is_null())
    }

    /// A member that must be there.
    pub(super) fn required(
        &self,
        name: &str,
        expected: &str,
        faults: &mut Vec<FieldError>,
    ) -> Option<&'a Value> {
        let value = self.optional(name);
        if value.is_none() {
            faults.push(FieldError::new(self.pointer_to(name), "missing", "is missing", expected));
        }
        value
    }

    /// A line of text that may be left out.
    pub(super) fn line(&self, name: &str, longest: usize, faults: &mut Vec<FieldError>) -> Option<String> {
        let value = self.optional(name)?;
        text::read(value, &self.pointer_to(name), longest, Lines::One, faults)
    }

    /// A line of text that must be there.
    pub(super) fn required_line(
        &self,
        name: &str,
        longest: usize,
        expected: &str,
        faults: &mut Vec<FieldError>,
    ) -> Option<String> {
        let value = self.required(name, expected, faults)?;
        text::read(value, &self.pointer_to(name), longest, Lines::One, faults)
    }

    /// A list that may be left out, each item read by `read`.
    pub(super) fn list<T>(
        &self,
        name: &str,
        most: usize,
        faults: &mut Vec<FieldError>,
        read: impl Fn(&'a Value, String, &mut Vec<FieldError>) -> Option<T>,
    ) -> Vec<T> {
        let pointer = self.pointer_to(name);
        let items = match self.optional(name) {
            None => return Vec::new(),
            Some(Value::Array(items)) => items,
            Some(other) => {
                let detail = format!("is {}", kind_of(other));
                faults.push(FieldError::new(pointer, "not-an-array", detail, "an array, even for one item"));
                return Vec::new();
            }
        };
        if items.len() > most {
            let detail = format!("has {} items", items.len());
            faults.push(FieldError::new(pointer, "too-many", detail, format!("at most {most}")));
            return Vec::new();
        }
        let mut read_items = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            read_items.extend(read(item, format!("{pointer}/{index}"), faults));
        }
        read_items
    }
}

/// The known name that `name` was probably meant to be: the same but for case
/// and punctuation, or one or two letters away.
pub(crate) fn nearest<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    let bare = |name: &str| -> Vec<char> {
        name.chars().take(40).filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let own = bare(name);
    let near = known.iter().map(|known| (distance(&own, &bare(known)), *known)).min_by_key(|(far, _)| *far);
    near.filter(|(far, known)| *far <= 2 && *far * 3 <= known.len()).map(|(_, known)| known)
}

/// How many letters must change, come or go (Levenshtein).
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, to) in row.iter_mut().skip(1).zip(b) {
            let changed = diagonal + usize::from(from != to);
            diagonal = *cell;
            left = changed.min(left + 1).min(*cell + 1);
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_pen_finds_its_name() {
        let known = ["completedAt", "startedOn", "learner"];
        assert_eq!(nearest("completed_at", &known), Some("completedAt"));
        assert_eq!(nearest("learnr", &known), Some("learner"));
        assert_eq!(nearest("startOn", &known), Some("startedOn"));
        assert_eq!(nearest("colour", &known), None);
        assert_eq!(nearest("", &known), None);
    }
}
