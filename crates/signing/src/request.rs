//! What the service asks of wallets (OID4VP 1.0, 5), signed under the name of the
//! organisation at its root.

use chrono::{DateTime, Utc};
use model::{field::FieldError, site::Site};
use serde_json::Value;

use crate::{Identity, KeySet, SigningError, key_set::Published, publish};

/// The prefix of a verifier that is named by a DID (OID4VP 1.0, 5.9.3).
const PREFIX: &str = "decentralized_identifier:";

/// The name under which requests are signed: the DID of the JWS key in force.
pub fn verifier_name(site: &Site, keys: &KeySet) -> Result<String, SigningError> {
    let identity = Identity::of(site, site.root_issuer(), keys)?;
    Ok(format!("{PREFIX}{}", identity.jwt.issuer_id))
}

/// Signs a request object and verifies it with the key as published. What is no request of
/// this verifier's for a presentation is refused, so that no credential can be signed here.
pub fn sign_request(
    claims: &Value,
    site: &Site,
    keys: &KeySet,
    now: DateTime<Utc>,
) -> Result<String, SigningError> {
    let identity = Identity::of(site, site.root_issuer(), keys)?;
    let method = &identity.jwt.verification_method;
    let ours = format!("{PREFIX}{}", identity.jwt.issuer_id);
    let says = |name: &str| claims.get(name).and_then(Value::as_str);
    let is_request = says("client_id") == Some(&ours) && says("response_type") == Some("vp_token");
    let is_other = ["credentialSubject", "vc", "vct", "vp", "status_list"];
    if !is_request || is_other.iter().any(|name| claims.get(name).is_some()) {
        return Err(SigningError::Lint(vec![FieldError::new(
            "/client_id",
            "not-a-request",
            "it is not a request for a presentation under the name of this service",
            ours,
        )]));
    }
    let key = keys
        .by_id(&identity.jwt.key_id)
        .ok_or_else(|| SigningError::UnknownKey(identity.jwt.key_id.clone()))?;
    let signer = key.signer_as_of(now)?;
    let token = signer.sign_jws(claims.to_string().as_bytes(), method, jose::REQUEST_OBJECT)?;
    let failed = |detail: String| SigningError::SelfCheck { method: method.clone(), detail };
    let published = publish::published_key(site, key, keys)?;
    let Published::Jws(public) = &*published else {
        return Err(failed("it is not published as a JWK".to_owned()));
    };
    let read = jose::read_request_object(&token).map_err(|error| failed(error.to_string()))?;
    read.verify_by(public).map_err(|error| failed(error.to_string()))?;
    Ok(token)
}
