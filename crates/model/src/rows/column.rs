//! The columns of a CSV batch.

use crate::field::FieldError;
use crate::parse::nearest;
use crate::rows::Stated;

/// The columns that a row may have.
#[derive(Debug, Clone, Copy)]
pub struct Header {
    /// Every column there may be.
    pub(super) columns: &'static [&'static str],
    /// Those that must be there.
    pub(super) needed: &'static [&'static str],
    /// Of these, one or more.
    pub(super) one_of: &'static [&'static str],
    /// What those do.
    pub(super) what: &'static str,
}

/// The columns that a header names, in its order.
#[derive(Debug, Default)]
pub(super) struct Columns {
    names: Vec<&'static str>,
    decimal_comma: bool,
}

impl Columns {
    /// Reads a header. With semicolons between fields a decimal comma is usual.
    pub(super) fn of(known: Header, header: &[&str], decimal_comma: bool) -> Result<Self, Vec<FieldError>> {
        let Header { columns, needed, one_of, what } = known;
        // A header that ends with a separator has no column there.
        let last = header.iter().rposition(|name| !name.trim().is_empty()).map_or(0, |last| last + 1);
        let header = header.get(..last).unwrap_or_default();
        let known = || format!("these columns: {}", columns.join(", "));
        if header.is_empty() {
            let expected = format!("a header with {}", known());
            return Err(vec![FieldError::new("", "empty", "is empty", expected)]);
        }
        let mut names: Vec<&'static str> = Vec::with_capacity(header.len());
        let mut faults = Vec::new();
        for stated in header {
            let name = folded(stated);
            let column = columns.iter().find(|column| **column == name);
            match column {
                Some(column) if names.contains(column) => {
                    let detail = format!("the header has `{column}` twice");
                    faults.push(FieldError::new(format!("/{column}"), "twice", detail, "each column once"));
                }
                Some(column) => names.push(column),
                None => {
                    let shown: String = stated.trim().chars().take(40).collect();
                    let expected = nearest(&name, columns).map_or_else(known, |near| {
                        format!("`{near}`, if that is what is meant; or {}", known())
                    });
                    let detail = format!("`{shown}` is not a known column");
                    let pointer = format!("/{}", name.replace('~', "~0").replace('/', "~1"));
                    faults.push(FieldError::new(pointer, "unknown-column", detail, expected));
                }
            }
        }
        for needed in needed.iter().filter(|needed| !names.contains(needed)) {
            let detail = format!("the header has no column `{needed}`");
            faults.push(FieldError::new(format!("/{needed}"), "missing-column", detail, known()));
        }
        if !one_of.iter().any(|column| names.contains(column)) {
            let detail = format!("the header has no column that {what}");
            let expected = format!("one or more of {}", one_of.join(", "));
            faults.push(FieldError::new("", "missing-column", detail, expected));
        }
        if faults.is_empty() { Ok(Self { names, decimal_comma }) } else { Err(faults) }
    }

    /// Reads one row.
    pub(super) fn row<T: Stated>(&self, fields: &[&str]) -> Result<T, Vec<FieldError>> {
        let surplus = fields.get(self.names.len()..).unwrap_or_default();
        if fields.len() < self.names.len() || surplus.iter().any(|field| !field.trim().is_empty()) {
            let detail = format!("has {} fields where the header has {}", fields.len(), self.names.len());
            let expected = "one field for each column; is a quotation mark missing around a field?";
            return Err(vec![FieldError::new("", "wrong-length", detail, expected)]);
        }
        T::of_columns(&Fields { columns: self, fields })
    }
}

/// The fields of one row.
#[derive(Debug)]
pub struct Fields<'a> {
    columns: &'a Columns,
    fields: &'a [&'a str],
}

impl Fields<'_> {
    /// What the column says; `None` where it is blank or not there.
    pub(super) fn field(&self, column: &str) -> Option<&str> {
        let at = self.columns.names.iter().position(|name| *name == column)?;
        self.fields.get(at).map(|field| field.trim()).filter(|field| !field.is_empty())
    }

    /// Whether amounts are written with a comma.
    pub(super) fn has_decimal_commas(&self) -> bool {
        self.columns.decimal_comma
    }
}

/// A column's name without case, and spaces and hyphens as underscores.
pub(super) fn folded(name: &str) -> String {
    let words: Vec<String> = name
        .split(|c: char| c.is_whitespace() || matches!(c, '_' | '-' | '\u{FEFF}'))
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.join("_")
}
