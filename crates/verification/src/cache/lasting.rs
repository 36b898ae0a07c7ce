//! For how long an answer is as good as new.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use crate::Fetched;
use crate::credential::{end, many, moment};

/// Of a host that says nothing: what Bitstring Status List 1.0 (section 2.2) takes for a
/// list that states no `ttl`.
const UNSAID: TimeDelta = TimeDelta::minutes(5);
/// No host is believed for longer: a key that was revoked must become known.
const LONGEST: TimeDelta = TimeDelta::hours(24);

/// For how long `fetched`, which came `now`, is as good as new: as its host says, but a
/// status list never longer than it says itself. What a list says is not proved yet;
/// it can only shorten the time.
pub(super) fn of(fetched: &Fetched, now: DateTime<Utc>) -> TimeDelta {
    let host = fetched.keeping.lifetime.map_or(UNSAID, span);
    let list = stated(&fetched.body, now).unwrap_or(LONGEST);
    host.min(list).clamp(TimeDelta::zero(), LONGEST)
}

/// For how long `body`, which was as good as new `at`, stands where no host is asked: a
/// status list no longer than it says itself, and nothing longer than a day.
pub(crate) fn unasked(body: &[u8], at: DateTime<Utc>) -> TimeDelta {
    stated(body, at).unwrap_or(LONGEST).clamp(TimeDelta::zero(), LONGEST)
}

fn span(duration: Duration) -> TimeDelta {
    TimeDelta::from_std(duration).unwrap_or(LONGEST)
}

/// What a list says of itself: `ttl` (milliseconds in a list credential, seconds in a
/// token), and its end.
fn stated(body: &[u8], now: DateTime<Utc>) -> Option<TimeDelta> {
    let text = std::str::from_utf8(body).ok()?.trim();
    if let Ok(token) = jose::read_status_list(text) {
        return of_claims(token.claim("ttl"), token.claim("exp"), now).min();
    }
    let document: Value = if text.starts_with('{') {
        serde_json::from_str(text).ok()?
    } else {
        serde_json::from_slice(&jose::read_compact(text).ok()?.payload).ok()?
    };
    let credential = document.get("vc").unwrap_or(&document);
    let subjects = many(credential, "credentialSubject").into_iter();
    let ttl =
        subjects.filter_map(|subject| subject.get("ttl")?.as_i64()).filter_map(TimeDelta::try_milliseconds);
    let until = end(credential).and_then(|(_, value)| moment(value)).map(|until| until - now);
    ttl.chain(until).chain(of_claims(None, document.get("exp"), now)).min()
}

fn of_claims(
    ttl: Option<&Value>,
    expires: Option<&Value>,
    now: DateTime<Utc>,
) -> impl Iterator<Item = TimeDelta> {
    let ttl = ttl.and_then(Value::as_i64).and_then(TimeDelta::try_seconds);
    let expires = expires.and_then(Value::as_i64).and_then(|at| DateTime::from_timestamp(at, 0));
    ttl.into_iter().chain(expires.map(|at| at - now))
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine as _;
    use serde_json::json;

    fn lasts(lifetime: Option<u64>, body: impl Into<Vec<u8>>) -> i64 {
        let mut fetched = Fetched::new(200, None, body.into());
        fetched.keeping.lifetime = lifetime.map(Duration::from_secs);
        of(&fetched, "2026-06-01T12:00:00Z".parse().unwrap()).num_seconds()
    }

    fn token(typ: &str, claims: &Value) -> String {
        let part = |value: &Value| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(value.to_string());
        format!("{}.{}.c2ln", part(&json!({"alg": "ES256", "typ": typ})), part(claims))
    }

    #[test]
    fn the_host_is_believed_within_bounds() {
        assert_eq!(lasts(None, "{}"), 300);
        assert_eq!(lasts(Some(60), "{}"), 60);
        assert_eq!(lasts(Some(0), "nonsense"), 0);
        assert_eq!(lasts(Some(10_000_000), "{}"), 86_400);
    }

    #[test]
    fn a_list_may_only_shorten_it() {
        let list = |ttl: i64| json!({"credentialSubject": {"ttl": ttl}}).to_string();
        assert_eq!(lasts(Some(3600), list(60_000)), 60);
        assert_eq!(lasts(Some(30), list(60_000)), 30);
        assert_eq!(lasts(Some(3600), list(-1)), 0);
        assert_eq!(lasts(Some(3600), json!({"validUntil": "2026-06-01T12:00:20Z"}).to_string()), 20);
        let end: DateTime<Utc> = "2026-06-01T12:01:00Z".parse().unwrap();
        assert_eq!(lasts(Some(3600), token("vc+jwt", &json!({"exp": end.timestamp()}))), 60);
        let claims = json!({
            "sub": "https://a.example/1", "iat": 1, "ttl": 45, "status_list": {"bits": 1, "lst": "eNrbuRgAAhcBXQ"}
        });
        assert_eq!(lasts(Some(3600), token("statuslist+jwt", &claims)), 45);
    }
}
