//! The key that a wallet proves it holds.

use chrono::{DateTime, Utc};
use jose::{JoseError, KeyProof, bare_jwk};
use proof::did::{self, KeyMaterial};
use serde_json::Value;

use crate::RequestError;

/// Whoever proved a key.
#[derive(Debug, Clone, PartialEq)]
pub struct Holder {
    /// The public key, the bare numbers of it: the same text for the same key.
    pub jwk: Value,
    /// The nonce that was signed with it.
    pub nonce: Option<String>,
}

/// Checks a proof in JWT form (OID4VCI 1.0, appendix F.1) for the issuer `audience`. The key
/// stands in the header, or is named there by a did:jwk or did:key; a DID whose document
/// would have to be fetched is refused. Whether the nonce is good is left to the caller.
pub fn holder(proof: &str, audience: &str, now: DateTime<Utc>) -> Result<Holder, RequestError> {
    let refused = |error: JoseError| RequestError::InvalidProof(error.to_string());
    let read = jose::read_key_proof(proof).map_err(refused)?;
    let jwk = bare_jwk(&key_of(&read)?).map_err(refused)?;
    read.verify(&jwk, audience, now).map_err(refused)?;
    let nonce = read.nonce().map_err(refused)?.map(str::to_owned);
    Ok(Holder { jwk, nonce })
}

fn key_of(proof: &KeyProof) -> Result<Value, RequestError> {
    let header = proof.header();
    if let Some(jwk) = &header.jwk {
        return Ok(jwk.clone());
    }
    let kid = header.kid.as_deref().unwrap_or_default();
    let refused = |detail: &str| RequestError::InvalidProof(format!("`kid` is `{kid}`: {detail}"));
    let (did, _) = kid.split_once('#').ok_or_else(|| refused("it must be a DID URL with a fragment"))?;
    let document = if did.starts_with("did:jwk:") {
        did::resolve_jwk(did)
    } else if did.starts_with("did:key:") {
        did::resolve_key(did)
    } else {
        return Err(refused("only keys named by did:jwk or did:key can be proved; or send `jwk`"));
    };
    let document = document.map_err(|error| refused(&error.to_string()))?;
    let method = document.method(kid).ok_or_else(|| refused("that DID has no such key"))?;
    Ok(match &method.key {
        KeyMaterial::Jwk(jwk) => jwk.clone(),
        KeyMaterial::Multikey(key) => key.to_jwk(),
    })
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    use jose::{Algorithm, KEY_PROOF, PrivateKey, sign_compact};
    use proof::multikey::PublicKey;
    use serde_json::json;

    use super::*;

    const ISSUER: &str = "https://badges.example.org";

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn proof(key: &PrivateKey, kid: &str) -> String {
        let claims = json!({"aud": ISSUER, "iat": now().timestamp(), "nonce": "n"});
        sign_compact(claims.to_string().as_bytes(), key, kid, Some(KEY_PROOF)).unwrap()
    }

    fn did_jwk(key: &PrivateKey) -> String {
        format!("did:jwk:{}#0", URL_SAFE_NO_PAD.encode(key.public_jwk().to_string()))
    }

    #[test]
    fn a_key_that_its_did_names_is_the_holders() {
        let key = PrivateKey::generate(Algorithm::Es256).unwrap();
        let multibase = PublicKey::from_jwk(key.public_jwk()).unwrap().to_multibase();
        for kid in [did_jwk(&key), format!("did:key:{multibase}#{multibase}")] {
            let holder = holder(&proof(&key, &kid), ISSUER, now()).unwrap();
            assert_eq!(holder.jwk, bare_jwk(key.public_jwk()).unwrap());
            assert_eq!(holder.nonce.as_deref(), Some("n"));
        }
    }

    #[test]
    fn a_did_of_another_key_or_one_that_says_no_key_is_refused() {
        let (key, other) = (
            PrivateKey::generate(Algorithm::Es256).unwrap(),
            PrivateKey::generate(Algorithm::Es256).unwrap(),
        );
        for kid in [
            did_jwk(&other),
            did_jwk(&key).replace("#0", "#1"),
            did_jwk(&key).replace("#0", ""),
            "did:jwk:AAAA#0".to_owned(),
            "did:web:wallet.example.org#0".to_owned(),
            "key-1".to_owned(),
        ] {
            let refused = holder(&proof(&key, &kid), ISSUER, now());
            assert!(matches!(refused, Err(RequestError::InvalidProof(_))), "{kid}: {refused:?}");
        }
    }
}
