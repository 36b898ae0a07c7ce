use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest as _, Sha256};

use super::LogError;

/// A hash of the tree: SHA-256.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// The root of a tree without entries: the hash of nothing (RFC 6962, 2.1).
    pub fn of_nothing() -> Self {
        Self(Sha256::digest([]).into())
    }

    /// Reads base64 (RFC 4648, section 4) of 32 bytes.
    pub fn from_base64(text: &str) -> Result<Self, LogError> {
        let bytes =
            STANDARD.decode(text).map_err(|error| LogError::malformed("a hash", error.to_string()))?;
        Self::from_bytes(&bytes)
    }

    /// Reads 32 bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, LogError> {
        let bytes = bytes.try_into().map_err(|_| LogError::malformed("a hash", "it is not of 32 bytes"))?;
        Ok(Self(bytes))
    }
}

/// In base64, as texts of logs have it.
impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&STANDARD.encode(self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

/// The hash of an entry (RFC 6962, 2.1): of `0x00` and its bytes.
pub fn leaf_hash(entry: &[u8]) -> Hash {
    Hash(Sha256::new().chain_update([0]).chain_update(entry).finalize().into())
}

/// The hash of two subtrees (RFC 6962, 2.1): of `0x01`, the left and the right.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut bytes = [1; 65];
    for (to, from) in bytes.iter_mut().skip(1).zip(left.0.iter().chain(&right.0)) {
        *to = *from;
    }
    Hash(Sha256::digest(bytes).into())
}
