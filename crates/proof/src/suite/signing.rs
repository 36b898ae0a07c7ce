//! What all suites share: from a document and a proof to the bytes that are
//! signed, and from a signature to the proof.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::configuration::{self, Configuration, Expected};
use super::{ProofError, Suite, member, string};
use crate::canon::{Hash, Processor, Subject};
use crate::jcs;

/// What is signed: the hash of the canonical proof configuration, then that of
/// the canonical document; 64 bytes, or 96 for P-384. For `ecdsa-sd-2023` the
/// key of the statements stands between them, and the second hash is that of
/// the mandatory ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningInput(pub(super) Vec<u8>);

impl AsRef<[u8]> for SigningInput {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// How a suite brings documents into canonical form.
#[derive(Debug, Clone, Copy)]
pub(super) enum Transformation {
    Rdfc,
    Jcs,
}

impl Suite {
    /// What to sign with SHA-256 (Ed25519, P-256) for `document`. The proofs it
    /// may carry are left aside, but for those that the new one builds on.
    pub fn signing_input(
        &self,
        processor: &Processor,
        document: &Value,
        configuration: &Configuration,
    ) -> Result<SigningInput, ProofError> {
        self.signing_input_by(Hash::Sha256, processor, document, configuration)
    }

    pub(super) fn signing_input_by(
        &self,
        hash: Hash,
        processor: &Processor,
        document: &Value,
        configuration: &Configuration,
    ) -> Result<SigningInput, ProofError> {
        let document = document.as_object().ok_or(ProofError::NotAnObject)?;
        let proof = self.with_contexts(Cow::Borrowed(&configuration.0), document);
        self.hash(processor, document, &proof, hash)
    }

    /// The proof of `document`, its value being `signature`: of 64 bytes, or 96
    /// for P-384.
    pub fn proof(&self, document: &Value, configuration: Configuration, signature: &[u8]) -> Value {
        let mut proof = Cow::Owned(configuration.0);
        if let Some(members) = document.as_object() {
            proof = self.with_contexts(proof, members);
        }
        let mut proof = proof.into_owned();
        proof.insert("proofValue".into(), write_signature(signature).into());
        Value::Object(proof)
    }

    /// The proof of `document`, signed by `sign`, which has the key: in memory,
    /// in a file, in a token. It answers with the 64 bytes of Ed25519, or of
    /// ECDSA by P-256 with SHA-256 (`r`, then `s`).
    pub fn prove<E: From<ProofError>>(
        &self,
        processor: &Processor,
        document: &Value,
        configuration: Configuration,
        sign: impl FnOnce(&SigningInput) -> Result<[u8; 64], E>,
    ) -> Result<Value, E> {
        let input = self.signing_input(processor, document, &configuration)?;
        let signature = sign(&input)?;
        Ok(self.proof(document, configuration, &signature))
    }

    /// Checks the proof's members; what was signed, and the signature.
    pub(super) fn opened<const N: usize>(
        &self,
        processor: &Processor,
        document: &Value,
        proof: &Value,
        expected: &Expected<'_>,
        hash: Hash,
    ) -> Result<(SigningInput, [u8; N]), ProofError> {
        let document = document.as_object().ok_or(ProofError::NotAnObject)?;
        let (proof, signature) = self.stated(document, proof, expected)?;
        Ok((self.hash(processor, document, proof, hash)?, signature))
    }

    /// Checks the proof's members; the proof, and the signature it states.
    pub(super) fn stated<'p, const N: usize>(
        &self,
        document: &Map<String, Value>,
        proof: &'p Value,
        expected: &Expected<'_>,
    ) -> Result<(&'p Map<String, Value>, [u8; N]), ProofError> {
        let proof = proof.as_object().ok_or_else(|| member("type", "the proof must be an object"))?;
        configuration::check(proof, document, self.name, expected)?;
        let signature = string(proof, "proofValue").and_then(read_signature)?;
        Ok((proof, signature))
    }

