//! Presentations as compact JWS: `vp+jwt` of W3C VC-JOSE-COSE (3.1.2), and the
//! `vp` claim of VC Data Model 1.1 (6.3.1) that OID4VP 1.0 (B.1.3.1) goes on to use.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use crate::{
    Challenge, JoseError, PrivateKey, VerifyingKey,
    challenge::in_force,
    claims::{claim, media_type, text_claim},
    compact::{Unverified, read_compact},
    json, sign_compact,
};

/// `typ` of a presentation (VC-JOSE-COSE, 3.1.2).
const VP_JWT: &str = "vp+jwt";
/// The claims that are the token's and not the presentation's.
const REGISTERED: &[&str] = &["iss", "sub", "jti", "nbf", "exp", "iat", "aud", "nonce"];

/// A presentation that can be read. Nothing in it is proved.
#[derive(Debug, Clone, PartialEq)]
pub struct PresentationToken {
    /// The presentation, without the claims beside it.
    pub presentation: Value,
    /// Who presents: `holder` of the presentation, or `iss`.
    pub holder: Option<String>,
    claims: Map<String, Value>,
    token: Unverified,
}

/// Signs a presentation as `vp+jwt`, an answer to `challenge` made at `now`.
/// `kid` is the DID URL of the holder's key.
pub fn sign_presentation(
    presentation: &Value,
    challenge: &Challenge<'_>,
    now: DateTime<Utc>,
    key: &PrivateKey,
    kid: &str,
) -> Result<String, JoseError> {
    let mut claims = presentation
        .as_object()
        .cloned()
        .ok_or_else(|| JoseError::Payload("a presentation must be a JSON object".to_owned()))?;
    if let Some(holder) = holder_of(&claims)?.map(ToOwned::to_owned) {
        claims.insert("iss".to_owned(), holder.into());
    }
    claims.insert("nonce".to_owned(), challenge.nonce.into());
    claims.insert("aud".to_owned(), challenge.audience.into());
    claims.insert("iat".to_owned(), now.timestamp().into());
    sign_compact(Value::Object(claims).to_string().as_bytes(), key, kid, Some(VP_JWT))
}

/// Reads a presentation of either form. [`JoseError::Header`] if `typ` announces
/// something else, [`JoseError::Claim`] if `iss` is not the holder.
pub fn read_presentation(token: &str) -> Result<PresentationToken, JoseError> {
    let token = read_compact(token)?;
    let mut claims = json::object(&token.payload).map_err(JoseError::Payload)?;
    let mut presentation = match media_type(token.header.typ.as_deref()).as_str() {
        VP_JWT => {
            if claims.contains_key("vp") {
                return Err(claim("vp", "a `vp+jwt` is the presentation itself (VC-JOSE-COSE, 3.1.2)"));
            }
            let mut rest = claims.clone();
            rest.retain(|name, _| !REGISTERED.contains(&name.as_str()));
            claims.retain(|name, _| REGISTERED.contains(&name.as_str()));
            rest
        }
        "" | "jwt" | "jose" => match claims.shift_remove("vp") {
            Some(Value::Object(presentation)) => presentation,
            _ => return Err(claim("vp", "it is missing, or not an object")),
        },
        other => {
            return Err(JoseError::Header(format!("`typ` is `{other}`, which is not a presentation")));
        }
    };
    let (inside, issuer) = (holder_of(&presentation)?, text_claim(&claims, "iss")?);
    if let (Some(inside), Some(issuer)) = (inside, issuer)
        && inside != issuer
    {
        return Err(claim("iss", format!("it is `{issuer}`, but the holder is `{inside}`")));
    }
    let holder = inside.or(issuer).map(ToOwned::to_owned);
    if let (Some(jti), None) = (text_claim(&claims, "jti")?, presentation.get("id")) {
        presentation.insert("id".to_owned(), jti.into());
    }
    Ok(PresentationToken { presentation: Value::Object(presentation), holder, claims, token })
}

impl PresentationToken {
    /// The token's header; `kid` names the key, which must be one of the holder's
    /// for `authentication`. That is left to the caller.
    pub fn header(&self) -> &crate::Header {
        &self.token.header
    }

    /// Checks the signature by the holder's key, that it answers `challenge`, and
    /// that `now` is within its dates.
    pub fn verify(
        &self,
        key: &VerifyingKey,
        challenge: &Challenge<'_>,
        now: DateTime<Utc>,
    ) -> Result<(), JoseError> {
        self.token.verify_by(key)?;
        challenge.met_by(&self.claims)?;
        in_force(&self.claims, now)
    }
}

