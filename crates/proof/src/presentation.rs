//! Presentations secured by Data Integrity (VC Data Model 2.0 section 4.13):
//! what a holder's wallet makes. The service itself only verifies them.

use serde_json::{Map, Value};

use crate::suite::{self, Configuration, ProofError, ProofOptions, SigningInput, Suite};
use crate::{canon::Processor, suite::AUTHENTICATION};

const CREDENTIALS_V2: &str = "https://www.w3.org/ns/credentials/v2";

/// An unsigned presentation of `credentials` by `holder`, each credential as it
/// was issued.
pub fn presenting(holder: &str, credentials: Vec<Value>) -> Value {
    let mut presentation = Map::new();
    presentation.insert("@context".into(), vec![CREDENTIALS_V2].into());
    presentation.insert("type".into(), vec!["VerifiablePresentation"].into());
    presentation.insert("holder".into(), holder.into());
    presentation.insert("verifiableCredential".into(), credentials.into());
    Value::Object(presentation)
}

/// What a verifier asked for: both are signed, so that a presentation is good
/// at one place and once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Asked<'a> {
    /// The random text the verifier gave.
    pub challenge: Option<&'a str>,
    /// The verifier's own domain.
    pub domain: Option<&'a str>,
}

/// A presentation on its way to a proof.
#[derive(Debug, Clone, PartialEq)]
pub struct Prepared {
    presentation: Value,
    configuration: Configuration,
}

impl Prepared {
    /// `presentation` to be signed with the holder's key of `options`, whose
    /// purpose is set to `authentication`.
    pub fn new(presentation: Value, suite: &Suite, options: &ProofOptions, asked: Asked<'_>) -> Self {
        let options = ProofOptions { proof_purpose: AUTHENTICATION, ..options.clone() };
        let mut configuration = Configuration::new(suite.name, &options);
        if let Some(domain) = asked.domain {
            configuration = configuration.for_domain(domain);
        }
        if let Some(challenge) = asked.challenge {
            configuration = configuration.answering(challenge);
        }
        Self { presentation, configuration }
    }

    /// What the holder's key signs.
    pub fn input(&self, suite: &Suite, processor: &Processor) -> Result<SigningInput, ProofError> {
        suite.signing_input(processor, &self.presentation, &self.configuration)
    }

    /// The presentation with its proof.
    pub fn signed(self, suite: &Suite, signature: &[u8]) -> Value {
        let proof = suite.proof(&self.presentation, self.configuration, signature);
        suite::add(self.presentation, proof)
    }
}
