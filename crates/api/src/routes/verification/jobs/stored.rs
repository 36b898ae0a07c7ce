//! What is kept of a job and of its lines, sealed by the registry.

use model::{
    rows::{Row, ToCheck, What},
    sentence::Language,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::super::batch;

/// How a job's credentials are checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The trust policy that makes the verdicts.
    pub policy: Option<String>,
    /// Whether whole reports are wanted.
    pub whole: bool,
    /// Whether sentences are in Welsh.
    pub welsh: bool,
}

impl Asked {
    pub fn language(&self) -> Language {
        if self.welsh { Language::Cy } else { Language::En }
    }
}

/// A line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeptRow {
    /// Which row of the list it is, from 1.
    pub row: u64,
    /// The line on which it begins, from 1.
    pub line: u64,
    /// What it names.
    pub what: Named,
    /// Whose it should be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recipient: Option<String>,
}

/// What a line names.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Named {
    /// A credential as text.
    Text(String),
    /// The address of one.
    Url(String),
    /// Neither: the problem document that says why.
    Problem(Value),
}

impl KeptRow {
    /// A row as it is kept; `problem` writes what is wrong with it.
    pub fn of(row: Row<ToCheck>, problem: impl FnOnce(Vec<model::field::FieldError>) -> Value) -> Self {
        let (what, recipient) = match row.result {
            Ok(ToCheck { what: What::Text(text), recipient }) => (Named::Text(text), recipient),
            Ok(ToCheck { what: What::Url(url), recipient }) => (Named::Url(url), recipient),
            Err(errors) => (Named::Problem(problem(errors)), None),
        };
        Self { row: row.number, line: row.line, what, recipient }
    }

    /// About how many bytes it takes.
    pub fn size(&self) -> usize {
        match &self.what {
            Named::Text(text) | Named::Url(text) => text.len(),
            Named::Problem(_) => 512,
        }
    }
}

impl From<KeptRow> for batch::Numbered {
    fn from(kept: KeptRow) -> Self {
        let KeptRow { row, line, what, recipient } = kept;
        let result = match what {
            Named::Text(text) => Ok(ToCheck { what: What::Text(text), recipient }),
            Named::Url(url) => Ok(ToCheck { what: What::Url(url), recipient }),
            Named::Problem(problem) => Err(problem),
        };
        Self { row, line, result }
    }
}
