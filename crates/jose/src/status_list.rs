//! A status list as a token (draft-ietf-oauth-status-list, 5.1).

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use crate::{
    Header, JoseError, VerifyingKey,
    challenge::in_force,
    claims::{claim, media_type, text_claim},
    compact::{Unverified, read_typed},
    json,
};

/// `typ` of a status list token.
pub const STATUS_LIST_JWT: &str = "statuslist+jwt";

/// A status list token that can be read. Nothing in it is proved.
#[derive(Debug, Clone, PartialEq)]
pub struct StatusListToken {
    /// Where it says it stands.
    pub uri: String,
    /// Who says so, if it tells: the issuer of the credentials, or somebody for them.
    pub issuer: Option<String>,
    /// Bits a status.
    pub bits: u64,
    /// The statuses, packed; see the draft, 4.2.
    pub lst: String,
    claims: Map<String, Value>,
    token: Unverified,
}

/// Reads a status list token: `typ` must be `statuslist+jwt`, and `sub`, `iat` and
/// `status_list` with `bits` and `lst` be there.
pub fn read_status_list(token: &str) -> Result<StatusListToken, JoseError> {
    let token = read_typed(token.trim(), |typ| media_type(typ) == STATUS_LIST_JWT)?;
    let claims = json::object(&token.payload).map_err(JoseError::Payload)?;
    let uri = text_claim(&claims, "sub")?.ok_or_else(|| claim("sub", "it is missing"))?.to_owned();
    let issuer = text_claim(&claims, "iss")?.map(ToOwned::to_owned);
    if !claims.contains_key("iat") {
        return Err(claim("iat", "it is missing"));
    }
    let list = claims.get("status_list").ok_or_else(|| claim("status_list", "it is missing"))?;
    let bits = list.get("bits").and_then(Value::as_u64);
    let lst = list.get("lst").and_then(Value::as_str).map(ToOwned::to_owned);
    let (Some(bits), Some(lst)) = (bits, lst) else {
        return Err(claim("status_list", "it has no `bits` and `lst`"));
    };
    Ok(StatusListToken { uri, issuer, bits, lst, claims, token })
}

impl StatusListToken {
    /// The token's header.
    pub fn header(&self) -> &Header {
        &self.token.header
    }

    /// A claim of it, such as `ttl`.
    pub fn claim(&self, name: &str) -> Option<&Value> {
        self.claims.get(name)
    }

    /// Checks the signature.
    pub fn verify(&self, key: &VerifyingKey) -> Result<(), JoseError> {
        self.token.verify_by(key)
    }

    /// Whether `now` is within its dates.
    pub fn in_force(&self, now: DateTime<Utc>) -> Result<(), JoseError> {
        in_force(&self.claims, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Algorithm, PrivateKey, sign_compact};
    use serde_json::json;

    #[test]
    fn only_a_whole_status_list_is_read() {
        let key = PrivateKey::generate(Algorithm::Es256).unwrap();
        let signed =
            |claims: &Value, typ| sign_compact(claims.to_string().as_bytes(), &key, "k", Some(typ)).unwrap();
        let good = json!({
            "sub": "https://a.example.org/status/1", "iat": 1_772_355_600, "exp": 1_772_355_660,
            "status_list": {"bits": 1, "lst": "eNrbuRgAAhcBXQ"},
        });
        let read = read_status_list(&signed(&good, STATUS_LIST_JWT)).unwrap();
        assert_eq!((read.uri.as_str(), read.bits), ("https://a.example.org/status/1", 1));
        read.verify(&VerifyingKey::from_jwk(key.public_jwk()).unwrap()).unwrap();
        let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
        assert!(read.in_force(at(1_772_355_660)).is_ok());
        assert!(read.in_force(at(1_772_355_661)).is_err());
        assert!(read.in_force(at(1_772_355_500)).is_err());
        assert!(matches!(read_status_list(&signed(&good, "JWT")), Err(JoseError::Header(_))));
        for name in ["sub", "iat", "status_list"] {
            let mut less = good.clone();
            less.as_object_mut().unwrap().remove(name);
            let refused = read_status_list(&signed(&less, STATUS_LIST_JWT));
            assert!(matches!(refused, Err(JoseError::Claim { claim, .. }) if claim == name), "{name}");
        }
    }
}
