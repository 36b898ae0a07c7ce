//! `eddsa-rdfc-2022` (VC Data Integrity `EdDSA` Cryptosuites 1.0, section 3.2).

use ed25519_dalek::{Signature, VerifyingKey};
use serde_json::{Map, Value};

use super::{ASSERTION_METHOD, DATA_INTEGRITY_PROOF, member, string};
pub use super::{ProofError, ProofOptions};
use crate::canon::{Hash, Processor, Subject};
use crate::multikey::PublicKey;

/// The suite's `cryptosuite` name.
pub const NAME: &str = "eddsa-rdfc-2022";

/// The 64 bytes that are signed: SHA-256 of the canonical proof configuration,
/// then SHA-256 of the canonical document (section 3.2.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SigningInput([u8; 64]);

impl AsRef<[u8]> for SigningInput {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

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
    hash(processor, document, &configuration(options))
}

/// The document with its `proof` (section 3.2.1).
pub fn attach(mut document: Value, options: &ProofOptions, signature: &[u8; 64]) -> Value {
    let mut proof = configuration(options);
    proof.insert("proofValue".into(), proof_value(signature).into());
    if let Some(members) = document.as_object_mut() {
        members.insert("proof".into(), Value::Object(proof));
    }
    document
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
    let proof = proof.as_object().ok_or_else(|| member("type", "the proof must be an object"))?;
    let signature = read_proof(proof, document)?;
    let PublicKey::Ed25519(key) = key else {
        return Err(ProofError::KeyType { expected: "an Ed25519 key" });
    };
    let key =
        VerifyingKey::from_bytes(key).map_err(|_| ProofError::KeyType { expected: "a valid Ed25519 key" })?;
    let input = hash(processor, document, proof)?;
    key.verify_strict(input.as_ref(), &Signature::from_bytes(&signature))
        .map_err(|_| ProofError::SignatureMismatch)
}

/// Checks the proof's members; the signature.
fn read_proof(proof: &Map<String, Value>, document: &Value) -> Result<[u8; 64], ProofError> {
    if string(proof, "type")? != DATA_INTEGRITY_PROOF {
        return Err(member("type", "must be `DataIntegrityProof`"));
    }
    if string(proof, "cryptosuite")? != NAME {
        return Err(member("cryptosuite", "must be `eddsa-rdfc-2022`"));
    }
    if string(proof, "proofPurpose")? != ASSERTION_METHOD {
        return Err(member("proofPurpose", "must be `assertionMethod` for a credential"));
    }
    string(proof, "verificationMethod")?;
    for date in ["created", "expires"] {
        if proof.contains_key(date) {
            let text = string(proof, date)?;
            chrono::DateTime::parse_from_rfc3339(text).map_err(|_| {
                member(date, "must be a date and time with a time zone, such as 2026-01-31T09:00:00Z")
            })?;
        }
    }
    if proof.contains_key("previousProof") {
        return Err(member("previousProof", "proof chains are not supported by this suite"));
    }
    if proof.get("@context").is_some_and(|own| Some(own) != document.get("@context")) {
        return Err(member("@context", "must be the document's own, or be left out"));
    }
    string(proof, "proofValue").and_then(signature_of)
}

fn configuration(options: &ProofOptions) -> Map<String, Value> {
    let mut proof = Map::new();
    proof.insert("type".into(), DATA_INTEGRITY_PROOF.into());
    proof.insert("cryptosuite".into(), NAME.into());
    proof.insert("created".into(), options.created.format("%Y-%m-%dT%H:%M:%SZ").to_string().into());
    proof.insert("verificationMethod".into(), options.verification_method.as_str().into());
    proof.insert("proofPurpose".into(), options.proof_purpose.into());
    proof
}

/// Sections 3.2.3 to 3.2.5. The configuration is the proof without its value.
fn hash(
    processor: &Processor,
    document: &Value,
    configuration: &Map<String, Value>,
) -> Result<SigningInput, ProofError> {
    let members = document.as_object().ok_or(ProofError::NotAnObject)?;
    let contexts = members.get("@context");
    let document = Subject { members, contexts, without: Some("proof") };
    let configuration = Subject { members: configuration, contexts, without: Some("proofValue") };
    let document = processor.digest(document, Hash::Sha256)?;
    let configuration = processor.digest(configuration, Hash::Sha256).map_err(ProofError::Configuration)?;

    let mut input = [0; 64];
    let (proof_half, document_half) = input.split_at_mut(32);
    proof_half.copy_from_slice(&configuration);
    document_half.copy_from_slice(&document);
    Ok(SigningInput(input))
}

/// `z` and base58btc.
fn proof_value(signature: &[u8; 64]) -> String {
    let mut digits = [0; 88];
    let length = usize::from(five8::encode_64(signature, &mut digits));
    let mut text = String::with_capacity(89);
    text.push('z');
    text.extend(digits.iter().take(length).map(|digit| char::from(*digit)));
    text
}

fn signature_of(text: &str) -> Result<[u8; 64], ProofError> {
    let mut signature = [0; 64];
    text.strip_prefix('z')
        .and_then(|digits| five8::decode_64(digits, &mut signature).ok())
        .map(|()| signature)
        .ok_or_else(|| member("proofValue", "must be `z` and the base58btc form of 64 bytes"))
}

#[cfg(test)]
mod tests;
