//! Completions, withdrawals of them, and credentials to be checked, in batches, read piece by piece as they
//! arrive: never more than one row is held, and a row has at most [`LARGEST_ROW`]
//! bytes. A bad row never stops the good ones.

mod checked;
mod column;
mod completion;
mod csv;
mod json;
mod withdrawal;

pub use checked::{ToCheck, What};
pub use column::{Fields, Header};

use std::marker::PhantomData;

use serde_json::Value;

use crate::completion::Completion;
use crate::field::FieldError;

/// The largest row, in bytes.
pub const LARGEST_ROW: usize = 256 * 1024;

/// The form of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Values separated by commas, semicolons or tabs, with a header.
    Csv,
    /// One JSON object per line.
    Ndjson,
    /// A JSON array of objects.
    JsonArray,
}

/// What a row can state.
pub trait Stated: Sized {
    /// The columns it has in CSV.
    const HEADER: Header;

    /// What the fields of a CSV row come to; a fault points at its column.
    fn of_columns(row: &Fields<'_>) -> Result<Self, Vec<FieldError>>;

    /// What a JSON document comes to.
    fn of_json(document: &Value) -> Result<Self, Vec<FieldError>>;
}

/// One row of a batch, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row<T = Completion> {
    /// Which data row it is, from 1. 0 where the fault is of the whole batch,
    /// such as a header without a needed column: nothing after it is read.
    pub number: u64,
    /// The line it begins on, from 1.
    pub line: u64,
    /// What it states, or everything that is wrong with it. In CSV a fault
    /// points at its column (`/email`), in JSON into the object.
    pub result: Result<T, Vec<FieldError>>,
}

impl<T> Row<T> {
    fn refused(number: u64, line: u64, fault: FieldError) -> Self {
        Self { number, line, result: Err(vec![fault]) }
    }
}

/// Parses the bytes of one JSON document; the error is a sentence for people.
pub type ParseJson = fn(&[u8]) -> Result<Value, String>;

/// Reads a batch piece by piece.
#[derive(Debug)]
pub struct RowReader<T = Completion>(Inner, PhantomData<T>);

#[derive(Debug)]
enum Inner {
    Csv(Box<csv::Reader>),
    Lines(json::Lines),
    Array(json::Array),
}

impl<T: Stated> RowReader<T> {
    /// A reader of `format`. Each JSON row is parsed by `parse_json`, which
    /// should be strict about duplicate members, depth and numbers.
    pub fn new(format: Format, parse_json: ParseJson) -> Self {
        let inner = match format {
            Format::Csv => Inner::Csv(Box::default()),
            Format::Ndjson => Inner::Lines(json::Lines::new(parse_json)),
            Format::JsonArray => Inner::Array(json::Array::new(parse_json)),
        };
        Self(inner, PhantomData)
    }

    /// Takes the next piece, cut anywhere, and gives the rows that it completes.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Row<T>> {
        match &mut self.0 {
            Inner::Csv(reader) => reader.push(bytes),
            Inner::Lines(reader) => reader.push(bytes),
            Inner::Array(reader) => reader.push(bytes),
        }
    }

    /// Ends the batch and gives the rows that were left.
    pub fn finish(self) -> Vec<Row<T>> {
        match self.0 {
            Inner::Csv(reader) => reader.finish(),
            Inner::Lines(reader) => reader.finish(),
            Inner::Array(reader) => reader.finish(),
        }
    }
}

/// The fault of a row that is larger than [`LARGEST_ROW`].
fn too_large(hint: &str) -> FieldError {
    let detail = format!("is larger than {LARGEST_ROW} bytes");
    FieldError::new("", "row-too-large", detail, format!("a smaller row{hint}"))
}

/// Takes off the byte order mark that some programs put before UTF-8.
fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)
}

#[cfg(test)]
mod tests;
