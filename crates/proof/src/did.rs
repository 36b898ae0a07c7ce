//! Decentralised identifiers and controlled documents: from an identifier to
//! the keys that may speak for it. Fetching a document is the caller's.

mod document;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use percent_encoding::percent_decode_str;
use serde_json::Value;
use url::Url;

pub use self::document::{read, read_jwks};
use crate::jcs;
use crate::json::{self, Limits};
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
    /// The key of an identifier or of a method cannot be read.
    #[error("{place}: {error}")]
    Key {
        /// The identifier, or the JSON pointer of the method.
        place: String,
        /// What is wrong with the key.
        error: KeyError,
    },
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

impl VerificationMethod {
    /// The key, if it is of a type that Data Integrity uses here.
    pub fn public_key(&self) -> Result<PublicKey, KeyError> {
        match &self.key {
            KeyMaterial::Multikey(key) => Ok(*key),
            KeyMaterial::Jwk(jwk) => PublicKey::from_jwk(jwk),
        }
    }
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

    /// The method with this id, if it may authenticate its subject, as a holder
    /// does who presents credentials.
    pub fn authenticating(&self, id: &str) -> Option<&VerificationMethod> {
        self.authentication.iter().any(|listed| listed == id).then(|| self.method(id)).flatten()
    }
}

/// The document a did:key stands for (did:key method, section 3.1): one method
/// for everything. Ed25519, P-256 and P-384, each as the key's own multicodec
/// (`z6Mk…`, `zDn…`, `z82…`) or as a JWK (`jwk_jcs-pub`, `z2dm…` for P-256),
/// as European wallets write it.
pub fn resolve_key(did: &str) -> Result<ControlledDocument, DidError> {
    let encoded = specific(did, "did:key:")?;
    let key = match jwk_of_multibase(encoded) {
        Some(text) => key_of_jwk(did, &text)?,
        None => PublicKey::from_multibase(encoded)
            .map_err(|error| DidError::Key { place: did.to_owned(), error })?,
    };
    Ok(single(did, encoded, KeyMaterial::Multikey(key), true))
}

/// `jwk_jcs-pub` of the multicodec table, as an unsigned varint.
const JWK_JCS_PUB: [u8; 3] = [0xd1, 0xd6, 0x03];

/// The JWK that `encoded` holds under its multicodec prefix, if it has that.
fn jwk_of_multibase(encoded: &str) -> Option<Vec<u8>> {
    // Base58 takes quadratic time: a JWK of P-384 has 260 characters.
    let encoded = encoded.strip_prefix('z').filter(|encoded| encoded.len() <= 400)?;
    let bytes = bs58::decode(encoded).into_vec().ok()?;
    bytes.strip_prefix(&JWK_JCS_PUB).map(<[u8]>::to_vec)
}

/// The JWK must be in its one canonical form (RFC 8785), the members that
/// RFC 7638 asks for and no others: else one key had many names.
fn key_of_jwk(did: &str, text: &[u8]) -> Result<PublicKey, DidError> {
    let malformed =
        |detail: &str| DidError::Malformed { did: did.into(), method: "did:key", detail: detail.into() };
    let jwk = json::parse(text, &Limits { bytes: 1_024, depth: 2, ..Limits::default() })
        .map_err(|error| malformed(&error.to_string()))?;
    let key = PublicKey::from_jwk(&jwk).map_err(|error| DidError::Key { place: did.to_owned(), error })?;
    match jcs::canonicalise(&key.to_jwk()) {
        Ok(canonical) if canonical.as_bytes() == text => Ok(key),
        _ => Err(malformed("its JWK is not in canonical form, or has members beside the key's")),
    }
}

