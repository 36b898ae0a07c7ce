//! Reading an SD-JWT as it was handed over.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use super::{
    Disclosure, Window,
    disclosure::hash,
    key_binding::{self, KeyBinding},
    reveal::reveal,
};
use crate::{
    Challenge, Header, JoseError, MAX_TOKEN_BYTES, VerifyingKey,
    claims::media_type,
    compact::{Unverified, read_typed},
    json,
};

/// Disclosures that one SD-JWT may carry.
const MAX_DISCLOSURES: usize = 1024;

/// An SD-JWT whose disclosures fit it. Whether its issuer signed it, and whether
/// its holder presents it, is not checked yet.
#[derive(Debug, Clone, PartialEq)]
pub struct SdJwt {
    token: Unverified,
    claims: Map<String, Value>,
    /// The names of the claims that stand at the top of what was signed.
    always_visible: Vec<String>,
    disclosures: Vec<(Disclosure, String)>,
    key_binding: Option<KeyBinding>,
    /// What a key binding's `sd_hash` must be.
    hash: String,
}

/// Reads an SD-JWT, with or without a key binding JWT (RFC 9901, 4), and puts what
/// is disclosed in its place (7.1, steps 1, 3 and 4). `typ` of the issuer's JWS,
/// if it has one, must end in `sd-jwt`.
pub fn read_sd_jwt(text: &str) -> Result<SdJwt, JoseError> {
    if text.len() > MAX_TOKEN_BYTES {
        return Err(JoseError::TooLarge { size: text.len(), limit: MAX_TOKEN_BYTES });
    }
    let (presented, key_binding) = text
        .rsplit_once('~')
        .ok_or_else(|| JoseError::NotCompact("an SD-JWT has at least one `~`".to_owned()))?;
    let mut parts = presented.split('~');
    let token = read_typed(parts.next().unwrap_or_default(), is_sd_jwt)?;
    let disclosures = parts.map(Disclosure::read).collect::<Result<Vec<_>, _>>()?;
    if disclosures.len() > MAX_DISCLOSURES {
        return Err(JoseError::Disclosure(format!("there are more than {MAX_DISCLOSURES}")));
    }
    let payload = json::object(&token.payload).map_err(JoseError::Payload)?;
    let always_visible = payload.keys().cloned().collect();
    let revealed = reveal(payload, &disclosures)?;
    let key_binding = (!key_binding.is_empty()).then(|| KeyBinding::read(key_binding)).transpose()?;
    let signed_over = text.get(..=presented.len()).unwrap_or_default();
    Ok(SdJwt {
        token,
        claims: revealed.claims,
        always_visible,
        disclosures: disclosures.into_iter().zip(revealed.pointers).collect(),
        key_binding,
        hash: hash(signed_over),
    })
}

fn is_sd_jwt(typ: Option<&str>) -> bool {
    let typ = media_type(typ);
    typ.is_empty() || typ == "sd-jwt" || typ.ends_with("+sd-jwt")
}

impl SdJwt {
    /// The header of the issuer's JWS.
    pub fn header(&self) -> &Header {
        &self.token.header
    }

    /// The issuer's JWS.
    pub fn token(&self) -> &Unverified {
        &self.token
    }

    /// The claims with what is disclosed in its place, and without what is not.
    pub fn claims(&self) -> &Map<String, Value> {
        &self.claims
    }

    /// Each disclosure with a JSON pointer to what it discloses in
    /// [`Self::claims`].
    pub fn disclosures(&self) -> impl Iterator<Item = (&Disclosure, &str)> {
        self.disclosures.iter().map(|(disclosure, pointer)| (disclosure, pointer.as_str()))
    }

    /// Whether a claim at the top could not have been withheld.
    pub(super) fn is_always_visible(&self, claim: &str) -> bool {
        self.always_visible.iter().any(|name| name == claim)
    }

    /// Whether its holder signed that they present it.
    pub fn has_key_binding(&self) -> bool {
        self.key_binding.is_some()
    }

    /// A text claim of the holder's signature, such as `nonce`. Worth nothing unless
    /// [`Self::verify_holder`] holds.
    pub fn key_binding_claim(&self, name: &str) -> Option<&str> {
        self.key_binding.as_ref()?.text(name)
    }

    /// Checks the issuer's signature.
    pub fn verify(&self, key: &VerifyingKey) -> Result<(), JoseError> {
        self.token.verify_by(key)
    }

    /// Checks that the holder named by `cnf` presents these very disclosures
    /// (RFC 9901, 7.3, step 5): within `window` before `now`, and to answer
    /// `challenge`. Without a challenge nothing shows to whom.
    ///
    /// [`JoseError::Claim`] for `cnf` if the credential names no holder's key as a
    /// JWK, or nobody signed. Worth nothing unless [`Self::verify`] holds.
    pub fn verify_holder(
        &self,
        challenge: Option<&Challenge<'_>>,
        window: Window,
        now: DateTime<Utc>,
    ) -> Result<(), JoseError> {
        let key = key_binding::confirmation_key(&self.claims, self.is_always_visible("cnf"))?;
        let binding = self.key_binding.as_ref().ok_or_else(key_binding::missing)?;
        binding.verify(&key, &self.hash, challenge, window, now)
    }
}
