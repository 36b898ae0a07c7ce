//! Cryptosuites of Verifiable Credential Data Integrity 1.0.

mod batch;
mod configuration;
mod digested;
pub mod ecdsa_jcs_2019;
pub mod ecdsa_rdfc_2019;
pub mod ecdsa_sd_2023;
mod ed25519_signature_2020;
pub mod eddsa_jcs_2022;
pub mod eddsa_rdfc_2022;
mod kind;
mod signing;
mod verifying;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

pub use self::batch::{Batch, Begun, Due, Ends, conclude, verify_many};
pub use self::configuration::{AHEAD, Configuration, Expected};
pub use self::digested::Digested;
pub use self::kind::Kind;
pub use self::signing::SigningInput;
use self::signing::Transformation;
use self::verifying::Algorithm;
pub use self::verifying::sign_p256;
use crate::canon::{CanonError, Processor};
use crate::jcs::JcsError;
use crate::multikey::PublicKey;

/// The purpose of a proof on a credential.
pub const ASSERTION_METHOD: &str = "assertionMethod";

/// The purpose of a holder's proof on a presentation.
pub const AUTHENTICATION: &str = "authentication";

/// The `type` of every proof of Data Integrity 1.0; proofs of a type of their
/// own are older.
pub const DATA_INTEGRITY_PROOF: &str = "DataIntegrityProof";

/// What a proof says beside its signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofOptions {
    /// Absolute id of the verification method.
    pub verification_method: String,
    /// When the proof was made; written to the second in UTC.
    pub created: DateTime<Utc>,
    /// `assertionMethod` for credentials, `authentication` for presentations.
    pub proof_purpose: &'static str,
}

/// Why a proof cannot be made or does not verify.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The document has no canonical form.
    #[error("{0}")]
    Canon(#[from] CanonError),
    /// The proof's own members have no canonical form.
    #[error("in the proof: {0}")]
    Configuration(CanonError),
    /// The document holds a number that JSON readers take differently.
    #[error("{0}")]
    Jcs(#[from] JcsError),
    /// The thing to sign or verify is not a JSON object.
    #[error("the document must be a JSON object")]
    NotAnObject,
    /// A member of the proof is missing or malformed.
    #[error("proof.{member}: {expected}")]
    Member {
        /// The member's name.
        member: &'static str,
        /// What was expected.
        expected: String,
    },
    /// No suite of that name is known.
    #[error("proof.cryptosuite: `{0}` is not supported; supported: {known}", known = kind::known())]
    UnknownSuite(String),
    /// The proof was made for the holder alone: a verifier would learn what
    /// was not disclosed to it.
    #[error("a base proof is for the holder; derive from it first")]
    BaseProof,
    /// By `ecdsa-sd-2023`, so many statements are signed apart; the signer can
    /// make more of them mandatory.
    #[error("{0} statements are signed apart; at most {most} are", most = ecdsa_sd_2023::MOST_STATEMENTS)]
    TooManyStatements(usize),
    /// A pointer to what is to be disclosed chooses nothing of the document.
    #[error("{pointer}: {detail}")]
    Pointer {
        /// As given, or up to where it leads; empty for all together.
        pointer: String,
        /// What is wrong.
        detail: &'static str,
    },
    /// The bytes drawn for a fresh key make none.
    #[error("the random bytes make no private key of P-256; draw again")]
    Entropy,
    /// The key is of another type than the suite needs.
    #[error("the verification method's key does not fit the cryptosuite: expected {expected}")]
    KeyType {
        /// The key type the suite needs.
        expected: &'static str,
    },
    /// The signature is not one of this document by this key.
    #[error(
        "the signature does not match the document: it was changed after signing, or signed by another key"
    )]
    SignatureMismatch,
}

/// A cryptosuite that signs whole documents: a way to a canonical form, and a
/// signature algorithm.
#[derive(Debug, Clone, Copy)]
pub struct Suite {
    /// Its `cryptosuite` name.
    pub name: &'static str,
    transformation: Transformation,
    algorithm: Algorithm,
}

/// Every suite that signs whole documents. [`ecdsa_sd_2023`] stands apart: it
/// signs statements.
pub const SUITES: &[Suite] =
    &[eddsa_rdfc_2022::SUITE, eddsa_jcs_2022::SUITE, ecdsa_rdfc_2019::SUITE, ecdsa_jcs_2019::SUITE];

/// Verifies `proof` of `document`, a credential, with `key`, by the suite the
/// proof names. See [`Suite::verify`] for what is left to the caller.
pub fn verify(document: &Value, proof: &Value, key: &PublicKey) -> Result<(), ProofError> {
    verify_as(Processor::known(), document, proof, key, &Expected::default())
}

/// [`verify`] with other contexts than the known ones, and as `expected`.
pub fn verify_as(
    processor: &Processor,
    document: &Value,
    proof: &Value,
    key: &PublicKey,
    expected: &Expected<'_>,
) -> Result<(), ProofError> {
    Kind::of(proof)?.verify(processor, document, proof, key, expected)
}

/// The document with one more proof: alone, or in a set with those it has.
#[must_use]
pub fn add(mut document: Value, proof: Value) -> Value {
    if let Some(members) = document.as_object_mut() {
        match members.get_mut("proof") {
            None => {
                members.insert("proof".into(), proof);
            }
            Some(Value::Array(several)) => several.push(proof),
            Some(one) => *one = Value::Array(vec![one.take(), proof]),
        }
    }
    document
}

fn member(member: &'static str, expected: &str) -> ProofError {
    ProofError::Member { member, expected: expected.into() }
}

fn string<'a>(proof: &'a Map<String, Value>, name: &'static str) -> Result<&'a str, ProofError> {
    proof.get(name).and_then(Value::as_str).ok_or_else(|| member(name, "is missing; expected a string"))
}

#[cfg(test)]
mod tests;
