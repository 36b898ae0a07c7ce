//! The columns of a row as they are digested: in a fixed order, each as text.

use chrono::{NaiveDate, NaiveDateTime};
use sha2::{Digest as _, Sha256};

use super::entry::{EntryKind, LogEntry};
use crate::digest::Digests;

/// Columns gathered. One that is there is `=` and its text; one that is null is
/// nothing, so that null and an empty text differ.
#[derive(Debug, Default)]
pub(super) struct Columns(Vec<String>);

impl Columns {
    pub(super) fn text(self, value: &str) -> Self {
        self.optional(Some(value))
    }

    pub(super) fn optional(mut self, value: Option<&str>) -> Self {
        self.0.push(value.map_or_else(String::new, |value| format!("={value}")));
        self
    }

    pub(super) fn number(self, value: i32) -> Self {
        self.text(&value.to_string())
    }

    /// UTC, to the microsecond.
    pub(super) fn time(self, value: NaiveDateTime) -> Self {
        self.optional_time(Some(value))
    }

    pub(super) fn optional_time(self, value: Option<NaiveDateTime>) -> Self {
        let text = value.map(|at| at.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string());
        self.optional(text.as_deref())
    }

    pub(super) fn optional_day(self, value: Option<NaiveDate>) -> Self {
        self.optional(value.map(|day| day.to_string()).as_deref())
    }

    /// A long text that says nothing of a person, by its SHA-256.
    pub(super) fn document(self, value: &str) -> Self {
        self.text(&sha256(value))
    }

    /// The entry of the row that has them. The digest's key is the row's own, so
    /// that it can be told with one row and opens no other.
    pub(super) fn entry(&self, digests: &Digests, kind: EntryKind, row_id: &str) -> LogEntry {
        let parts: Vec<&[u8]> = self.0.iter().map(String::as_bytes).collect();
        let digest = key(digests, kind, row_id).text(kind.as_str(), &parts);
        LogEntry { kind, row_id: row_id.to_owned(), digest }
    }

    /// These, and then others.
    pub(super) fn and(mut self, others: Self) -> Self {
        self.0.extend(others.0);
        self
    }

    pub(super) fn into_texts(self) -> Vec<String> {
        self.0
    }
}

pub(crate) fn sha256(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}

/// The key of one row's digest.
fn key(digests: &Digests, kind: EntryKind, row_id: &str) -> Digests {
    Digests::new(&key_bytes(digests, kind, row_id))
}

pub(super) fn key_bytes(digests: &Digests, kind: EntryKind, row_id: &str) -> [u8; 32] {
    digests.bytes("log entry", &[kind.as_str().as_bytes(), row_id.as_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_and_its_absence_show_in_the_digest() {
        let digests = Digests::new(&[7; 32]);
        let digest = |columns: Columns| columns.entry(&digests, EntryKind::Award, "a").digest;
        let all = [
            digest(Columns::default().text("x").optional(None)),
            digest(Columns::default().text("x").text("")),
            digest(Columns::default().text("x")),
            digest(Columns::default().optional(None).text("x")),
            digest(Columns::default().text(&sha256("x")).optional(None)),
            Columns::default().text("x").optional(None).entry(&digests, EntryKind::Award, "b").digest,
            Columns::default().text("x").optional(None).entry(&digests, EntryKind::Ledger, "a").digest,
        ];
        for (index, one) in all.iter().enumerate() {
            assert_eq!(all.iter().filter(|other| *other == one).count(), 1, "{index}");
        }
    }
}
