//! What the world is told of an issuer's keys.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use model::{id::Slug, site::Site, vc::Timestamp};
use proof::did;
use serde_json::{Value, json};

use crate::{
    Key, KeyAlgorithm, KeyPurpose, KeySet, PublicMaterial, SigningError, identity, key_set::Published,
};

/// The issuer's controlled identifier document (`did.json`; Controlled
/// Identifiers 1.0, DID Core 1.0): every key it has ever had, because old
/// badges go on verifying, each for `assertionMethod`. A retired key bears
/// neither `expires` nor `revoked`: verifiers that judge by today would take
/// its badges to be worthless. A compromised one bears `revoked`, the moment
/// since when its signatures say nothing (Controlled Identifiers 1.0, 2.2).
///
/// On https with a domain its `id` is the issuer's did:web. Elsewhere it is
/// the issuer's address, and `alsoKnownAs` lists the DIDs the badges carry.
pub fn controlled_document(site: &Site, issuer: &Slug, keys: &KeySet) -> Value {
    let id = if site.uses_did_web() { site.did_web(issuer) } else { site.issuer(issuer) };
    let methods: Vec<Value> = keys.of_issuer(issuer).map(|key| method(&id, key)).collect();
    let method_ids: Vec<&Value> = methods.iter().filter_map(|method| method.get("id")).collect();
    let context = if site.uses_did_web() {
        json!([
            "https://www.w3.org/ns/did/v1",
            "https://w3id.org/security/multikey/v1",
            "https://w3id.org/security/jwk/v1"
        ])
    } else {
        json!(["https://www.w3.org/ns/cid/v1"])
    };
    let mut document = json!({
        "@context": context,
        "id": id,
        "verificationMethod": methods,
        "assertionMethod": method_ids,
    });
    let others: Vec<String> = if site.uses_did_web() {
        vec![site.issuer(issuer)]
    } else {
        keys.of_issuer(issuer).map(|key| identity::named(site, key).issuer_id).collect()
    };
    if let Some(members) = document.as_object_mut().filter(|_| !others.is_empty()) {
        members.insert("alsoKnownAs".to_owned(), others.into());
    }
    document
}

/// The JWK Set (RFC 7517, 5) of the keys that sign VC-JWTs, retired ones too:
/// of one issuer, or of all. `kid` is what the tokens' headers say. Compromised
/// keys are not in it: a JWK has no member that says so.
pub fn jwks(site: &Site, issuer: Option<&Slug>, keys: &KeySet) -> Value {
    let of_issuer = |key: &&Key| issuer.is_none_or(|issuer| key.record().issuer == *issuer);
    let list: Vec<Value> = keys
        .all()
        .filter(of_issuer)
        .filter(|key| key.record().compromised.is_none())
        .filter_map(|key| match &key.record().public {
            PublicMaterial::Jwk(jwk) => Some(with_kid(jwk, &identity::named(site, key).verification_method)),
            PublicMaterial::Multibase(_) => None,
        })
        .collect();
    json!({ "keys": list })
}

/// Whether `id` is how some issuer is named in what it signs or signed here.
pub fn is_named(site: &Site, keys: &KeySet, id: &str) -> bool {
    let of_credentials = keys.all().filter(|key| key.record().purpose == KeyPurpose::Credentials);
    of_credentials.into_iter().any(|key| identity::is_named_by(site, key, id))
}

/// Since when the key that `did` names by itself (did:key, did:jwk) is
/// compromised: what no document of such a name can say.
pub fn compromised_since(site: &Site, keys: &KeySet, did: &str) -> Option<DateTime<Utc>> {
    compromised(site, keys).into_iter().filter(|(id, _)| id == did).map(|(_, since)| since).min()
}

/// Every name that is a key which is compromised, and since when: empty with did:web.
pub fn compromised(site: &Site, keys: &KeySet) -> Vec<(String, DateTime<Utc>)> {
    if site.uses_did_web() {
        return Vec::new();
    }
    let marked = keys.all().filter_map(|key| Some((key, key.record().compromised?)));
    marked.map(|(key, since)| (identity::named(site, key).issuer_id, since)).collect()
}

fn method(controller: &str, key: &Key) -> Value {
    let id = format!("{controller}#{}", key.id());
    let mut method = match &key.record().public {
        PublicMaterial::Multibase(multibase) => json!({
            "id": id, "type": "Multikey", "controller": controller, "publicKeyMultibase": multibase
        }),
        PublicMaterial::Jwk(jwk) => json!({
            "id": id, "type": "JsonWebKey", "controller": controller, "publicKeyJwk": with_kid(jwk, key.id())
        }),
    };
    if let (Some(since), Some(members)) = (key.record().compromised, method.as_object_mut()) {
        members.insert("revoked".to_owned(), Timestamp::from(since).as_str().into());
    }
    method
}

fn with_kid(jwk: &Value, kid: &str) -> Value {
    let mut jwk = jwk.clone();
    if let Some(members) = jwk.as_object_mut() {
        members.insert("kid".to_owned(), kid.into());
        members.insert("use".to_owned(), "sig".into());
    }
    jwk
}

/// The key behind `key` as a stranger finds it: read back out of the document
/// that is published for its issuer, under `assertionMethod`.
pub(crate) fn published_key(site: &Site, key: &Key, keys: &KeySet) -> Result<Arc<Published>, SigningError> {
    let named = identity::named(site, key);
    keys.published(&named.verification_method, || {
        let failed =
            |detail: String| SigningError::SelfCheck { method: named.verification_method.clone(), detail };
        let document = if site.uses_did_web() {
            did::read(&controlled_document(site, &key.record().issuer, keys))
        } else if key.record().algorithm == KeyAlgorithm::Ed25519 {
            did::resolve_key(&named.issuer_id)
        } else {
            did::resolve_jwk(&named.issuer_id)
        };
        let document = document.map_err(|error| failed(error.to_string()))?;
        if document.id != named.issuer_id {
            return Err(failed(format!("the published document is of `{}`", document.id)));
        }
        let method = document.asserting(&named.verification_method);
        let method = method.ok_or_else(|| failed("it is not published under assertionMethod".to_owned()))?;
        Published::of(&method.key).map_err(|error| failed(error.to_string()))
    })
}

#[cfg(test)]
mod tests;
