//! Strict JSON (I-JSON, RFC 7493): what cannot be read in two ways.

use serde_json::Value;

/// How much JSON is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the text.
    pub bytes: usize,
    /// Objects and arrays inside one another.
    pub depth: usize,
}

impl Default for Limits {
    /// 256 KiB, 64 deep.
    fn default() -> Self {
        Self { bytes: 262_144, depth: 64 }
    }
}

/// Why a text is not the JSON we accept. Always the sender's fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// The text is longer than the limit.
    #[error("the JSON is {bytes} bytes long; at most {limit} are accepted")]
    TooLarge {
        /// Length of the text in bytes.
        bytes: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// The text begins with a byte order mark (RFC 8259 section 8.1).
    #[error("the text begins with a byte order mark; send UTF-8 without one")]
    ByteOrderMark,
    /// The bytes are not UTF-8.
    #[error("the text is not UTF-8 (first bad byte at offset {offset}); send UTF-8")]
    NotUtf8 {
        /// Offset of the first bad byte.
        offset: usize,
    },
    /// The text is not JSON.
    #[error("not JSON at line {line}, column {column}: {detail}")]
    Syntax {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What the parser met.
        detail: String,
    },
    /// An object names a member twice.
    #[error("{pointer}: the member appears twice; every name may appear once in an object")]
    Duplicate {
        /// JSON pointer (RFC 6901) of the second member.
        pointer: String,
    },
    /// Objects and arrays are nested too deeply.
    #[error("{pointer}: nested deeper than {limit} levels")]
    TooDeep {
        /// JSON pointer of the value that is too deep.
        pointer: String,
        /// The limit in levels.
        limit: usize,
    },
    /// A number that two readers could take for different values.
    #[error("{pointer}: {number} cannot be represented exactly; integers must lie between -(2^53-1) and 2^53-1 and numbers within the range of a double; send it as a string")]
    Number {
        /// JSON pointer of the number.
        pointer: String,
        /// The number as read.
        number: String,
    },
}

/// Parses `bytes` into a value, refusing everything that two parsers could
/// read differently: duplicate members, lone surrogates, integers beyond
/// 2^53-1, numbers beyond a double, text after the value (RFC 7493 section 2).
pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Value, JsonError> {
    let _ = (bytes, limits);
    todo!()
}
