/// Why something of a log cannot be read or is not proved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogError {
    /// A text or path is not in the form its specification gives it. Whose
    /// fault: whoever wrote it.
    #[error("{what} cannot be read: {detail}")]
    Malformed {
        /// What was read.
        what: &'static str,
        /// What is wrong with it.
        detail: String,
    },
    /// The proof does not prove what it is for: the log, or whoever handed the
    /// proof over, says what is not so.
    #[error("the {0} proof does not hold")]
    NotProved(&'static str),
    /// An index or a size that the tree does not have. Whose fault: the asker's.
    #[error("{0} is outside a tree of {1} entries")]
    Outside(u64, u64),
    /// A signature of a key that is known does not verify (signed-note: then the
    /// whole note is to be refused). Whose fault: whoever signed or changed it.
    #[error("the signature of `{0}` does not verify")]
    BadSignature(String),
    /// No key that is known signed the note. Whose fault: whoever sent another
    /// log's note, or names another key.
    #[error("`{0}` did not sign it")]
    NotSigned(String),
    /// A tile does not hold the hashes that its place in the tree asks for.
    #[error("the tile {0} is not what a tree of this size has there")]
    Tile(String),
    /// An entry is too long for a bundle. Whose fault: whoever made it.
    #[error("an entry of {0} bytes is longer than 65535")]
    EntryTooLong(usize),
}

impl LogError {
    pub(super) fn malformed(what: &'static str, detail: impl Into<String>) -> Self {
        Self::Malformed { what, detail: detail.into() }
    }
}
