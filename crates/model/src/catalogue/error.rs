//! What is wrong with a catalogue, said so that its editor can mend it.

use serde::Serialize;

/// One fault in a catalogue file. Whose fault: the catalogue editor's. All
/// files are read to their ends, so the editor learns every fault at once.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, thiserror::Error)]
#[error("{file}:{line}: {field}: {detail}; expected {expected}")]
pub struct CatalogueError {
    /// The file, as its name was given to [`read`](super::read()).
    pub file: String,
    /// The line, counted from 1.
    pub line: u64,
    /// The field, as a path such as `achievements.cyber-basics.image.alt`.
    pub field: String,
    /// What was found.
    pub detail: String,
    /// What was expected, and what to do.
    pub expected: String,
}
