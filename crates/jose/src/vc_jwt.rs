//! A credential as a compact JWS, all in one step each way.

use serde_json::Value;

use crate::{
    JoseError, PrivateKey, Profile, VerifyingKey, claims,
    compact::{Header, read_compact},
    json, sign_compact,
};

/// A credential out of a token whose signature holds.
#[derive(Debug, Clone, PartialEq)]
pub struct VerifiedCredential {
    /// The token's header.
    pub header: Header,
    /// The credential without its claims; see [`crate::credential_in`].
    pub credential: Value,
}

/// Signs a credential as a VC-JWT of Open Badges 3.0 (8.2.4): its members at the
/// top level, and the claims that repeat them. `kid` is the key's DID URL.
pub fn issue_credential(credential: &Value, key: &PrivateKey, kid: &str) -> Result<String, JoseError> {
    let payload = claims::credential_payload(credential)?;
    sign_compact(payload.as_bytes(), key, kid, Some(Profile::OpenBadges.typ()))
}

/// Signs a credential by W3C VC-JOSE-COSE (3.1.1): the credential is the payload,
/// `typ` is `vc+jwt`, and there is no claim beside it.
pub fn secure_credential(credential: &Value, key: &PrivateKey, kid: &str) -> Result<String, JoseError> {
    sign_compact(credential.to_string().as_bytes(), key, kid, Some(Profile::JoseCose.typ()))
}

/// From a compact JWS to the credential in it, by the profile its `typ` announces:
/// header, signature, strict JSON, and claims that agree with the credential.
/// Whether the key is the issuer's, and whether the dates are now, is left to the
/// caller.
pub fn verify_credential(token: &str, key: &VerifyingKey) -> Result<VerifiedCredential, JoseError> {
    let read = read_compact(token)?;
    let profile = Profile::of_typ(read.header.typ.as_deref())?;
    read.verify_by(key)?;
    let payload = json::object(&read.payload).map_err(JoseError::Payload)?;
    let credential = claims::credential_in(Value::Object(payload), profile)?;
    Ok(VerifiedCredential { header: read.header, credential })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Algorithm;
    use serde_json::json;

    fn credential() -> Value {
        json!({
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "id": "https://badges.example.org/v1/credentials/1",
            "type": ["VerifiableCredential"],
            "issuer": "did:web:badges.example.org",
            "validFrom": "2026-03-01T09:00:00Z",
            "credentialSubject": {"id": "urn:uuid:1"}
        })
    }

    #[test]
    fn both_profiles_give_the_credential_back_and_only_to_its_key() {
        for algorithm in [Algorithm::Es256, Algorithm::Rs256] {
            let key = PrivateKey::generate(algorithm).unwrap();
            let public = VerifyingKey::from_jwk(key.public_jwk()).unwrap();
            let other = PrivateKey::generate(algorithm).unwrap();
            let other = VerifyingKey::from_jwk(other.public_jwk()).unwrap();
            for (token, typ) in [
                (issue_credential(&credential(), &key, "k").unwrap(), "JWT"),
                (secure_credential(&credential(), &key, "k").unwrap(), "vc+jwt"),
            ] {
                let read = verify_credential(&token, &public).unwrap();
                assert_eq!(read.credential, credential());
                assert_eq!(read.header.typ.as_deref(), Some(typ));
                assert_eq!(verify_credential(&token, &other), Err(JoseError::Signature));
            }
        }
    }

    #[test]
    fn a_token_of_another_kind_is_no_credential() {
        let key = PrivateKey::generate(Algorithm::Es256).unwrap();
        let public = VerifyingKey::from_jwk(key.public_jwk()).unwrap();
        let payload = claims::credential_payload(&credential()).unwrap();
        let token = sign_compact(payload.as_bytes(), &key, "k", Some("vp+jwt")).unwrap();
        assert!(matches!(verify_credential(&token, &public), Err(JoseError::Header(_))));
        let twice = payload.replacen('{', r#"{"iss":"did:web:badges.example.org","#, 1);
        let token = sign_compact(twice.as_bytes(), &key, "k", Some("JWT")).unwrap();
        assert!(matches!(verify_credential(&token, &public), Err(JoseError::Payload(_))));
    }
}
