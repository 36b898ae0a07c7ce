//! The issuer's part (section 3.6.1, add base proof).

use p256::ecdsa::SigningKey;
use p256::ecdsa::signature::Signer as _;
use serde_json::Value;

use super::super::{Configuration, ProofError, SigningInput};
use super::disclosing::Disclosing;
use super::value::{BaseValue, Key, Signature};
use super::{at_most, base_input, proof_hash};
use crate::canon::Processor;
use crate::multikey::PublicKey;

/// What must be drawn anew for every base proof: the key that shuffles the
/// labels of blank nodes and the key that signs the statements. The first goes
/// to the holder in the proof; the second signs this once and is forgotten.
pub struct Fresh {
    hmac_key: [u8; 32],
    statements: SigningKey,
    statements_key: Key,
}

impl Fresh {
    /// Of bytes that `fill` draws, unpredictable ones.
    ///
    /// # Errors
    /// [`ProofError::Entropy`] if what it draws is not random.
    pub fn draw(mut fill: impl FnMut(&mut [u8])) -> Result<Self, ProofError> {
        let mut bytes = [[0; 32]; 2];
        // One draw in 2^32 is no private key of P-256.
        for _ in 0..4 {
            for bytes in &mut bytes {
                fill(bytes);
            }
            let [hmac_key, statements] = &bytes;
            if let Ok(fresh) = Self::new(*hmac_key, statements) {
                return Ok(fresh);
            }
        }
        Err(ProofError::Entropy)
    }

    /// Of a key for HMAC and a private key of P-256.
    ///
    /// # Errors
    /// [`ProofError::Entropy`] if the latter is none.
    pub fn new(hmac_key: [u8; 32], statements: &[u8; 32]) -> Result<Self, ProofError> {
        let statements = SigningKey::from_slice(statements).map_err(|_| ProofError::Entropy)?;
        let statements_key = PublicKey::p256(statements.verifying_key().to_sec1_point(true).as_bytes())
            .ok()
            .and_then(|key| Key::try_from(key.to_multicodec()).ok())
            .ok_or(ProofError::Entropy)?;
        Ok(Self { hmac_key, statements, statements_key })
    }
}

/// What a verifier of a badge cannot do without.
const ESSENTIAL: [&str; 14] = [
    "/issuer",
    "/validFrom",
    "/validUntil",
    "/issuanceDate",
    "/expirationDate",
    "/credentialStatus",
    "/credentialSchema",
    "/refreshService",
    "/termsOfUse",
    "/credentialSubject/id",
    "/credentialSubject/achievement/id",
    "/credentialSubject/achievement/name",
    "/credentialSubject/achievement/description",
    "/credentialSubject/achievement/criteria",
];

/// JSON pointers to what no holder should be able to hide: who issued it, how
/// long it is in force and where its status stands, on what terms, and what of
/// an achievement the schema of Open Badges requires. How the holder is
/// identified, beyond an `id`, is theirs to disclose.
pub fn essential(document: &Value) -> Vec<String> {
    let there = ESSENTIAL.into_iter().filter(|pointer| document.pointer(pointer).is_some());
    there.map(str::to_owned).collect()
}

/// A base proof but for the issuer's signature.
#[derive(Clone)]
pub struct Prepared {
    configuration: Configuration,
    input: SigningInput,
    value: BaseValue,
}

/// Prepares the base proof of `document`, whose proofs are left aside. Every
/// derived proof will disclose what the `mandatory` JSON pointers (RFC 6901)
/// choose; the rest is the holder's to disclose.
///
/// A status that is not mandatory can be hidden by the holder, and with it
/// that the credential was revoked; so can dates: see [`essential`].
///
/// # Errors
/// [`ProofError::Pointer`] if a pointer chooses nothing, or a part of an
/// ordered list; [`ProofError::TooManyStatements`] if more than
/// [`MOST_STATEMENTS`](super::MOST_STATEMENTS) would be signed apart;
/// [`ProofError::Canon`] and [`ProofError::Configuration`] as for other suites.
pub fn prepare(
    processor: &Processor,
    document: &Value,
    configuration: Configuration,
    mandatory: &[String],
    fresh: &Fresh,
) -> Result<Prepared, ProofError> {
    let mut document = document.as_object().ok_or(ProofError::NotAnObject)?.clone();
    document.shift_remove("proof");
    let proof_hash = proof_hash(processor, &configuration.0, &document)?;
    let whole = Disclosing::new(processor, &document, &fresh.hmac_key)?;
    let always = whole.chosen(&document, mandatory)?;
    at_most(whole.lines.len().saturating_sub(always.len()))?;

    let mut mandatory_lines = Vec::new();
    let mut signatures = Vec::new();
    for (place, line) in whole.lines.iter().enumerate() {
        if always.contains(&place) {
            mandatory_lines.push(line.as_str());
        } else {
            let signature: p256::ecdsa::Signature = fresh.statements.sign(line.as_bytes());
            signatures.push(signature.to_bytes().into());
        }
    }
    Ok(Prepared {
        configuration,
        input: SigningInput(base_input(&proof_hash, &fresh.statements_key, &mandatory_lines)),
        value: BaseValue {
            signature: [0; 64],
            statements_key: fresh.statements_key,
            hmac_key: fresh.hmac_key,
            signatures,
            mandatory: mandatory.to_vec(),
        },
    })
}

impl Prepared {
    /// What the issuer's P-256 key signs, with SHA-256.
    pub fn signing_input(&self) -> &SigningInput {
        &self.input
    }

    /// The base proof with the issuer's signature.
    pub fn proof(self, signature: &Signature) -> Value {
        let mut proof = self.configuration.0;
        let value = BaseValue { signature: *signature, ..self.value };
        proof.insert("proofValue".into(), value.write().into());
        Value::Object(proof)
    }
}
