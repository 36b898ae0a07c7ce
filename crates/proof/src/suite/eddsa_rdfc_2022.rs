//! `eddsa-rdfc-2022` (VC Data Integrity `EdDSA` Cryptosuites 1.0, section 3.2).

use serde_json::Value;

pub use super::signing::SigningInput;
use super::signing::Transformation;
use super::verifying::Algorithm;
use super::{Configuration, Expected, Suite};
pub use super::{ProofError, ProofOptions};
use crate::canon::Processor;
use crate::multikey::PublicKey;

/// The suite's `cryptosuite` name.
pub const NAME: &str = "eddsa-rdfc-2022";

/// The suite: statements are signed, by Ed25519.
pub const SUITE: Suite =
    Suite { name: NAME, transformation: Transformation::Rdfc, algorithm: Algorithm::Ed25519 };

/// What to sign for `document`, an unsigned credential (a `proof` it may carry
/// is left aside).
pub fn signing_input(document: &Value, options: &ProofOptions) -> Result<SigningInput, ProofError> {
    signing_input_with(Processor::known(), document, options)
}

/// [`signing_input`] with other contexts than the known ones.
pub fn signing_input_with(
    processor: &Processor,
    document: &Value,
    options: &ProofOptions,
) -> Result<SigningInput, ProofError> {
    SUITE.signing_input(processor, document, &Configuration::new(NAME, options))
}

/// The document with its `proof` (section 3.2.1).
pub fn attach(mut document: Value, options: &ProofOptions, signature: &[u8; 64]) -> Value {
    let proof = proof(&document, options, signature);
    if let Some(members) = document.as_object_mut() {
        members.insert("proof".into(), proof);
    }
    document
}

/// The proof of `document` that [`attach`] puts into it.
pub fn proof(document: &Value, options: &ProofOptions, signature: &[u8; 64]) -> Value {
    SUITE.proof(document, Configuration::new(NAME, options), signature)
}

/// Verifies one proof of a document, strictly (no small-order keys, no
/// malleable signatures). The document's own `proof` members are left aside.
///
/// Checked here: the proof's type, suite, purpose (`assertionMethod`) and the
/// form of its members, the key's type, the signature. Left to the caller:
/// that the key is the verification method's and its issuer's, and that `created`
/// and `expires` fit the time.
pub fn verify(document: &Value, proof: &Value, key: &PublicKey) -> Result<(), ProofError> {
    verify_with(Processor::known(), document, proof, key)
}

/// [`verify`] with other contexts than the known ones.
pub fn verify_with(
    processor: &Processor,
    document: &Value,
    proof: &Value,
    key: &PublicKey,
) -> Result<(), ProofError> {
    SUITE.verify(processor, document, proof, key, &Expected::default())
}

#[cfg(test)]
mod tests;
