//! Credentials of any kind, and presentations.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::ob::IssuerRef;
use crate::vc::{CredentialSchema, CredentialStatus, OneOrMany, Proof, Timestamp, Types, one_or_many};

/// A verifiable credential of any kind, in version 2.0 or 1.1 of the data model:
/// what a verifier needs before it knows what the credential is about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AnyCredential {
    /// The contexts: URLs, or maps that the OB profile refuses.
    #[serde(rename = "@context", deserialize_with = "one_or_many")]
    pub context: Vec<Value>,
    /// The credential's own id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its classes, `VerifiableCredential` among them.
    #[serde(rename = "type")]
    pub types: Types,
    /// Who issued it.
    pub issuer: IssuerRef,
    /// When it becomes valid (2.0).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Timestamp>,
    /// When it ceases to be valid (2.0).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Timestamp>,
    /// When it becomes valid (1.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuance_date: Option<Timestamp>,
    /// When it ceases to be valid (1.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiration_date: Option<Timestamp>,
    /// What it says, of whom.
    #[serde(deserialize_with = "one_or_many", serialize_with = "write_one_or_many")]
    pub credential_subject: Vec<Value>,
    /// Where its status can be found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credential_status: Option<OneOrMany<CredentialStatus>>,
    /// The schemas it satisfies.
    #[serde(default, deserialize_with = "one_or_many", skip_serializing_if = "Vec::is_empty")]
    pub credential_schema: Vec<CredentialSchema>,
    /// Its proofs.
    #[serde(default, deserialize_with = "one_or_many", skip_serializing_if = "Vec::is_empty")]
    pub proof: Vec<Proof>,
    /// Everything else, as it was read.
    #[serde(flatten)]
    pub extensions: Map<String, Value>,
}

impl AnyCredential {
    /// When it becomes valid, by whichever version's name.
    pub fn begins(&self) -> Option<&Timestamp> {
        self.valid_from.as_ref().or(self.issuance_date.as_ref())
    }

    /// When it ceases to be valid, by whichever version's name.
    pub fn ends(&self) -> Option<&Timestamp> {
        self.valid_until.as_ref().or(self.expiration_date.as_ref())
    }
}

/// A verifiable presentation: credentials that a holder shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Presentation {
    /// The contexts.
    #[serde(rename = "@context", deserialize_with = "one_or_many")]
    pub context: Vec<Value>,
    /// The presentation's own id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its classes, `VerifiablePresentation` among them.
    #[serde(rename = "type")]
    pub types: Types,
    /// Who shows it: an IRI, or an object with an id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holder: Option<Value>,
    /// What is shown: each an object, or in version 1.1 a compact JWS.
    #[serde(default, deserialize_with = "one_or_many", skip_serializing_if = "Vec::is_empty")]
    pub verifiable_credential: Vec<Value>,
    /// Its proofs.
    #[serde(default, deserialize_with = "one_or_many", skip_serializing_if = "Vec::is_empty")]
    pub proof: Vec<Proof>,
    /// Everything else, as it was read.
    #[serde(flatten)]
    pub extensions: Map<String, Value>,
}

impl Presentation {
    /// The holder's id.
    pub fn holder_id(&self) -> Option<&str> {
        let holder = self.holder.as_ref()?;
        holder.as_str().or_else(|| holder.get("id")?.as_str())
    }
}

fn write_one_or_many<S: serde::Serializer>(values: &[Value], serializer: S) -> Result<S::Ok, S::Error> {
    match values {
        [one] => one.serialize(serializer),
        several => several.serialize(serializer),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn version_1_1_is_read_with_its_own_names() {
        let document = json!({
            "@context": [crate::vc::CREDENTIALS_V1],
            "type": ["VerifiableCredential"],
            "issuer": "did:example:a",
            "issuanceDate": "2020-01-01T00:00:00Z",
            "expirationDate": "2030-01-01T00:00:00Z",
            "credentialSubject": {"id": "did:example:b"},
            "proof": {"type": "Ed25519Signature2020", "extra": 1}
        });
        let read: AnyCredential = serde_json::from_value(document).unwrap();
        assert_eq!(read.begins().unwrap().as_str(), "2020-01-01T00:00:00Z");
        assert_eq!(read.ends().unwrap().as_str(), "2030-01-01T00:00:00Z");
        assert_eq!(read.issuer.id(), Some("did:example:a"));
        assert_eq!(read.proof[0].extensions["extra"], json!(1));
    }

    #[test]
    fn a_holder_is_an_iri_or_an_object() {
        let read = |holder: Value| -> Option<String> {
            let document = json!({"@context": [], "type": "VerifiablePresentation", "holder": holder});
            serde_json::from_value::<Presentation>(document).unwrap().holder_id().map(ToOwned::to_owned)
        };
        assert_eq!(read(json!("did:example:a")).as_deref(), Some("did:example:a"));
        assert_eq!(read(json!({"id": "did:example:a"})).as_deref(), Some("did:example:a"));
        assert_eq!(read(json!({})), None);
    }
}
