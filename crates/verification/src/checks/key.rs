//! Was the key in force when it signed?

use chrono::{DateTime, Utc};
use model::report::Check;

use super::binding::IssuerKey;
use proof::json::Limits;
use serde_json::Value;

use super::{codes, say};
use crate::credential::{begin, moment, shown};

/// `signed` is when the signature says it was made; without a word of it, now.
///
/// A key that expired was its issuer's alone until then, so that the date is
/// taken for true. A key that was revoked may be somebody else's: Controlled
/// Identifiers 1.0 does not tell why, and a thief writes any date. Then only a
/// witness could show that the signature is older than the revocation, such as
/// a log that took the credential in before: this is the place to ask it.
pub(crate) fn check(key: &IssuerKey, signed: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Check {
    let signed = signed.unwrap_or(now);
    let id = shown(&key.id);
    if let Some(revoked) = key.revoked.filter(|revoked| *revoked <= now) {
        return if revoked <= signed {
            codes::KEY_REVOKED.found(say::key_revoked(id, revoked, signed))
        } else {
            codes::KEY_REVOKED_SINCE.found(say::key_revoked_since(id, revoked, signed))
        };
    }
    match key.expires {
        Some(expires) if expires <= signed => codes::KEY_EXPIRED.found(say::key_expired(id, expires, signed)),
        Some(expires) if expires <= now => {
            codes::KEY_EXPIRED_SINCE.found(say::key_expired_since(id, signed, expires))
        }
        _ => codes::KEY_IN_FORCE.found(say::key_in_force(id, signed)),
    }
}

/// When a token says that it was signed: `iat`, else the begin of the
/// credential, which `nbf` repeats (Open Badges 3.0, 8.2.4.1).
pub(crate) fn signed_at(token: &jose::Unverified, credential: &Value) -> Option<DateTime<Utc>> {
    let payload = proof::json::parse(&token.payload, &Limits::default()).ok();
    let issued = payload.as_ref().and_then(|claims| claims.get("iat")).and_then(Value::as_f64);
    let issued = issued.and_then(|seconds| {
        // Whole seconds are enough; beyond them `iat` means nothing.
        format!("{:.0}", seconds.floor())
            .parse()
            .ok()
            .and_then(|seconds| DateTime::from_timestamp(seconds, 0))
    });
    issued.or_else(|| begin(credential).and_then(|(_, value)| moment(value)))
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
            (Some("2026-01-01T00:00:00Z"), None, "key-revoked"),
            (Some("2026-01-02T00:00:00Z"), None, "key-revoked"),
            (Some("2026-01-02T00:00:01Z"), None, "key-revoked-since"),
            (Some("2026-06-01T00:00:00Z"), None, "key-revoked-since"),
            (Some("2026-03-01T00:00:00Z"), Some("2026-02-01T00:00:00Z"), "key-revoked-since"),
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
