//! The holder's part: what to show, and to whom.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{disclosure::hash, key_binding::KB_JWT, read_sd_jwt};
use crate::{Challenge, JoseError, PrivateKey, key::sign_unnamed};

/// An SD-JWT that shows, of what can be withheld, only that to which one of the
/// JSON `pointers` leads, and what that lies within. A key binding is taken off.
pub fn present(sd_jwt: &str, pointers: &[&str]) -> Result<String, JoseError> {
    let read = read_sd_jwt(sd_jwt)?;
    let mut shown = sd_jwt.split('~').next().unwrap_or_default().to_owned();
    shown.push('~');
    for (disclosure, pointer) in read.disclosures() {
        let leads_to = |wanted: &&str| {
            wanted.strip_prefix(pointer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        if pointers.iter().any(leads_to) {
            shown.push_str(disclosure.encoded());
            shown.push('~');
        }
    }
    Ok(shown)
}

/// Adds the holder's signature to what [`present`] gave: with the private half of
/// the key in `cnf`, for `challenge`, at `now`.
pub fn bind(
    presented: &str,
    challenge: &Challenge<'_>,
    now: DateTime<Utc>,
    key: &PrivateKey,
) -> Result<String, JoseError> {
    if !presented.ends_with('~') {
        return Err(JoseError::NotCompact("it is not an SD-JWT without a key binding".to_owned()));
    }
    let claims = json!({
        "iat": now.timestamp(),
        "aud": challenge.audience,
        "nonce": challenge.nonce,
        "sd_hash": hash(presented),
    });
    let token = sign_unnamed(claims.to_string().as_bytes(), key, KB_JWT)?;
    Ok(format!("{presented}{token}"))
}
