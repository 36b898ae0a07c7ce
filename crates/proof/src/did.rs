//! Decentralised identifiers and controlled documents.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::multikey::{KeyError, PublicKey};

/// Why an identifier or its document cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DidError {
    /// The identifier is malformed, or of another method.
    #[error("`{did}` is not a usable {method}: {detail}")]
    Malformed {
        /// The identifier.
        did: String,
        /// The method expected.
        method: &'static str,
        /// What is wrong.
        detail: String,
    },
    /// The key inside cannot be read.
    #[error("{0}")]
    Key(#[from] KeyError),
    /// A member of the controlled document is missing or malformed.
    #[error("{pointer}: {detail}")]
    Document {
        /// JSON pointer of the member.
        pointer: String,
        /// What was expected.
        detail: String,
    },
}

/// The key of a verification method.
#[derive(Debug, Clone, PartialEq)]
pub enum KeyMaterial {
    /// A key we read ourselves.
    Multikey(PublicKey),
    /// A JWK as published (also RSA, which the JOSE side reads).
    Jwk(Value),
}

/// A verification method (Controlled Identifiers 1.0, section 2.2).
#[derive(Debug, Clone, PartialEq)]
pub struct VerificationMethod {
    /// Absolute identifier.
    pub id: String,
    /// Who controls the key.
    pub controller: String,
    /// The key.
    pub key: KeyMaterial,
    /// From when the key must not be trusted.
    pub revoked: Option<DateTime<Utc>>,
    /// When the key expires.
    pub expires: Option<DateTime<Utc>>,
}

/// A controlled identifier document (or DID document), as far as proofs need it.
#[derive(Debug, Clone, PartialEq)]
pub struct ControlledDocument {
    /// The document's own identifier.
    pub id: String,
    /// Verification methods, embedded ones included.
    pub methods: Vec<VerificationMethod>,
    /// Ids of the methods that may sign credentials.
    pub assertion_method: Vec<String>,
    /// Ids of the methods that may authenticate.
    pub authentication: Vec<String>,
}

impl ControlledDocument {
    /// The method called `id`, whatever it may be used for.
    pub fn method(&self, id: &str) -> Option<&VerificationMethod> {
        self.methods.iter().find(|method| method.id == id)
    }

    /// The method called `id`, if the document lets it sign credentials.
    pub fn asserting(&self, id: &str) -> Option<&VerificationMethod> {
        self.assertion_method.iter().any(|listed| listed == id).then(|| self.method(id)).flatten()
    }
}

/// The document a did:key stands for (did:key method, section 3.1).
pub fn resolve_key(did: &str) -> Result<ControlledDocument, DidError> {
    let _ = did;
    todo!()
}

/// The document a did:jwk stands for.
pub fn resolve_jwk(did: &str) -> Result<ControlledDocument, DidError> {
    let _ = did;
    todo!()
}

/// The https URL of a did:web's document (did:web method, section 3.2).
pub fn web_url(did: &str) -> Result<String, DidError> {
    let _ = did;
    todo!()
}

/// Reads a controlled document.
pub fn read(document: &Value) -> Result<ControlledDocument, DidError> {
    let _ = document;
    todo!()
}
