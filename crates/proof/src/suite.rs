//! Cryptosuites of Verifiable Credential Data Integrity 1.0.

pub mod eddsa_rdfc_2022;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use crate::canon::CanonError;
use crate::multikey::PublicKey;

/// The purpose of a proof on a credential.
pub const ASSERTION_METHOD: &str = "assertionMethod";

/// The `type` of every proof of Data Integrity 1.0.
pub const DATA_INTEGRITY_PROOF: &str = "DataIntegrityProof";

/// What a proof says beside its signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofOptions {
    /// Absolute id of the verification method.
    pub verification_method: String,
    /// When the proof was made; written to the second in UTC.
    pub created: DateTime<Utc>,
    /// `assertionMethod` for credentials.
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
    #[error("proof.cryptosuite: `{0}` is not supported; supported: eddsa-rdfc-2022")]
    UnknownSuite(String),
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

/// A cryptosuite.
pub struct Suite {
    /// Its `cryptosuite` name.
    pub name: &'static str,
    /// Verifies one proof of a document; the document's other proofs are left aside.
    pub verify: fn(document: &Value, proof: &Value, key: &PublicKey) -> Result<(), ProofError>,
}

/// Every suite we know.
pub const SUITES: &[Suite] = &[Suite { name: eddsa_rdfc_2022::NAME, verify: eddsa_rdfc_2022::verify }];

/// Verifies `proof` of `document` with `key`, by the suite the proof names.
pub fn verify(document: &Value, proof: &Value, key: &PublicKey) -> Result<(), ProofError> {
    let name = proof
        .get("cryptosuite")
        .and_then(Value::as_str)
        .ok_or_else(|| member("cryptosuite", "is missing; expected a string"))?;
    let suite = SUITES
        .iter()
        .find(|suite| suite.name == name)
        .ok_or_else(|| ProofError::UnknownSuite(name.into()))?;
    (suite.verify)(document, proof, key)
}

fn member(member: &'static str, expected: &str) -> ProofError {
    ProofError::Member { member, expected: expected.into() }
}

fn string<'a>(proof: &'a Map<String, Value>, name: &'static str) -> Result<&'a str, ProofError> {
    proof.get(name).and_then(Value::as_str).ok_or_else(|| member(name, "is missing; expected a string"))
}
