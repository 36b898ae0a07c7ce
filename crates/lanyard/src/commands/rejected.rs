//! The file of the rows that were not taken.

use std::{
    fs::{self, File},
    io::{BufWriter, Write},
    path::Path,
};

use model::field::FieldError;
use serde_json::json;

use crate::{error::CommandError, output::say};

/// Rows that were not taken, as NDJSON: `row`, `line` and `errors` of each.
pub struct Rejected<'a> {
    file: BufWriter<File>,
    path: &'a Path,
    rows: u64,
}

impl<'a> Rejected<'a> {
    /// An empty one.
    pub fn create(path: &'a Path) -> Result<Self, CommandError> {
        let file = File::create(path).map_err(|error| CommandError::file(path, error))?;
        Ok(Self { file: BufWriter::new(file), path, rows: 0 })
    }

    /// Adds a row with everything that is wrong with it.
    pub fn add(&mut self, number: u64, line: u64, faults: &[FieldError]) -> Result<(), CommandError> {
        self.rows += 1;
        writeln!(self.file, "{}", json!({ "row": number, "line": line, "errors": faults }))
            .map_err(|error| CommandError::file(self.path, error))
    }

    /// Says where they are, if there are any; removes the file if there are none.
    pub fn close(mut self) -> Result<(), CommandError> {
        self.file.flush().map_err(|error| CommandError::file(self.path, error))?;
        if self.rows == 0 {
            return fs::remove_file(self.path).map_err(|error| CommandError::file(self.path, error));
        }
        say(format_args!("The rows that were not taken are in {}.", self.path.display()));
        Err(CommandError::Refused)
    }
}
