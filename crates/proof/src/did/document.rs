//! Reading controlled documents (Controlled Identifiers 1.0, section 2) and
//! key sets.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use super::{ControlledDocument, DidError, KeyMaterial, VerificationMethod};
use crate::multikey::{KeyError, PublicKey};

/// Reads a controlled document or DID document. Methods may be listed or
/// embedded in `assertionMethod` and `authentication`; relative references
/// (`#key-1`) are resolved against the document's id. Methods of types we do
/// not know are passed over: nothing can be verified with them.
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
    read.assertion_method = relationship(&mut read, members, "assertionMethod")?;
    read.authentication = relationship(&mut read, members, "authentication")?;
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
    match PublicKey::from_jwk(jwk) {
        Ok(_) => Ok(()),
        Err(KeyError::UnknownType) if jwk.get("kty").is_some_and(Value::is_string) => Ok(()),
        Err(error) => Err(DidError::Key { place: place.to_owned(), error }),
    }
}

/// The methods of a verification relationship, by absolute id.
fn relationship(
    read: &mut ControlledDocument,
    members: &Map<String, Value>,
    name: &str,
) -> Result<Vec<String>, DidError> {
    let mut ids = Vec::new();
    for (pointer, entry) in listed(members, name) {
        match entry {
            Value::String(reference) => ids.push(absolute(&read.id, reference)),
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
    let key = match text(method, "type", pointer)? {
        "Multikey" => multikey(method, pointer)?,
        "Ed25519VerificationKey2020" => match multikey(method, pointer)? {
            key @ KeyMaterial::Multikey(PublicKey::Ed25519(_)) => key,
            _ => return Err(fault(&format!("{pointer}/publicKeyMultibase"), "must be an Ed25519 key")),
        },
        "JsonWebKey" | "JsonWebKey2020" => {
            let place = format!("{pointer}/publicKeyJwk");
            let jwk =
                method.get("publicKeyJwk").ok_or_else(|| fault(&place, "is missing; expected a JWK"))?;
            public_jwk(jwk, &place)?;
            KeyMaterial::Jwk(jwk.clone())
        }
        _ => return Ok(None),
    };
    let id = absolute(&read.id, text(method, "id", pointer)?);
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
    if method.contains_key("secretKeyMultibase") {
        return Err(fault(&format!("{pointer}/secretKeyMultibase"), "must not be published"));
    }
    PublicKey::from_multibase(text(method, "publicKeyMultibase", pointer)?)
        .map(KeyMaterial::Multikey)
        .map_err(|error| DidError::Key { place: format!("{pointer}/publicKeyMultibase"), error })
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

fn absolute(document: &str, reference: &str) -> String {
    if reference.starts_with('#') { [document, reference].concat() } else { reference.to_owned() }
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
