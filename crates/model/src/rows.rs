//! Completions in batches.

use serde_json::Value;

use crate::completion::Completion;
use crate::field::FieldError;

/// The form of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-, semicolon- or tab-separated values with a header.
    Csv,
    /// One JSON object per line.
    Ndjson,
    /// A JSON array of objects.
    JsonArray,
}

/// One row of a batch, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Which data row it is, from 1.
    pub number: u64,
    /// The line it begins on, from 1.
    pub line: u64,
    /// The completion, or everything that is wrong with it.
    pub result: Result<Completion, Vec<FieldError>>,
}

/// Reads a batch piece by piece.
#[derive(Debug)]
pub struct RowReader {
    format: Format,
    parse_json: fn(&[u8]) -> Result<Value, String>,
}

impl RowReader {
    /// A reader of `format`. JSON is parsed with `parse_json`.
    pub fn new(format: Format, parse_json: fn(&[u8]) -> Result<Value, String>) -> Self {
        Self { format, parse_json }
    }

    /// Takes the next piece and gives the rows that it completes.
    pub fn push(&mut self, _bytes: &[u8]) -> Vec<Row> {
        let _ = (self.format, self.parse_json);
        todo!()
    }

    /// Ends the batch and gives the rows that were left.
    pub fn finish(self) -> Vec<Row> {
        todo!()
    }
}