/// `holder`: a URL, or an object with an `id`.
fn holder_of(presentation: &Map<String, Value>) -> Result<Option<&str>, JoseError> {
    let id = match presentation.get("holder") {
        None => return Ok(None),
        Some(Value::Object(holder)) => holder.get("id"),
        Some(id) => Some(id),
    };
    match id {
        Some(Value::String(id)) => Ok(Some(id)),
        _ => Err(claim("iss", "the holder it repeats has no id")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Algorithm, Content, envelop};
    use serde_json::json;

    const CHALLENGE: Challenge<'_> = Challenge { nonce: "n-0S6_WzA2Mj", audience: "https://v.example.org" };

    fn key() -> PrivateKey {
        PrivateKey::generate(Algorithm::Es256).unwrap()
    }

    fn public(key: &PrivateKey) -> VerifyingKey {
        VerifyingKey::from_jwk(key.public_jwk()).unwrap()
    }

    fn presentation() -> Value {
        json!({
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "type": "VerifiablePresentation",
            "holder": "did:example:holder",
            "verifiableCredential": [envelop(Content::VcJwt, "a.b.c")],
        })
    }

    fn now() -> DateTime<Utc> {
        "2026-03-01T09:00:00Z".parse().unwrap()
    }

    fn failing(result: Result<(), JoseError>) -> &'static str {
        match result {
            Err(JoseError::Claim { claim, .. }) => claim,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_presentation_answers_one_challenge_at_its_time() {
        let key = key();
        let token =
            sign_presentation(&presentation(), &CHALLENGE, now(), &key, "did:example:holder#1").unwrap();
        let read = read_presentation(&token).unwrap();
        assert_eq!(read.presentation, presentation());
        assert_eq!(read.holder.as_deref(), Some("did:example:holder"));
        assert_eq!(read.header().kid.as_deref(), Some("did:example:holder#1"));
        let public = public(&key);
        read.verify(&public, &CHALLENGE, now()).unwrap();
        let other = |nonce, audience| read.verify(&public, &Challenge { nonce, audience }, now());
        assert_eq!(failing(other("another", CHALLENGE.audience)), "nonce");
        assert_eq!(failing(other(CHALLENGE.nonce, "https://other.example.org")), "aud");
        let early = now() - chrono::TimeDelta::seconds(61);
        assert_eq!(failing(read.verify(&public, &CHALLENGE, early)), "iat");
        let stranger = VerifyingKey::from_jwk(self::key().public_jwk()).unwrap();
        assert_eq!(read.verify(&stranger, &CHALLENGE, now()), Err(JoseError::Signature));
    }

    #[test]
    fn the_older_form_with_a_vp_claim_is_read() {
        let key = key();
        let signed = |payload: Value, typ| {
            sign_compact(payload.to_string().as_bytes(), &key, "did:example:holder#1", typ).unwrap()
        };
        let payload = json!({
            "iss": "did:example:holder", "jti": "urn:uuid:1", "aud": [CHALLENGE.audience], "nonce": CHALLENGE.nonce,
            "exp": now().timestamp(), "vp": {"type": ["VerifiablePresentation"], "verifiableCredential": ["a.b.c"]},
        });
        let read = read_presentation(&signed(payload.clone(), Some("JWT"))).unwrap();
        assert_eq!(read.holder.as_deref(), Some("did:example:holder"));
        assert_eq!(read.presentation["id"], "urn:uuid:1");
        read.verify(&public(&key), &CHALLENGE, now()).unwrap();
        let late = now() + chrono::TimeDelta::seconds(1);
        assert_eq!(failing(read.verify(&public(&key), &CHALLENGE, late)), "exp");

        let refused = |payload: &Value, typ| read_presentation(&signed(payload.clone(), typ)).unwrap_err();
        assert!(matches!(refused(&payload, Some("vp+jwt")), JoseError::Claim { claim: "vp", .. }));
        assert!(matches!(refused(&payload, Some("vc+jwt")), JoseError::Header(_)));
        assert!(matches!(refused(&presentation(), None), JoseError::Claim { claim: "vp", .. }));
        let mut other = payload;
        other["vp"]["holder"] = json!({"id": "did:example:somebody"});
        assert!(matches!(refused(&other, None), JoseError::Claim { claim: "iss", .. }));
    }
}
