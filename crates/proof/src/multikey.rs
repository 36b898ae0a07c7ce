//! Public keys as Multikey (Controlled Identifiers 1.0, section 2.2.2) and as JWK (RFC 7517).

use serde_json::Value;

/// Why a key cannot be read. The fault of whoever published it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not base58btc multibase.
    #[error("a publicKeyMultibase must be `z` and base58btc: {0}")]
    Multibase(&'static str),
    /// A key type we do not read.
    #[error("unsupported key type: expected Ed25519, P-256 or P-384")]
    UnknownType,
    /// The bytes are no point of the curve.
    #[error("the {0} key is not a valid point of its curve")]
    InvalidPoint(&'static str),
    /// A JWK lacks a member or holds a bad one.
    #[error("the JWK's `{member}` {detail}")]
    Jwk {
        /// Name of the member.
        member: &'static str,
        /// What was expected.
        detail: &'static str,
    },
}

/// A public key that is a valid point of its curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PublicKey {
    /// Ed25519 (RFC 8032), 32 bytes.
    Ed25519([u8; 32]),
    /// P-256, compressed SEC1 point.
    P256([u8; 33]),
    /// P-384, compressed SEC1 point.
    P384([u8; 49]),
}

impl PublicKey {
    /// Reads `z…`: base58btc of the multicodec prefix and the key.
    pub fn from_multibase(text: &str) -> Result<Self, KeyError> {
        let _ = text;
        todo!()
    }

    /// Writes `z…`.
    pub fn to_multibase(&self) -> String {
        todo!()
    }

    /// Reads a public JWK (`OKP`/`Ed25519`, `EC`/`P-256`, `EC`/`P-384`).
    pub fn from_jwk(jwk: &Value) -> Result<Self, KeyError> {
        let _ = jwk;
        todo!()
    }

    /// Writes the public JWK, required members only.
    pub fn to_jwk(&self) -> Value {
        todo!()
    }
}
