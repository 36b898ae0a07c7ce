//! A wallet's proof that it holds the key to which a credential is to be bound
//! (OID4VCI 1.0, appendix F.1).

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value};

use crate::{
    Header, JoseError, VerifyingKey,
    challenge::in_force,
    claims::{claim, date_claim, media_type, text_claim},
    compact::{Unverified, read_typed},
    json,
};

/// `typ` of such a proof.
pub const KEY_PROOF: &str = "openid4vci-proof+jwt";
/// How old a proof may be. What keeps it from being used again is its nonce.
const OLDEST: TimeDelta = TimeDelta::minutes(5);
/// The members of a JWK that are the key itself (RFC 7518, 6; RFC 8037, 2).
const KEY_MEMBERS: [&str; 6] = ["kty", "crv", "x", "y", "n", "e"];

/// A proof that can be read. Nothing in it is proved.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyProof {
    claims: Map<String, Value>,
    token: Unverified,
}

/// Reads a proof: `typ` as it must be, and one key, in `jwk` or named by `kid`.
/// [`JoseError::Header`] for a certificate, which proves nothing here.
pub fn read_key_proof(token: &str) -> Result<KeyProof, JoseError> {
    let token = read_typed(token, |typ| media_type(typ) == KEY_PROOF)?;
    let refuse = |detail: &str| Err(JoseError::Header(detail.to_owned()));
    match &token.header {
        Header { certificates: true, .. } => return refuse("`x5c` is not read; send `jwk` or `kid`"),
        Header { jwk: Some(_), kid: Some(_), .. } => return refuse("there are both `jwk` and `kid`"),
        Header { jwk: None, kid: None, .. } => return refuse("there is neither `jwk` nor `kid`"),
        _ => {}
    }
    let claims = json::object(&token.payload).map_err(JoseError::Payload)?;
    Ok(KeyProof { claims, token })
}

impl KeyProof {
    /// The header, with `jwk` or `kid`.
    pub fn header(&self) -> &Header {
        &self.token.header
    }

    /// The issuer's nonce, if there is one.
    pub fn nonce(&self) -> Result<Option<&str>, JoseError> {
        text_claim(&self.claims, "nonce")
    }

    /// Checks that it is signed with the key `jwk`, for `audience` and no other, and made
    /// within the five minutes before `now`. The nonce is the caller's to check.
    pub fn verify(&self, jwk: &Value, audience: &str, now: DateTime<Utc>) -> Result<(), JoseError> {
        self.token.verify_by(&VerifyingKey::from_jwk(jwk)?)?;
        let stated = match self.claims.get("aud") {
            Some(Value::Array(one)) if one.len() == 1 => one.first(),
            stated => stated,
        };
        if stated.and_then(Value::as_str) != Some(audience) {
            return Err(claim("aud", format!("it must be `{audience}`")));
        }
        let made = date_claim(&self.claims, "iat")?.ok_or_else(|| claim("iat", "it is missing"))?;
        if made < (now - OLDEST).timestamp() {
            return Err(claim("iat", "the proof was made too long ago"));
        }
        in_force(&self.claims, now)
    }
}

/// The numbers of a public key that can be verified with, and nothing else, in one order:
/// the same key is always the same JWK. [`JoseError::Key`] for any other.
pub fn bare_jwk(jwk: &Value) -> Result<Value, JoseError> {
    VerifyingKey::from_jwk(jwk)?;
    let members = KEY_MEMBERS.iter().filter_map(|name| Some(((*name).to_owned(), jwk.get(*name)?.clone())));
    Ok(Value::Object(members.collect()))
}

#[cfg(test)]
mod tests {
    use josekit::jws::JwsHeader;
    use serde_json::json;

    use super::*;
    use crate::{Algorithm, PrivateKey, key::sign_under};

    const ISSUER: &str = "https://badges.example.org";

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn good() -> Value {
        json!({"aud": ISSUER, "iat": now().timestamp(), "nonce": "n-1"})
    }

