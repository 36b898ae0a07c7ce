//! The holder's signature over what is presented (RFC 9901, 4.3).

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value};

use crate::{
    Challenge, JoseError, VerifyingKey,
    claims::{claim, date_claim, media_type, text_claim},
    compact::{Unverified, read_typed},
    json,
};

/// `typ` of a key binding JWT.
pub(super) const KB_JWT: &str = "kb+jwt";

/// How old a holder's signature may be, and how far their clock may be ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// The oldest that is taken.
    pub age: TimeDelta,
    /// The furthest that `iat` may be to come.
    pub ahead: TimeDelta,
}

impl Default for Window {
    /// Five minutes, and one ahead.
    fn default() -> Self {
        Self { age: TimeDelta::minutes(5), ahead: TimeDelta::minutes(1) }
    }
}

/// A key binding JWT that can be read.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct KeyBinding {
    token: Unverified,
    claims: Map<String, Value>,
}

impl KeyBinding {
    pub(super) fn read(text: &str) -> Result<Self, JoseError> {
        let token = read_typed(text, |typ| media_type(typ) == KB_JWT)?;
        let claims = json::object(&token.payload).map_err(JoseError::Payload)?;
        Ok(Self { token, claims })
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.claims.get(name)?.as_str()
    }

    pub(super) fn verify(
        &self,
        key: &VerifyingKey,
        hash: &str,
        challenge: Option<&Challenge<'_>>,
        window: Window,
        now: DateTime<Utc>,
    ) -> Result<(), JoseError> {
        self.token.verify_by(key)?;
        if text_claim(&self.claims, "sd_hash")? != Some(hash) {
            return Err(claim("sd_hash", "it is not of what is presented"));
        }
        // Both must be there, whoever asks (4.3): without them it proves nothing.
        for name in ["nonce", "aud"] {
            if text_claim(&self.claims, name)?.is_none_or(str::is_empty) {
                return Err(claim(name, "it is missing"));
            }
        }
        if let Some(challenge) = challenge {
            challenge.met_by(&self.claims)?;
        }
        let signed = date_claim(&self.claims, "iat")?.ok_or_else(|| claim("iat", "it is missing"))?;
        if signed < (now - window.age).timestamp() {
            return Err(claim("iat", "the holder signed it too long ago"));
        }
        if signed > (now + window.ahead).timestamp() {
            return Err(claim("iat", "it is to come"));
        }
        Ok(())
    }
}

/// The holder's key (RFC 7800, 3.2), which must not be for the holder to withhold.
pub(super) fn confirmation_key(
    claims: &Map<String, Value>,
    is_always_visible: bool,
) -> Result<VerifyingKey, JoseError> {
    let confirmation = claims.get("cnf").filter(|_| is_always_visible);
    let confirmation = confirmation.ok_or_else(|| claim("cnf", "the issuer names no key of the holder"))?;
    let jwk = confirmation.get("jwk").ok_or_else(|| claim("cnf", "it has no `jwk`"))?;
    VerifyingKey::from_jwk(jwk)
}

pub(super) fn missing() -> JoseError {
    claim("cnf", "the holder has not signed what is presented")
}
