//! Somebody who knows only what is published.

use proof::did::{self, ControlledDocument, KeyMaterial};
use serde_json::Value;
use signing::{KeySet, controlled_document, jwks};

use crate::badge::Service;

/// The document behind a DID, as `service` publishes it now.
fn resolve(service: &Service, keys: &KeySet, did: &str) -> Result<ControlledDocument, String> {
    let document = if did.starts_with("did:key:") {
        did::resolve_key(did)
    } else if did.starts_with("did:jwk:") {
        did::resolve_jwk(did)
    } else if did == service.site.did_web(&service.issuer) {
        did::read(&controlled_document(&service.site, &service.issuer, keys))
    } else {
        return Err(format!("nothing is published for {did}"));
    };
    document.map_err(|error| error.to_string())
}

/// Checks the Data Integrity form. The error is what was found.
pub fn check_data_integrity(service: &Service, text: &str) -> Result<Value, String> {
    let document = proof::json::parse(text.as_bytes(), &proof::json::Limits::default())
        .map_err(|error| error.to_string())?;
    let proof = document.pointer("/proof/0").ok_or("no proof")?;
    let method = proof.get("verificationMethod").and_then(Value::as_str).ok_or("no method")?;
    let issuer = document.pointer("/issuer/id").or(document.get("issuer"));
    let issuer = issuer.and_then(Value::as_str).ok_or("no issuer")?;
    if !method.starts_with(&format!("{issuer}#")) {
        return Err("the key is not the issuer's".to_owned());
    }
    let keys = service.vault.keys();
    let published = resolve(service, &keys, issuer)?;
    let method = published.asserting(method).ok_or("the key is not published")?;
    let KeyMaterial::Multikey(key) = &method.key else { return Err("not a Multikey".to_owned()) };
    proof::suite::verify(&document, proof, key).map_err(|error| error.to_string())?;
    Ok(document)
}

/// Checks the VC-JWT form, with the key from the issuer's document and from
/// the key set: both must agree.
pub fn check_jwt(service: &Service, token: &str) -> Result<Value, String> {
    let read = jose::read_compact(token).map_err(|error| error.to_string())?;
    let kid = read.header.kid.clone().ok_or("no kid")?;
    let did = kid.split('#').next().unwrap_or_default();
    let keys = service.vault.keys();
    let published = resolve(service, &keys, did)?;
    let method = published.asserting(&kid).ok_or("the key is not published")?;
    let KeyMaterial::Jwk(jwk) = &method.key else { return Err("not a JWK".to_owned()) };
    read.verify(jwk).map_err(|error| error.to_string())?;
    let set = jwks(&service.site, Some(&service.issuer), &keys);
    let listed = set["keys"].as_array().unwrap().iter().find(|key| key["kid"] == kid.as_str());
    read.verify(listed.ok_or("the key is not in the set")?).map_err(|error| error.to_string())?;
    let payload: Value = serde_json::from_slice(&read.payload).map_err(|error| error.to_string())?;
    let credential = jose::credential_of(payload).map_err(|error| error.to_string())?;
    let issuer = credential.pointer("/issuer/id").or(credential.get("issuer"));
    if issuer.and_then(Value::as_str) != Some(did) {
        return Err("the key is not the issuer's".to_owned());
    }
    Ok(credential)
}