    fn signed(key: &PrivateKey, header: &Value, claims: &Value) -> String {
        let header = JwsHeader::from_map(header.as_object().unwrap().clone()).unwrap();
        sign_under(&header, claims.to_string().as_bytes(), key).unwrap()
    }

    fn header(key: &PrivateKey) -> Value {
        json!({"typ": KEY_PROOF, "alg": "ES256", "jwk": key.public_jwk()})
    }

    #[test]
    fn a_good_proof_gives_its_key_and_nonce() {
        let key = PrivateKey::generate(Algorithm::Es256).unwrap();
        let proof = read_key_proof(&signed(&key, &header(&key), &good())).unwrap();
        assert_eq!(proof.nonce().unwrap(), Some("n-1"));
        assert_eq!(proof.header().jwk.as_ref(), Some(key.public_jwk()));
        proof.verify(key.public_jwk(), ISSUER, now()).unwrap();
        let other = PrivateKey::generate(Algorithm::Es256).unwrap();
        assert_eq!(proof.verify(other.public_jwk(), ISSUER, now()), Err(JoseError::Signature));
        assert!(proof.verify(key.public_jwk(), "https://other.example.org", now()).is_err());
        let late = now() + OLDEST + TimeDelta::seconds(1);
        assert!(matches!(
            proof.verify(key.public_jwk(), ISSUER, late),
            Err(JoseError::Claim { claim: "iat", .. })
        ));
    }

    #[test]
    fn a_claim_that_is_missing_or_wrong_is_named() {
        let key = PrivateKey::generate(Algorithm::Es256).unwrap();
        for (name, value) in [
            ("aud", json!("https://other.example.org")),
            ("aud", json!([ISSUER, "https://other.example.org"])),
            ("aud", Value::Null),
            ("iat", json!(now().timestamp() + 600)),
            ("iat", json!("now")),
            ("iat", Value::Null),
            ("exp", json!(now().timestamp() - 1)),
        ] {
            let mut claims = good();
            match &value {
                Value::Null => drop(claims.as_object_mut().unwrap().remove(name)),
                value => claims[name] = value.clone(),
            }
            let proof = read_key_proof(&signed(&key, &header(&key), &claims)).unwrap();
            let refused = proof.verify(key.public_jwk(), ISSUER, now());
            assert!(
                matches!(&refused, Err(JoseError::Claim { claim, .. }) if *claim == name),
                "{name} {value}: {refused:?}"
            );
        }
    }

    #[test]
    fn a_header_of_another_type_or_without_one_key_is_refused() {
        let key = PrivateKey::generate(Algorithm::Es256).unwrap();
        let with = |change: &dyn Fn(&mut Value)| {
            let mut header = header(&key);
            change(&mut header);
            read_key_proof(&signed(&key, &header, &good()))
        };
        assert!(with(&|header| header["typ"] = "JWT".into()).is_err());
        assert!(with(&|header| drop(header.as_object_mut().unwrap().remove("typ"))).is_err());
        assert!(with(&|header| header["kid"] = "did:jwk:x#0".into()).is_err());
        assert!(with(&|header| drop(header.as_object_mut().unwrap().remove("jwk"))).is_err());
        assert!(with(&|header| header["x5c"] = json!(["AAAA"])).is_err());
        assert!(with(&|header| header["trust_chain"] = json!([])).is_err());
    }

    #[test]
    fn the_same_key_is_always_the_same_jwk() {
        let key = PrivateKey::generate(Algorithm::Es256).unwrap();
        let public = key.public_jwk();
        let odd = json!({"y": public["y"], "kid": "mine", "x": public["x"], "crv": "P-256", "kty": "EC"});
        assert_eq!(bare_jwk(&odd).unwrap().to_string(), bare_jwk(public).unwrap().to_string());
        assert!(bare_jwk(&json!({"kty": "oct", "k": "AAAA"})).is_err());
        let mut private = public.clone();
        private["d"] = "AAAA".into();
        assert!(bare_jwk(&private).is_err());
    }
}
