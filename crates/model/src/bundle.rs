//! What somebody needs to check a service's badges without a network: one document, signed
//! and dated, with every issuer's keys and every status list in it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// A bundle as it travels: JSON, `application/json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfflineBundle {
    /// A compact JWS whose payload is the [`Manifest`].
    pub manifest: String,
    /// The documents, in the order in which the manifest lists them.
    pub documents: Vec<String>,
}

/// What signs for a bundle's documents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Who signs it.
    pub iss: String,
    /// When the documents were as they are here, in seconds since 1970.
    pub iat: i64,
    /// The documents.
    pub documents: Vec<Listed>,
    /// The keys that are names of their own (did:key, did:jwk) and were revoked: no document
    /// could say so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub revoked: Vec<Revoked>,
}

/// A document as a manifest lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Listed {
    /// Where it stands on the web.
    pub url: String,
    /// Its media type; one address may have documents of several.
    pub media_type: String,
    /// The SHA-256 of its UTF-8 text, in lower-case hexadecimal digits.
    pub sha256: String,
}

/// A name that was revoked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revoked {
    /// The name.
    pub id: String,
    /// Since when its signatures say nothing.
    pub since: DateTime<Utc>,
}

impl Listed {
    /// The entry of `document`.
    pub fn of(url: String, media_type: &str, document: &str) -> Self {
        Self { url, media_type: media_type.to_owned(), sha256: digest(document) }
    }

    /// Whether `document` is the one that is listed.
    pub fn is(&self, document: &str) -> bool {
        self.sha256 == digest(document)
    }
}

fn digest(document: &str) -> String {
    hex::encode(Sha256::digest(document.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_known_by_its_digest_and_nothing_is_read_that_is_not_known() {
        let listed = Listed::of("https://a.example.org/1".to_owned(), "text/plain", "abc");
        // FIPS 180-2, appendix B.1.
        assert_eq!(listed.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert!(listed.is("abc") && !listed.is("abd"));
        let bundle = r#"{"manifest":"a.b.c","documents":["abc"]}"#;
        assert!(serde_json::from_str::<OfflineBundle>(bundle).is_ok());
        for bad in [r#"{"manifest":"a.b.c"}"#, r#"{"manifest":"a","documents":[],"more":1}"#] {
            assert!(serde_json::from_str::<OfflineBundle>(bad).is_err(), "{bad}");
        }
    }
}