    /// A proof whose suite signs JSON as it stands carries the contexts itself
    /// (VC DI `EdDSA` 1.0 section 3.3.1, `ECDSA` section 3.3.1).
    pub(super) fn with_contexts<'p>(
        &self,
        mut proof: Cow<'p, Map<String, Value>>,
        document: &Map<String, Value>,
    ) -> Cow<'p, Map<String, Value>> {
        if let (Transformation::Jcs, Some(contexts)) = (self.transformation, document.get("@context")) {
            proof.to_mut().insert("@context".into(), contexts.clone());
        }
        proof
    }

    fn hash(
        &self,
        processor: &Processor,
        document: &Map<String, Value>,
        proof: &Map<String, Value>,
        hash: Hash,
    ) -> Result<SigningInput, ProofError> {
        let previous = configuration::previous(proof, document)?;
        let of_document = self.of_document(processor, document, previous.as_ref(), hash)?;
        Ok(SigningInput([self.of_proof(processor, document, proof, hash)?, of_document].concat()))
    }

    /// The hash of the canonical document, the proofs it builds on in place of all its proofs.
    pub(super) fn of_document(
        &self,
        processor: &Processor,
        document: &Map<String, Value>,
        previous: Option<&Value>,
        hash: Hash,
    ) -> Result<Vec<u8>, ProofError> {
        let contexts = document.get("@context");
        let unsecured = Subject { members: document, contexts, without: Some("proof"), instead: previous };
        match self.transformation {
            Transformation::Rdfc => Ok(processor.digest(unsecured, hash)?),
            Transformation::Jcs => {
                // What JSON-LD would drop is signed here, and still means nothing.
                processor.check(Subject { instead: None, ..unsecured })?;
                Ok(hash.digest(&[&plain(unsecured)?]))
            }
        }
    }

    /// The hash of the canonical proof without its value.
    pub(super) fn of_proof(
        &self,
        processor: &Processor,
        document: &Map<String, Value>,
        proof: &Map<String, Value>,
        hash: Hash,
    ) -> Result<Vec<u8>, ProofError> {
        let contexts = document.get("@context");
        let configuration = Subject { members: proof, contexts, without: Some("proofValue"), instead: None };
        match self.transformation {
            Transformation::Rdfc => processor.digest(configuration, hash).map_err(ProofError::Configuration),
            Transformation::Jcs => Ok(hash.digest(&[&plain(configuration)?])),
        }
    }
}

/// The JCS text of what is read.
fn plain(subject: Subject<'_>) -> Result<String, ProofError> {
    let members = subject.members.iter().filter_map(|(name, value)| {
        if subject.without == Some(name) { Some((name, subject.instead?)) } else { Some((name, value)) }
    });
    let mut text = String::new();
    jcs::write_members(members, &mut text)?;
    Ok(text)
}

/// `z` and base58btc.
pub(super) fn write_signature(signature: &[u8]) -> String {
    let mut text = String::with_capacity(132);
    text.push('z');
    if let Ok(signature) = signature.try_into() {
        let mut digits = [0; 88];
        let length = usize::from(five8::encode_64(signature, &mut digits));
        text.extend(digits.iter().take(length).map(|digit| char::from(*digit)));
    } else {
        text.push_str(&bs58::encode(signature).into_string());
    }
    text
}

pub(super) fn read_signature<const N: usize>(text: &str) -> Result<[u8; N], ProofError> {
    let digits = text.strip_prefix('z').filter(|digits| digits.len() <= 2 * N);
    let read = |digits: &str| {
        let mut signature = [0; N];
        if let Ok(signature) = <&mut [u8; 64]>::try_from(&mut signature[..]) {
            five8::decode_64(digits, signature).ok()?;
        } else if bs58::decode(digits).onto(&mut signature[..]) != Ok(N) {
            return None;
        }
        Some(signature)
    };
    digits
        .and_then(read)
        .ok_or_else(|| member("proofValue", &format!("must be `z` and the base58btc form of {N} bytes")))
}