/// The document a did:jwk stands for (did:jwk method): one method, `#0`.
pub fn resolve_jwk(did: &str) -> Result<ControlledDocument, DidError> {
    let malformed =
        |detail: &str| DidError::Malformed { did: did.into(), method: "did:jwk", detail: detail.into() };
    let encoded = specific(did, "did:jwk:")?;
    let text =
        URL_SAFE_NO_PAD.decode(encoded).map_err(|_| malformed("it is not base64url without padding"))?;
    let jwk = json::parse(&text, &Limits { bytes: 8_192, depth: 8, ..Limits::default() })
        .map_err(|error| malformed(&error.to_string()))?;
    document::public_jwk(&jwk, did)?;
    // `use` may say that the key is for encryption only (RFC 7517 section 4.2).
    let signs = jwk.get("use").and_then(Value::as_str).is_none_or(|purpose| purpose == "sig");
    Ok(single(did, "0", KeyMaterial::Jwk(jwk), signs))
}

/// The https URL of a did:web's document (did:web method, section 3.2).
pub fn web_url(did: &str) -> Result<String, DidError> {
    let malformed =
        |detail: &str| DidError::Malformed { did: did.into(), method: "did:web", detail: detail.into() };
    let mut segments = specific(did, "did:web:")?.split(':');
    let host = segments.next().unwrap_or_default();
    // Only the colon before a port is ever encoded: a name has no other spelling.
    let (name, port) = match host.split_once('%') {
        None => (host, None),
        Some((name, port)) => (name, Some(port.strip_prefix("3A").or_else(|| port.strip_prefix("3a")))),
    };
    let letters = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte));
    let numbered = |port: &str| port.parse::<u16>().is_ok_and(|_| !port.starts_with('+'));
    if name.is_empty() || !letters(name) || port.is_some_and(|port| !port.is_some_and(numbered)) {
        return Err(malformed("expected a domain name, with `%3A` before a port"));
    }
    let port = port.flatten().map(|port| format!(":{port}")).unwrap_or_default();

    let mut path = String::new();
    for segment in segments {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%!$&'()*+,;=@".contains(&byte);
        if segment.is_empty() || matches!(segment, "." | "..") || !segment.bytes().all(plain) {
            return Err(malformed("a part of its path is empty or holds a character that must be encoded"));
        }
        // An encoded slash or dot would name another document than it seems to.
        if percent_decode_str(segment).any(|byte| matches!(byte, b'/' | b'\\'))
            || matches!(percent_decode_str(segment).collect::<Vec<_>>().as_slice(), b"." | b"..")
        {
            return Err(malformed("a part of its path is not a plain name"));
        }
        path.push('/');
        path.push_str(segment);
    }
    if path.is_empty() {
        path.push_str("/.well-known");
    }
    let url = Url::parse(&format!("https://{name}{port}{path}/did.json"))
        .map_err(|error| malformed(&error.to_string()))?;
    match url.domain() {
        Some(_) => Ok(url.into()),
        None => Err(malformed("its host must be a domain name, not an address")),
    }
}

/// The part after the method's name, which must be all there is: no path, no
/// query, no fragment.
fn specific<'a>(did: &'a str, prefix: &'static str) -> Result<&'a str, DidError> {
    let method = prefix.trim_end_matches(':');
    let malformed = |detail: &str| DidError::Malformed { did: did.into(), method, detail: detail.into() };
    let rest =
        did.strip_prefix(prefix).ok_or_else(|| malformed(&format!("it does not begin with `{prefix}`")))?;
    if rest.is_empty() || rest.contains(['#', '?', '/']) {
        return Err(malformed("expected the identifier alone, without path, query or fragment"));
    }
    Ok(rest)
}

fn single(did: &str, fragment: &str, key: KeyMaterial, signs: bool) -> ControlledDocument {
    let id = format!("{did}#{fragment}");
    let method =
        VerificationMethod { id: id.clone(), controller: did.to_owned(), key, revoked: None, expires: None };
    let uses = if signs { vec![id] } else { Vec::new() };
    ControlledDocument {
        id: did.to_owned(),
        methods: vec![method],
        assertion_method: uses.clone(),
        authentication: uses,
    }
}

#[cfg(test)]
mod tests;
