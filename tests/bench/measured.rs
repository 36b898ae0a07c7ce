//! The badge that is measured, the same for every bench and every peer: `badge.json`.

use serde_json::Value;

/// The unsigned badge with its status entry, issued by `issuer`.
pub fn badge(issuer: &str) -> Value {
    let mut badge: Value = serde_json::from_str(include_str!("badge.json")).unwrap();
    badge["issuer"]["id"] = issuer.into();
    badge
}

/// The same without its status entry: what peers are measured with, so that no
/// status list has to be fetched.
pub fn badge_without_status(issuer: &str) -> Value {
    let mut badge = badge(issuer);
    badge.as_object_mut().unwrap().shift_remove("credentialStatus").unwrap();
    badge
}
