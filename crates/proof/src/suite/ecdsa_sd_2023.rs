//! `ecdsa-sd-2023` (VC Data Integrity ECDSA Cryptosuites 1.0, sections 3.4 to
//! 3.6): the issuer signs every statement apart, the holder discloses some.
//!
//! ```text
//! issuer: prepare ─ sign the input ─ Prepared::proof ─ credential with a base proof
//! holder: derive ─ the parts that pointers choose, with a derived proof
//! verifier: verify
//! ```
//!
//! A base proof holds the key by which statements are unlinked and is for the
//! holder alone; [`verify`] refuses it.
//!
//! Statements are matched between a document and its parts by where their
//! blank nodes stand, not by labels drawn at random (the standard's
//! "skolemization"), so the outcome is the same and core needs no randomness.
//!
//! # Work
//!
//! A proof brings one signature for every statement that is not mandatory, and
//! each costs as much as the whole of another proof. No more than
//! [`MOST_STATEMENTS`] are read, so a hostile proof is refused before its
//! document is canonicalised; there must be as many as there are statements, and
//! the issuer's own signature is verified before any of them. Whoever verifies
//! many credentials at somebody's bidding adds up [`statements`].

mod base;
mod cbor;
mod derived;
mod disclosing;
mod selection;
mod value;

use serde_json::{Map, Value};

pub use self::base::{Fresh, Prepared, essential, prepare};
pub use self::derived::{derive, statements, verify, verify_base};
use super::{ProofError, member};
use crate::canon::{Hash, Processor, Subject};

/// The suite's `cryptosuite` name.
pub const NAME: &str = "ecdsa-sd-2023";

/// Statements that one proof signs apart: those that are not mandatory. About
/// five times as many as a badge has; a verifier spends a signature of P-256 on
/// each that is disclosed.
pub const MOST_STATEMENTS: usize = 512;

fn at_most(statements: usize) -> Result<usize, ProofError> {
    if statements > MOST_STATEMENTS { Err(ProofError::TooManyStatements(statements)) } else { Ok(statements) }
}

/// What the issuer's key signs: the hash of the proof, the key of the
/// statements, the hash of the mandatory statements (section 3.5.1).
fn base_input(proof_hash: &[u8], statements_key: &[u8], mandatory: &[&str]) -> Vec<u8> {
    [proof_hash, statements_key, &Hash::Sha256.digest(mandatory)].concat()
}

/// The hash of the proof without its value (section 3.6.4).
fn proof_hash(
    processor: &Processor,
    proof: &Map<String, Value>,
    document: &Map<String, Value>,
) -> Result<Vec<u8>, ProofError> {
    if proof.contains_key("previousProof") {
        return Err(member("previousProof", "a proof by `ecdsa-sd-2023` cannot build on another"));
    }
    let contexts = document.get("@context");
    let configuration = Subject { members: proof, contexts, without: Some("proofValue"), instead: None };
    processor.digest(configuration, Hash::Sha256).map_err(ProofError::Configuration)
}

/// The document without its proofs.
fn unsecured(document: &Map<String, Value>) -> Subject<'_> {
    Subject { members: document, contexts: document.get("@context"), without: Some("proof"), instead: None }
}

#[cfg(test)]
mod tests;
