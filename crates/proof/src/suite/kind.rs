//! Which suite a proof is by.

use serde_json::Value;

use super::{
    DATA_INTEGRITY_PROOF, Expected, ProofError, SUITES, Suite, ecdsa_sd_2023, ed25519_signature_2020, member,
};
use crate::canon::Processor;
use crate::multikey::PublicKey;

/// What a proof is verified by.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// A suite that signs the whole document.
    Whole(&'static Suite),
    /// `ecdsa-sd-2023`, which signs statements.
    Selective,
}

impl Kind {
    /// Which kind `proof` says it is of: by its `cryptosuite`, or by its `type`
    /// if it is older than Data Integrity 1.0.
    pub fn of(proof: &Value) -> Result<Self, ProofError> {
        let name = match proof.get("type").and_then(Value::as_str) {
            Some(legacy) if legacy != DATA_INTEGRITY_PROOF => legacy,
            _ => proof
                .get("cryptosuite")
                .and_then(Value::as_str)
                .ok_or_else(|| member("cryptosuite", "is missing; expected a string"))?,
        };
        let unknown = || ProofError::UnknownSuite(name.into());
        kinds().find(|kind| kind.name() == name).ok_or_else(unknown)
    }

    /// The name in the proof.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Whole(suite) => suite.name,
            Self::Selective => ecdsa_sd_2023::NAME,
        }
    }

    /// See [`Suite::verify`] and [`ecdsa_sd_2023::verify`].
    pub fn verify(
        &self,
        processor: &Processor,
        document: &Value,
        proof: &Value,
        key: &PublicKey,
        expected: &Expected<'_>,
    ) -> Result<(), ProofError> {
        match self {
            Self::Whole(suite) => suite.verify(processor, document, proof, key, expected),
            Self::Selective => ecdsa_sd_2023::verify(processor, document, proof, key, expected),
        }
    }
}

fn kinds() -> impl Iterator<Item = Kind> {
    SUITES.iter().map(Kind::Whole).chain([Kind::Selective, Kind::Whole(&ed25519_signature_2020::SUITE)])
}

/// The names of all.
pub(super) fn known() -> String {
    kinds().map(|kind| kind.name()).collect::<Vec<_>>().join(", ")
}
