//! The holder's and the verifier's part (sections 3.6.6 and 3.6.7).

use p256::ecdsa::VerifyingKey;
use serde_json::{Map, Value};

use super::super::configuration::{self, Expected};
use super::super::verifying::p256_matches;
use super::super::{ProofError, member, string};
use super::disclosing::{Disclosing, disclosed_lines};
use super::selection::{Selection, refused};
use super::value::{BaseValue, DerivedValue, Key, ProofValue, Signature};
use super::{NAME, base_input, proof_hash};
use crate::canon::Processor;
use crate::multikey::PublicKey;

/// The parts of `document` that are mandatory and those that the JSON
/// `pointers` (RFC 6901) choose, with the proof that the holder derives from
/// `proof`, a base proof of the document. Its other proofs, being of the whole,
/// are left behind; `proof` is an array if the document's is one.
///
/// The base proof is not verified: see [`verify_base`].
///
/// # Errors
/// [`ProofError::Pointer`] if a pointer chooses nothing, or a part of an
/// ordered list; [`ProofError::SignatureMismatch`] if the base proof has not as
/// many signatures as the document has statements.
pub fn derive(
    processor: &Processor,
    document: &Value,
    proof: &Value,
    pointers: &[String],
) -> Result<Value, ProofError> {
    let mut document = document.as_object().ok_or(ProofError::NotAnObject)?.clone();
    let proofs = document.shift_remove("proof");
    let mut proof = proof.as_object().ok_or_else(|| member("type", "the proof must be an object"))?.clone();
    let base = base_value(&proof)?;

    let whole = Disclosing::new(processor, &document, &base.hmac_key)?;
    let always = whole.chosen(&document, &base.mandatory)?;
    let selection = Selection::of(&document, base.mandatory.iter().chain(pointers))?
        .ok_or_else(|| refused("", "nothing is chosen to be disclosed"))?;
    let part = whole.part(&selection)?;
    if always.len() + base.signatures.len() != whole.lines.len() {
        return Err(ProofError::SignatureMismatch);
    }

    let others = (0..whole.lines.len()).filter(|line| !always.contains(line));
    let derived = DerivedValue {
        signature: base.signature,
        statements_key: base.statements_key,
        signatures: others
            .zip(base.signatures)
            .filter(|(line, _)| part.lines.contains(line))
            .map(|(_, signature)| signature)
            .collect(),
        labels: part.canonical_labels()?,
        mandatory: part
            .lines
            .iter()
            .enumerate()
            .filter(|(_, line)| always.contains(line))
            .map(|(place, _)| place)
            .collect(),
    };
    proof.insert("proofValue".into(), derived.write().into());
    let proof = Value::Object(proof);
    let mut disclosed = selection.members;
    disclosed.insert(
        "proof".into(),
        if matches!(proofs, Some(Value::Array(_))) { vec![proof].into() } else { proof },
    );
    Ok(Value::Object(disclosed))
}

/// How many statements a derived proof brings a signature for, each of which
/// [`verify`] may have to verify; none if it is no derived proof, which [`verify`]
/// refuses before any.
pub fn statements(proof: &Value) -> usize {
    match proof.as_object().map(ProofValue::read) {
        Some(Ok(ProofValue::Derived(value))) => value.signatures.len(),
        _ => 0,
    }
}

/// Verifies a derived proof of `document` with the issuer's `key`, as
/// [`Suite::verify`](crate::suite::Suite::verify) does; a base proof is refused.
pub fn verify(
    processor: &Processor,
    document: &Value,
    proof: &Value,
    key: &PublicKey,
    expected: &Expected<'_>,
) -> Result<(), ProofError> {
    verify_by(p256_matches, processor, document, proof, key, expected)
}

/// [`verify`] with what verifies a signature of P-256, nearly all of the work.
pub(super) fn verify_by(
    matches: impl Fn(&VerifyingKey, &[u8], &Signature) -> Result<(), ProofError>,
    processor: &Processor,
    document: &Value,
    proof: &Value,
    key: &PublicKey,
    expected: &Expected<'_>,
) -> Result<(), ProofError> {
    let proof = proof.as_object().ok_or_else(|| member("type", "the proof must be an object"))?;
    let document = document.as_object().ok_or(ProofError::NotAnObject)?;
    let PublicKey::P256(key) = key else { return Err(ProofError::KeyType { expected: "a P-256 key" }) };
    configuration::check(proof, document, NAME, expected)?;
    let value = match ProofValue::read(proof)? {
        ProofValue::Derived(value) => value,
        ProofValue::Base(_) => return Err(ProofError::BaseProof),
    };
    let proof_hash = proof_hash(processor, proof, document)?;
    let lines = disclosed_lines(processor, document, &value.labels)?.ok_or(ProofError::SignatureMismatch)?;

    let (mut mandatory, mut others) = (Vec::new(), Vec::new());
    let mut places = value.mandatory.iter().peekable();
    for (place, line) in lines.iter().enumerate() {
        if places.next_if(|next| **next == place).is_some() {
            mandatory.push(line.as_str());
        } else {
            others.push(line.as_str());
        }
    }
    if places.next().is_some() || others.len() != value.signatures.len() {
        return Err(ProofError::SignatureMismatch);
    }
    // The issuer's signature first: without it the others are anybody's.
    let input = base_input(&proof_hash, &value.statements_key, &mandatory);
    matches(&p256_key(key)?, &input, &value.signature)?;
    let statements_key = p256_key(point(&value.statements_key))?;
    for (line, signature) in others.iter().zip(&value.signatures) {
        matches(&statements_key, line.as_bytes(), signature)?;
    }
    Ok(())
}

/// Verifies a base proof: for the issuer after signing, and for the holder.
pub fn verify_base(
    processor: &Processor,
    document: &Value,
    proof: &Value,
    key: &PublicKey,
    expected: &Expected<'_>,
) -> Result<(), ProofError> {
    let whole = derive(processor, document, proof, &[String::new()])?;
    let derived = match whole.get("proof") {
        Some(Value::Array(one)) => one.first(),
        one => one,
    };
    verify(processor, &whole, derived.unwrap_or(&Value::Null), key, expected)
}

fn base_value(proof: &Map<String, Value>) -> Result<BaseValue, ProofError> {
    if string(proof, "cryptosuite")? != NAME {
        return Err(member(
            "cryptosuite",
            &format!("must be `{NAME}`, the suite that others can be derived from"),
        ));
    }
    match ProofValue::read(proof)? {
        ProofValue::Base(value) => Ok(value),
        ProofValue::Derived(_) => {
            Err(member("proofValue", "is derived already; what is disclosed cannot be derived from again"))
        }
    }
}

fn p256_key(point: &[u8]) -> Result<VerifyingKey, ProofError> {
    VerifyingKey::from_sec1_bytes(point).map_err(|_| ProofError::KeyType { expected: "a valid P-256 key" })
}

/// A key without its multicodec prefix.
fn point(key: &Key) -> &[u8] {
    key.get(2..).unwrap_or_default()
}
