//! Keyed digests: personal identifiers, request bodies and keys are compared by
//! HMAC-SHA-256 and never kept in the clear or under a plain hash.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The secret, and what is derived from it.
#[derive(Clone)]
pub(crate) struct Digests {
    keyed: Hmac<Sha256>,
}

impl Digests {
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        // HMAC fills a short key up to its block with zeros (RFC 2104, section 2).
        let mut block = [0; 64];
        for (to, from) in block.iter_mut().zip(key) {
            *to = *from;
        }
        Self { keyed: Hmac::new(&block.into()) }
    }

    /// The digest of `parts` for one purpose. Each part is preceded by its
    /// length, so that no two lists of parts read alike.
    pub(crate) fn bytes(&self, purpose: &str, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = self.keyed.clone();
        for part in std::iter::once(&purpose.as_bytes()).chain(parts) {
            mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    /// The same in hexadecimal.
    pub(crate) fn text(&self, purpose: &str, parts: &[&[u8]]) -> String {
        hex::encode(self.bytes(purpose, parts))
    }

    /// HMAC-SHA-256 of `bytes` and nothing else (RFC 2104): what anybody can compute who
    /// has this key.
    pub(crate) fn of(&self, bytes: &[u8]) -> [u8; 32] {
        self.keyed.clone().chain_update(bytes).finalize().into_bytes().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_depends_on_key_purpose_and_every_boundary() {
        let digests = Digests::new(&[7; 32]);
        let first = digests.text("a", &[b"bc", b"d"]);
        assert_eq!(first, Digests::new(&[7; 32]).text("a", &[b"bc", b"d"]));
        assert_eq!(first.len(), 64);
        assert_ne!(first, Digests::new(&[8; 32]).text("a", &[b"bc", b"d"]));
        assert_ne!(first, digests.text("b", &[b"bc", b"d"]));
        assert_ne!(first, digests.text("a", &[b"b", b"cd"]));
        assert_ne!(first, digests.text("ab", &[b"c", b"d"]));
    }
}
