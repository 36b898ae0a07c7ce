//! Signatures by the algorithms of the suites.

use ed25519_dalek::VerifyingKey;
use p256::ecdsa::signature::{Signer as _, Verifier as _};
use serde_json::Value;

use super::configuration::Expected;
use super::signing::SigningInput;
use super::{ProofError, Suite};
use crate::canon::{Hash, Processor};
use crate::multikey::PublicKey;

/// The signature algorithm of a suite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Algorithm {
    Ed25519,
    Ecdsa,
}

impl Suite {
    /// Verifies one proof of a document: Ed25519 strictly (no small-order keys,
    /// no malleable signatures), ECDSA with the hash that its curve goes with.
    ///
    /// Checked here: every member of the proof, as `expected`; that the proofs
    /// it builds on are there, not that they verify; the key's type; the
    /// signature. Left to the caller: that the key is the verification method's
    /// and its issuer's, and the document's other proofs.
    pub fn verify(
        &self,
        processor: &Processor,
        document: &Value,
        proof: &Value,
        key: &PublicKey,
        expected: &Expected<'_>,
    ) -> Result<(), ProofError> {
        let open = |hash| self.opened(processor, document, proof, expected, hash);
        match (self.algorithm, key) {
            (Algorithm::Ed25519, PublicKey::Ed25519(key)) => ed25519(key, &open(Hash::Sha256)?),
            (Algorithm::Ecdsa, PublicKey::P256(key)) => p256(key, &open(Hash::Sha256)?),
            (Algorithm::Ecdsa, PublicKey::P384(key)) => {
                p384(key, &self.opened(processor, document, proof, expected, Hash::Sha384)?)
            }
            (Algorithm::Ed25519, _) => Err(ProofError::KeyType { expected: "an Ed25519 key" }),
            (Algorithm::Ecdsa, _) => Err(ProofError::KeyType { expected: "a P-256 or P-384 key" }),
        }
    }
}

pub(super) fn ed25519(
    key: &VerifyingKey,
    (input, signature): &(SigningInput, [u8; 64]),
) -> Result<(), ProofError> {
    key.verify_strict(input.as_ref(), &ed25519_dalek::Signature::from_bytes(signature))
        .map_err(|_| ProofError::SignatureMismatch)
}

fn p256(key: &[u8], (input, signature): &(SigningInput, [u8; 64])) -> Result<(), ProofError> {
    let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(key)
        .map_err(|_| ProofError::KeyType { expected: "a valid P-256 key" })?;
    p256_matches(&key, input.as_ref(), signature)
}

/// ECDSA by P-256 with SHA-256.
pub(super) fn p256_matches(
    key: &p256::ecdsa::VerifyingKey,
    message: &[u8],
    signature: &[u8; 64],
) -> Result<(), ProofError> {
    p256::ecdsa::Signature::from_slice(signature)
        .and_then(|signature| key.verify(message, &signature))
        .map_err(|_| ProofError::SignatureMismatch)
}

fn p384(key: &[u8], (input, signature): &(SigningInput, [u8; 96])) -> Result<(), ProofError> {
    let key = p384::ecdsa::VerifyingKey::from_sec1_bytes(key)
        .map_err(|_| ProofError::KeyType { expected: "a valid P-384 key" })?;
    p384::ecdsa::Signature::from_slice(signature)
        .and_then(|signature| key.verify(input.as_ref(), &signature))
        .map_err(|_| ProofError::SignatureMismatch)
}

/// Signs with P-256 and SHA-256: deterministically (RFC 6979), so that a crash
/// between signing and storing gives the same bytes again.
pub fn sign_p256(key: &p256::ecdsa::SigningKey, input: &SigningInput) -> [u8; 64] {
    let signature: p256::ecdsa::Signature = key.sign(input.as_ref());
    signature.to_bytes().into()
}
