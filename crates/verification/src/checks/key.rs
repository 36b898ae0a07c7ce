//! Was the key in force when it signed?

use chrono::{DateTime, Utc};
use model::report::Check;

use super::binding::IssuerKey;
use super::codes;
use crate::credential::on;

/// `signed` is when the signature says it was made.
pub(crate) fn check(key: &IssuerKey, signed: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Check {
    let signed = signed.unwrap_or(now);
    if let Some(revoked) = key.revoked.filter(|revoked| *revoked <= now) {
        return codes::KEY_REVOKED.found(format!(
            "The issuer revoked the key `{}` on {}.",
            key.id,
            on(revoked)
        ));
    }
    match key.expires {
        Some(expires) if expires <= signed => codes::KEY_EXPIRED.found(format!(
            "The key `{}` expired on {} and signed on {}.",
            key.id,
            on(expires),
            on(signed)
        )),
        Some(expires) if expires <= now => codes::KEY_EXPIRED_SINCE.found(format!(
            "The key `{}` signed on {} and expired on {}.",
            key.id,
            on(signed),
            on(expires)
        )),
        _ => codes::KEY_IN_FORCE.found(format!("The key `{}` was in force on {}.", key.id, on(signed))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_key_is_judged_by_when_it_signed_unless_it_was_revoked() {
        let signed = at("2026-01-02T00:00:00Z");
        let now = at("2026-06-01T00:00:00Z");
        for (revoked, expires, expected) in [
            (None, None, "key-in-force"),
            (None, Some("2027-01-01T00:00:00Z"), "key-in-force"),
            (None, Some("2026-03-01T00:00:00Z"), "key-expired-since"),
            (None, Some("2026-01-02T00:00:00Z"), "key-expired"),
            (None, Some("2026-01-02T00:00:01Z"), "key-expired-since"),
            (Some("2026-03-01T00:00:00Z"), None, "key-revoked"),
            (Some("2026-06-01T00:00:00Z"), None, "key-revoked"),
            (Some("2026-06-01T00:00:01Z"), None, "key-in-force"),
        ] {
            let key = IssuerKey {
                id: "did:example:i#k".into(),
                jwk: json!({}),
                public: None,
                revoked: revoked.map(at),
                expires: expires.map(at),
            };
            assert_eq!(check(&key, Some(signed), now).code, expected, "{revoked:?} {expires:?}");
        }
    }
}
