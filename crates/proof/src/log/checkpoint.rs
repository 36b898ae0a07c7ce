use std::{fmt, str::FromStr};

use super::{Hash, LogError, SignedNote, range::LARGEST};

/// What a log says of itself at one size (C2SP tlog-checkpoint, «Note text»).
/// As a text it is what is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The name of the log.
    pub origin: String,
    /// How many entries the tree has.
    pub size: u64,
    /// The root of the tree.
    pub root: Hash,
}

impl Checkpoint {
    /// What a note says, whoever signed it. Lines after the third are passed
    /// over: nobody can check them.
    pub fn of(note: &SignedNote) -> Result<Self, LogError> {
        note.text().parse()
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, self.root)
    }
}

impl FromStr for Checkpoint {
    type Err = LogError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = |detail: &str| LogError::malformed("a checkpoint", detail);
        let body = text.strip_suffix('\n').ok_or_else(|| wrong("its last line has no end"))?;
        let mut lines = body.split('\n');
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next()) else {
            return Err(wrong("it has fewer than three lines"));
        };
        if origin.is_empty() || lines.any(str::is_empty) {
            return Err(wrong("a line of it is empty"));
        }
        let size = decimal(size).ok_or_else(|| wrong("its second line is not the size of a tree"))?;
        Ok(Self { origin: origin.to_owned(), size, root: Hash::from_base64(root)? })
    }
}

/// A size or an index as texts of logs have it: decimal, without leading zeros.
pub(super) fn decimal(text: &str) -> Option<u64> {
    text.parse().ok().filter(|number: &u64| number.to_string() == text && *number <= LARGEST)
}
