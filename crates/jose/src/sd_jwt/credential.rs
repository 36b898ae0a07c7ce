//! SD-JWT VC (draft-ietf-oauth-sd-jwt-vc): which claims a credential has.
//!
//! Ours are members of a verifiable credential at the top level, as in the
//! VC-JWT form, so that one badge says the same in every form. Others' may be
//! plain claims.

use serde_json::{Map, Value};

use super::{DC_SD_JWT, SdJwt, VC_SD_JWT};
use crate::{
    JoseError, Profile,
    claims::{claim, credential_in, date_claim, media_type, repeating, text_claim},
};

/// Claims that may not be for the holder to withhold (SD-JWT VC, 3.2.2.2), and
/// the members of W3C's data model that say the same.
const ALWAYS_VISIBLE: &[&str] = &[
    "iss",
    "nbf",
    "exp",
    "cnf",
    "vct",
    "vct#integrity",
    "status",
    "aud",
    "issuer",
    "validFrom",
    "validUntil",
    "credentialStatus",
];

/// The type under which a `status_list` of plain claims becomes a
/// `credentialStatus`, with its `idx` and `uri`.
pub const TOKEN_STATUS_ENTRY: &str = "TokenStatusListEntry";

/// What an SD-JWT VC has beside a credential of W3C's data model.
const BESIDE: &[&str] = &["vct", "vct#integrity", "cnf", "status"];

/// The claims of a credential as SD-JWT VC of the type `vct`, issued at `issued`
/// (seconds since 1970): its own members at the top level, `iss`, `sub`, `jti`,
/// `nbf` and `exp`, which repeat them, and `cnf` with the holder's public JWK if
/// there is one.
pub fn sd_jwt_claims(
    credential: &Value,
    vct: &str,
    issued: i64,
    holder: Option<&Value>,
) -> Result<Map<String, Value>, JoseError> {
    let repeated = repeating(credential)?;
    let mut claims = credential.as_object().cloned().unwrap_or_default();
    if let Some(taken) = BESIDE.iter().find(|name| claims.contains_key(**name)) {
        return Err(claim("vct", format!("the credential has a member `{taken}` already")));
    }
    claims.insert("vct".to_owned(), vct.into());
    claims.extend(repeated);
    claims.insert("iat".to_owned(), issued.into());
    if let Some(jwk) = holder {
        claims.insert("cnf".to_owned(), serde_json::json!({ "jwk": jwk }));
    }
    Ok(claims)
}

/// The credential in an SD-JWT VC, as far as it is disclosed.
///
/// If its claims are a credential of W3C's data model, that, its registered claims
/// taken off and compared as in [`crate::credential_in`]. Otherwise one is made of
/// the plain claims: `issuer` of `iss`, `validFrom` of `nbf` (else `iat`),
/// `validUntil` of `exp`, `credentialStatus` of `status`, and the rest as `credentialSubject` with `sub` as its id.
///
/// [`JoseError::Header`] if `typ` is not `dc+sd-jwt` or, as in earlier drafts,
/// `vc+sd-jwt`; [`JoseError::Claim`] if `vct` or `iss` is missing, or what must be
/// visible was left for the holder to withhold.
pub fn credential_of_sd_jwt(read: &SdJwt) -> Result<Value, JoseError> {
    let typ = media_type(read.header().typ.as_deref());
    if typ != DC_SD_JWT && typ != VC_SD_JWT {
        return Err(JoseError::Header(format!("`typ` is `{typ}`; an SD-JWT VC says {DC_SD_JWT}")));
    }
    let claims = read.claims();
    if let Some(withheld) =
        ALWAYS_VISIBLE.iter().find(|name| claims.contains_key(**name) && !read.is_always_visible(name))
    {
        return Err(claim(withheld, "it was left for the holder to withhold"));
    }
    let is_w3c = claims.contains_key("credentialSubject");
    // VC-JOSE-COSE (3.2.1) secures credentials as vc+sd-jwt without a `vct`.
    match text_claim(claims, "vct")? {
        Some(vct) if !vct.is_empty() => {}
        None if is_w3c && typ == VC_SD_JWT => {}
        _ => return Err(claim("vct", "it is missing or empty")),
    }
    if is_w3c {
        let mut members = claims.clone();
        if let (Some(entry), None) = (token_status(claims), members.get("credentialStatus")) {
            members.insert("credentialStatus".to_owned(), entry);
        }
        members.retain(|name, _| !BESIDE.contains(&name.as_str()));
        return credential_in(Value::Object(members), Profile::JoseCose);
    }
    of_plain_claims(claims)
}

fn of_plain_claims(claims: &Map<String, Value>) -> Result<Value, JoseError> {
    let issuer = text_claim(claims, "iss")?.ok_or_else(|| claim("iss", "it is missing"))?;
    let mut credential = Map::new();
    credential.insert("type".to_owned(), serde_json::json!(["VerifiableCredential"]));
    credential.insert("issuer".to_owned(), issuer.into());
    let from = if claims.contains_key("nbf") { "nbf" } else { "iat" };
    for (name, member) in [(from, "validFrom"), ("exp", "validUntil")] {
        if let Some(seconds) = date_claim(claims, name)? {
            credential.insert(member.to_owned(), crate::claims::date_time(seconds, name)?);
        }
    }
    let mut subject = Map::new();
    for (name, value) in claims {
        match name.as_str() {
            "sub" => {
                subject.insert("id".to_owned(), value.clone());
            }
            "iss" | "iat" | "nbf" | "exp" | "jti" => {}
            name if BESIDE.contains(&name) => {}
            name => {
                subject.entry(name).or_insert_with(|| value.clone());
            }
        }
    }
    credential.insert("credentialSubject".to_owned(), Value::Object(subject));
    if let Some(entry) = token_status(claims) {
        credential.insert("credentialStatus".to_owned(), entry);
    }
    Ok(Value::Object(credential))
}

/// `status` (Token Status List, 6.1) as a `credentialStatus`. One of another kind
/// becomes one too, which cannot be looked up: that it could be is not to be lost.
fn token_status(claims: &Map<String, Value>) -> Option<Value> {
    let list = claims.get("status")?.get("status_list").and_then(Value::as_object);
    let mut entry = list.cloned().unwrap_or_default();
    entry.insert("type".to_owned(), TOKEN_STATUS_ENTRY.into());
    Some(Value::Object(entry))
}
