//! What a verifier asked a holder to sign, and when that was signed.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value};

use crate::{
    JoseError,
    claims::{claim, date_claim, text_claim},
};

/// How far a holder's clock may be ahead of ours.
const LEEWAY: TimeDelta = TimeDelta::seconds(60);

/// What makes a presentation fresh and meant for one verifier (OID4VP 1.0, 14.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Challenge<'a> {
    /// The value given out for this presentation alone.
    pub nonce: &'a str,
    /// The verifier's own name.
    pub audience: &'a str,
}

impl Challenge<'_> {
    /// `nonce` is the challenge's, and its audience is among `aud`.
    pub(crate) fn met_by(&self, claims: &Map<String, Value>) -> Result<(), JoseError> {
        if text_claim(claims, "nonce")? != Some(self.nonce) {
            return Err(claim("nonce", "it is not the one that was asked for"));
        }
        let stated = match claims.get("aud") {
            Some(Value::String(one)) => vec![one.as_str()],
            Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
            _ => return Err(claim("aud", "it is missing, or not a string or an array of them")),
        };
        if stated.contains(&self.audience) {
            return Ok(());
        }
        Err(claim("aud", format!("it is {}, not `{}`", stated.join(", "), self.audience)))
    }
}

/// `exp` is to come, `nbf` and `iat` are past; each only if it is there.
/// The bounds are inclusive.
pub(crate) fn in_force(claims: &Map<String, Value>, now: DateTime<Utc>) -> Result<(), JoseError> {
    if date_claim(claims, "exp")?.is_some_and(|exp| exp < now.timestamp()) {
        return Err(claim("exp", "it is past"));
    }
    for name in ["nbf", "iat"] {
        if date_claim(claims, name)?.is_some_and(|begin| begin > (now + LEEWAY).timestamp()) {
            return Err(claim(name, "it is to come"));
        }
    }
    Ok(())
}
