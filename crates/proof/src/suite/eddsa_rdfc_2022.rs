//! `eddsa-rdfc-2022` (VC Data Integrity EdDSA Cryptosuites 1.0, section 3.2).

use serde_json::Value;

pub use super::{ProofError, ProofOptions};
use crate::multikey::PublicKey;

/// The suite's `cryptosuite` name.
pub const NAME: &str = "eddsa-rdfc-2022";

/// The 64 bytes that are signed: SHA-256 of the canonical proof configuration,
/// then SHA-256 of the canonical document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SigningInput([u8; 64]);

impl AsRef<[u8]> for SigningInput {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// What to sign for `document`, an unsigned credential.
pub fn signing_input(document: &Value, options: &ProofOptions) -> Result<SigningInput, ProofError> {
    let _ = (document, options);
    todo!()
}

/// The document with its `proof`.
pub fn attach(document: Value, options: &ProofOptions, signature: &[u8; 64]) -> Value {
    let _ = (options, signature);
    document
}

/// Verifies one proof of a document, strictly (no small-order keys, no
/// malleable signatures).
pub fn verify(document: &Value, proof: &Value, key: &PublicKey) -> Result<(), ProofError> {
    let _ = (document, proof, key);
    todo!()
}
