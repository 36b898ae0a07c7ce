//! A document that is brought into canonical form once, for what is signed of it and for
//! what is checked once that is signed.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::configuration::{self, Configuration, Expected};
use super::signing::SigningInput;
use super::{ProofError, Suite};
use crate::canon::{Hash, Processor};

/// A document with the SHA-256 of its canonical form.
#[derive(Clone)]
pub struct Digested<'d> {
    pub(super) suite: &'d Suite,
    processor: &'d Processor,
    document: &'d Map<String, Value>,
    hash: Vec<u8>,
}

impl Suite {
    /// Brings `document` into canonical form. The proofs it may carry are left aside.
    pub fn digested<'d>(
        &'d self,
        processor: &'d Processor,
        document: &'d Value,
    ) -> Result<Digested<'d>, ProofError> {
        let document = document.as_object().ok_or(ProofError::NotAnObject)?;
        let hash = self.of_document(processor, document, None, Hash::Sha256)?;
        Ok(Digested { suite: self, processor, document, hash })
    }
}

impl Digested<'_> {
    /// What [`Suite::signing_input`] gives for the document.
    pub fn signing_input(&self, configuration: &Configuration) -> Result<SigningInput, ProofError> {
        self.input(&self.suite.with_contexts(Cow::Borrowed(&configuration.0), self.document))
    }

    /// Checks the members of a proof that the document does not carry yet; what was signed,
    /// and the signature.
    pub(super) fn opened<const N: usize>(
        &self,
        proof: &Value,
        expected: &Expected<'_>,
    ) -> Result<(SigningInput, [u8; N]), ProofError> {
        let (proof, signature) = self.suite.stated(self.document, proof, expected)?;
        Ok((self.input(proof)?, signature))
    }

    fn input(&self, proof: &Map<String, Value>) -> Result<SigningInput, ProofError> {
        let of_document = match configuration::previous(proof, self.document)? {
            None => self.hash.clone(),
            // These are signed with the document.
            Some(previous) => {
                self.suite.of_document(self.processor, self.document, Some(&previous), Hash::Sha256)?
            }
        };
        let of_proof = self.suite.of_proof(self.processor, self.document, proof, Hash::Sha256)?;
        Ok(SigningInput([of_proof, of_document].concat()))
    }
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::{Signer as _, SigningKey};

    use super::*;
    use crate::{
        multikey::PublicKey,
        sample::badge,
        suite::{ASSERTION_METHOD, Batch, Begun, ProofOptions, add, eddsa_jcs_2022, eddsa_rdfc_2022},
    };

    fn options() -> ProofOptions {
        ProofOptions {
            verification_method: "https://badges.example.org/issuers/sample#key-1".to_owned(),
            created: "2026-03-01T09:00:00Z".parse().unwrap(),
            proof_purpose: ASSERTION_METHOD,
        }
    }

    fn numbered(number: usize) -> Value {
        let mut badge = badge();
        badge["name"] = format!("Module {number}").into();
        badge
    }

    #[test]
    fn what_is_signed_is_what_would_be_signed_of_the_document() {
        let first = Value::from_iter([("id", "urn:example:first"), ("type", "DataIntegrityProof")]);
        for suite in [eddsa_rdfc_2022::SUITE, eddsa_jcs_2022::SUITE] {
            let document = add(badge(), first.clone());
            let digested = suite.digested(Processor::known(), &document).unwrap();
            let alone = Configuration::new(suite.name, &options());
            for configuration in [alone.clone(), alone.clone().after(&["urn:example:first"])] {
                let whole = suite.signing_input(Processor::known(), &document, &configuration);
                assert_eq!(digested.signing_input(&configuration), whole);
            }
            assert!(digested.signing_input(&alone.after(&["urn:example:other"])).is_err());
        }
    }

    #[test]
    fn a_proof_gets_the_answer_that_it_gets_in_its_document() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let public = PublicKey::Ed25519(key.verifying_key());
        let other = PublicKey::Ed25519(SigningKey::from_bytes(&[8; 32]).verifying_key());
        let suite = eddsa_rdfc_2022::SUITE;
        let batch = Batch::of_keys(Processor::known());
        // Beyond some documents a table of the key answers.
        for number in 0..100 {
            let (document, changed) = (numbered(number), numbered(number + 1));
            let digested = suite.digested(Processor::known(), &document).unwrap();
            let input = digested.signing_input(&Configuration::new(suite.name, &options())).unwrap();
            let proof = eddsa_rdfc_2022::proof(&document, &options(), &key.sign(input.as_ref()).to_bytes());
            let later = |mut proof: Value| {
                proof["created"] = "2026-03-01T09:00:01Z".into();
                proof
            };
            let newer = |mut proof: Value| {
                proof["cryptosuite"] = "eddsa-jcs-2022".into();
                proof
            };
            for (document, proof, key, right) in [
                (&document, proof.clone(), &public, true),
                (&document, proof.clone(), &other, false),
                (&document, later(proof.clone()), &public, false),
                (&document, newer(proof.clone()), &public, false),
                (&changed, proof, &public, false),
            ] {
                let digested = suite.digested(Processor::known(), document).unwrap();
                let alone = batch.begin_digested(&digested, &proof, key, &Expected::default());
                let alone = alone.and_then(Begun::end);
                assert_eq!(alone.is_ok(), right, "{alone:?}");
                let whole =
                    batch.verify(&add(document.clone(), proof.clone()), &proof, key, &Expected::default());
                assert_eq!(whole.is_ok(), right, "{whole:?}");
            }
        }
    }
}
