//! The badge that is measured, the same for every bench and every peer:
//! `badge.json`, or the file that `LANYARD_BENCH_BADGE` names.

use serde_json::Value;

/// The unsigned badge with its status entry, issued by `issuer`.
pub fn badge(issuer: &str) -> Value {
    #[expect(clippy::disallowed_methods, reason = "a measurement's own setting")]
    let other = std::env::var("LANYARD_BENCH_BADGE").map(|path| std::fs::read_to_string(path).unwrap());
    let text = other.unwrap_or_else(|_| include_str!("badge.json").to_owned());
    let mut badge: Value = serde_json::from_str(&text).unwrap();
    badge["issuer"]["id"] = issuer.into();
    badge
}

/// The same without its status entry: what peers are measured with, so that no
/// status list has to be fetched.
pub fn badge_without_status(issuer: &str) -> Value {
    let mut badge = badge(issuer);
    badge.as_object_mut().unwrap().shift_remove("credentialStatus");
    badge
}
