//! Reading controlled documents (Controlled Identifiers 1.0, section 2) and
//! key sets.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use super::{ControlledDocument, DidError, KeyMaterial, VerificationMethod};
use crate::multikey::{KeyError, PublicKey};

/// What only a private or a symmetric key has (RFC 7518, sections 6.2.2, 6.3.2
/// and 6.4.1).
const PRIVATE_JWK: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];
/// What only a method that gives its private key away has.
const PRIVATE_MEMBERS: [&str; 5] =
    ["secretKeyMultibase", "privateKeyMultibase", "secretKeyJwk", "privateKeyJwk", "privateKeyBase58"];

/// Reads a controlled document or DID document. Methods may be listed or
/// embedded in `assertionMethod` and `authentication`, and one that is embedded
/// is for that relationship alone (section 2.3). Relative references (`#key-1`)
/// are resolved against the document's id. Methods of types we do not know are
/// passed over: nothing can be verified with them.
pub fn read(document: &Value) -> Result<ControlledDocument, DidError> {
    let members = document.as_object().ok_or_else(|| fault("/", "the document must be a JSON object"))?;
    let id = text(members, "id", "")?;
    if !id.starts_with("did:") && !id.starts_with("https://") && !id.starts_with("http://") {
        return Err(fault("/id", "must be a DID or a URL"));
    }
    let mut read = ControlledDocument {
        id: id.to_owned(),
        methods: Vec::new(),
        assertion_method: Vec::new(),
        authentication: Vec::new(),
    };
    for (pointer, entry) in listed(members, "verificationMethod") {
        let method = entry.as_object().ok_or_else(|| fault(&pointer, "must be an object"))?;
        keep(&mut read, method, &pointer)?;
    }
    let listed: BTreeSet<String> = read.methods.iter().map(|method| method.id.clone()).collect();
    read.assertion_method = relationship(&mut read, members, "assertionMethod", &listed)?;
    read.authentication = relationship(&mut read, members, "authentication", &listed)?;
    Ok(read)
}

/// The public keys of a JWK Set (RFC 7517 section 5).
pub fn read_jwks(document: &Value) -> Result<Vec<Value>, DidError> {
    let keys = document
        .get("keys")
        .and_then(Value::as_array)
        .ok_or_else(|| fault("/keys", "expected a JWK Set: an object with an array `keys`"))?;
    for (index, key) in keys.iter().enumerate() {
        public_jwk(key, &format!("/keys/{index}"))?;
    }
    Ok(keys.clone())
}

/// Refuses what is no public key; keys of other types than ours (RSA) pass,
/// for the JOSE side.
pub(super) fn public_jwk(jwk: &Value, place: &str) -> Result<(), DidError> {
    if let Some(member) = PRIVATE_JWK.into_iter().find(|member| jwk.get(member).is_some()) {
        let error = KeyError::Jwk { member, detail: "must not be published: this is a private key" };
        return Err(DidError::Key { place: place.to_owned(), error });
    }
    match PublicKey::from_jwk(jwk) {
        Ok(_) => Ok(()),
        Err(KeyError::UnknownType) if jwk.get("kty").is_some_and(Value::is_string) => Ok(()),
        Err(error) => Err(DidError::Key { place: place.to_owned(), error }),
    }
}

/// The methods of a verification relationship, by absolute id: those of the
/// document's list that it refers to, and its own.
fn relationship(
    read: &mut ControlledDocument,
    members: &Map<String, Value>,
    name: &str,
    listed_methods: &BTreeSet<String>,
) -> Result<Vec<String>, DidError> {
    let mut ids = Vec::new();
    for (pointer, entry) in listed(members, name) {
        match entry {
            Value::String(reference) => {
                let id = absolute(&read.id, reference, &pointer)?;
                if listed_methods.contains(&id) {
                    ids.push(id);
                }
            }
            Value::Object(method) => {
                if let Some(id) = keep(read, method, &pointer)? {
                    ids.push(id);
                }
            }
            _ => return Err(fault(&pointer, "must be a method or the id of one")),
        }
    }
    Ok(ids)
}

