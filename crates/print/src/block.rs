//! What is to be printed.

use chrono::{DateTime, Utc};

/// A document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its title, as a reader shows it in place of the file's name.
    pub title: String,
    /// BCP 47 tag of its language.
    pub language: &'static str,
    /// Who made it.
    pub author: String,
    /// When.
    pub made: DateTime<Utc>,
    /// The word before a page's number.
    pub page: String,
    /// What it says, in reading order.
    pub blocks: Vec<Block>,
}

/// A piece of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading of level 1, 2 or 3; none is left out on the way down.
    Heading {
        /// The level.
        level: u8,
        /// The text, on one line or more.
        text: String,
    },
    /// A paragraph.
    Paragraph(String),
    /// Names and values: a table whose rows begin with their header.
    Facts {
        /// What the table is about, for those who hear it.
        summary: String,
        /// The rows.
        rows: Vec<(String, String)>,
    },
    /// A table under a row of headers.
    Table {
        /// What the table is about, for those who hear it.
        summary: String,
        /// The columns.
        columns: Vec<Column>,
        /// The rows, each with a cell for each column.
        rows: Vec<Vec<String>>,
    },
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its header.
    pub heading: String,
    /// How wide it is beside the others.
    pub share: u8,
    /// Whether it holds figures, which stand at its right side.
    pub figures: bool,
}

impl Block {
    /// A heading.
    pub fn heading(level: u8, text: impl Into<String>) -> Self {
        Self::Heading { level, text: text.into() }
    }

    /// A paragraph.
    pub fn paragraph(text: impl Into<String>) -> Self {
        Self::Paragraph(text.into())
    }

    /// Names and values.
    pub fn facts<'a>(summary: &str, rows: impl IntoIterator<Item = (&'a str, String)>) -> Self {
        let rows = rows.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Self::Facts { summary: summary.to_owned(), rows }
    }

    /// A table.
    pub fn table(
        summary: &str,
        columns: impl IntoIterator<Item = Column>,
        rows: impl IntoIterator<Item = Vec<String>>,
    ) -> Self {
        Self::Table {
            summary: summary.to_owned(),
            columns: columns.into_iter().collect(),
            rows: rows.into_iter().collect(),
        }
    }
}

impl Column {
    /// A column of text.
    pub fn text(heading: &str, share: u8) -> Self {
        Self { heading: heading.to_owned(), share, figures: false }
    }

    /// A column of figures.
    pub fn figure(heading: &str, share: u8) -> Self {
        Self { figures: true, ..Self::text(heading, share) }
    }
}
