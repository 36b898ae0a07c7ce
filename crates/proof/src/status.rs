//! Bitstring Status List 1.0.

/// The smallest list the standard allows, so that one badge hides among many.
pub const MIN_ENTRIES: usize = 131_072;

/// Why a status list cannot be read. Its publisher's fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StatusError {
    /// Not `u` and base64url without padding.
    #[error("encodedList must be `u` and base64url without padding")]
    Multibase,
    /// Not GZIP, or damaged.
    #[error("encodedList is not valid GZIP data")]
    Gzip,
    /// Grows beyond the limit when expanded.
    #[error("encodedList expands to more than {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// Fewer entries than the standard allows.
    #[error("the list has {entries} entries; at least {MIN_ENTRIES} are required")]
    TooShort {
        /// Entries found.
        entries: usize,
    },
}

/// A list of one-bit statuses; index 0 is the most significant bit of the first byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BitString {
    bytes: Vec<u8>,
}

impl BitString {
    /// A list of at least `len` entries, all unset (never fewer than [`MIN_ENTRIES`], whole bytes).
    pub fn new(len: usize) -> Self {
        Self { bytes: vec![0; len.max(MIN_ENTRIES).div_ceil(8)] }
    }

    /// How many entries the list has.
    pub fn len(&self) -> usize {
        self.bytes.len().saturating_mul(8)
    }

    /// Never: a list has at least [`MIN_ENTRIES`].
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The status at `index`; `None` beyond the end.
    pub fn get(&self, index: usize) -> Option<bool> {
        let _ = index;
        todo!()
    }

    /// Sets the status at `index`; false if there is no such entry.
    pub fn set(&mut self, index: usize, value: bool) -> bool {
        let _ = (index, value);
        todo!()
    }

    /// `encodedList`: `u` and base64url without padding of the GZIP'd list.
    pub fn encode(&self) -> String {
        todo!()
    }

    /// Reads an `encodedList` that expands to at most `max_bytes`.
    pub fn decode(text: &str, max_bytes: usize) -> Result<Self, StatusError> {
        let _ = (text, max_bytes);
        todo!()
    }
}