/// Reads a method into the document; its id unless its type is unknown.
fn keep(
    read: &mut ControlledDocument,
    method: &Map<String, Value>,
    pointer: &str,
) -> Result<Option<String>, DidError> {
    if let Some(member) = PRIVATE_MEMBERS.into_iter().find(|member| method.contains_key(*member)) {
        return Err(fault(&format!("{pointer}/{member}"), "must not be published"));
    }
    let key = match text(method, "type", pointer)? {
        "Multikey" => multikey(method, pointer)?,
        "Ed25519VerificationKey2020" => match multikey(method, pointer)? {
            key @ KeyMaterial::Multikey(PublicKey::Ed25519(_)) => key,
            _ => return Err(fault(&format!("{pointer}/publicKeyMultibase"), "must be an Ed25519 key")),
        },
        "Ed25519VerificationKey2018" => base58(method, pointer)?,
        "JsonWebKey" | "JsonWebKey2020" => {
            let place = format!("{pointer}/publicKeyJwk");
            let jwk =
                method.get("publicKeyJwk").ok_or_else(|| fault(&place, "is missing; expected a JWK"))?;
            public_jwk(jwk, &place)?;
            KeyMaterial::Jwk(jwk.clone())
        }
        _ => return Ok(None),
    };
    let id = absolute(&read.id, text(method, "id", pointer)?, &format!("{pointer}/id"))?;
    let method = VerificationMethod {
        id: id.clone(),
        controller: text(method, "controller", pointer)?.to_owned(),
        key,
        revoked: date(method, "revoked", pointer)?,
        expires: date(method, "expires", pointer)?,
    };
    match read.method(&id) {
        None => read.methods.push(method),
        Some(earlier) if *earlier == method => {}
        Some(_) => return Err(fault(&format!("{pointer}/id"), "two different methods have this id")),
    }
    Ok(Some(id))
}

fn multikey(method: &Map<String, Value>, pointer: &str) -> Result<KeyMaterial, DidError> {
    PublicKey::from_multibase(text(method, "publicKeyMultibase", pointer)?)
        .map(KeyMaterial::Multikey)
        .map_err(|error| DidError::Key { place: format!("{pointer}/publicKeyMultibase"), error })
}

/// The key of `Ed25519VerificationKey2018`: 32 bytes in base58 of the Bitcoin
/// alphabet, without a prefix.
fn base58(method: &Map<String, Value>, pointer: &str) -> Result<KeyMaterial, DidError> {
    let place = format!("{pointer}/publicKeyBase58");
    let encoded = text(method, "publicKeyBase58", pointer)?;
    // Base58 takes quadratic time: 32 bytes are at most 44 characters.
    let bytes = (encoded.len() <= 44).then(|| bs58::decode(encoded).into_vec().ok()).flatten();
    let bytes: [u8; 32] = bytes
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(|| fault(&place, "must be the 32 bytes of an Ed25519 key in base58"))?;
    PublicKey::ed25519(bytes).map(KeyMaterial::Multikey).map_err(|error| DidError::Key { place, error })
}

fn date(method: &Map<String, Value>, name: &str, pointer: &str) -> Result<Option<DateTime<Utc>>, DidError> {
    method.get(name).map_or(Ok(None), |value| {
        value
            .as_str()
            .and_then(|text| DateTime::parse_from_rfc3339(text).ok())
            .map(|date| Some(date.to_utc()))
            .ok_or_else(|| fault(&format!("{pointer}/{name}"), "must be a date and time with a time zone"))
    })
}

/// The entries of a member that is an array, a single entry or absent.
fn listed<'a>(members: &'a Map<String, Value>, name: &str) -> Vec<(String, &'a Value)> {
    match members.get(name) {
        None => Vec::new(),
        Some(Value::Array(entries)) => {
            entries.iter().enumerate().map(|(index, entry)| (format!("/{name}/{index}"), entry)).collect()
        }
        Some(entry) => vec![(format!("/{name}"), entry)],
    }
}

/// An id as it stands, or a fragment on the document's. Other relative forms
/// would name one thing here and another where a base URL is applied.
fn absolute(document: &str, reference: &str, pointer: &str) -> Result<String, DidError> {
    match reference.strip_prefix('#') {
        Some("") => Err(fault(pointer, "is an empty fragment")),
        Some(_) => Ok([document, reference].concat()),
        None if ["did:", "https://", "http://", "urn:"]
            .iter()
            .any(|scheme| reference.starts_with(scheme)) =>
        {
            Ok(reference.to_owned())
        }
        None => Err(fault(pointer, "must be a DID URL, a URL, or a fragment such as `#key-1`")),
    }
}

fn text<'a>(members: &'a Map<String, Value>, name: &str, pointer: &str) -> Result<&'a str, DidError> {
    members
        .get(name)
        .and_then(Value::as_str)
        .ok_or_else(|| fault(&format!("{pointer}/{name}"), "is missing; expected a string"))
}

fn fault(pointer: &str, detail: &str) -> DidError {
    DidError::Document { pointer: pointer.to_owned(), detail: detail.to_owned() }
}

#[cfg(test)]
mod tests;
