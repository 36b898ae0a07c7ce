//! Client assertions: how a system proves itself with its own key
//! (`private_key_jwt`; RFC 7523, 3).

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value};

use crate::{
    JoseError,
    claims::{claim, date_claim, text_claim},
    compact::{Header, Unverified, read_compact},
    json,
};

/// How far a client's clock may be ahead of ours, in seconds.
const LEEWAY_SECONDS: i64 = 30;
/// The longest `jti` that is kept, in bytes.
const MAX_JTI_BYTES: usize = 256;
/// A client rotates keys with two or three; more only cost time.
const MAX_KEYS: usize = 16;
/// A stolen assertion is good for as long as it lives.
const LONGEST: TimeDelta = TimeDelta::minutes(5);

/// What a valid client assertion leaves to the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssertionClaims {
    /// Unique per assertion and client; the caller refuses it a second time.
    pub jti: String,
    /// Until when `jti` must be remembered.
    pub exp: DateTime<Utc>,
}

/// Checks a client assertion that lives at most five minutes; see
/// [`verify_client_assertion_within`].
pub fn verify_client_assertion(
    token: &str,
    jwks: &Value,
    expected_audience: &[&str],
    client_id: &str,
    now: DateTime<Utc>,
) -> Result<AssertionClaims, JoseError> {
    verify_client_assertion_within(token, jwks, expected_audience, client_id, now, LONGEST)
}

/// Checks a client assertion: signed with a key of the client's JWK Set `jwks`
/// (the one named by `kid`, if the header names one), `iss` and `sub` the
/// client's id, `aud` one of `expected_audience`, `exp` in the future but at
/// most `longest` away (and thirty seconds for a clock that is ahead), `nbf`
/// and `iat`, if stated, past, and a `jti`.
pub fn verify_client_assertion_within(
    token: &str,
    jwks: &Value,
    expected_audience: &[&str],
    client_id: &str,
    now: DateTime<Utc>,
    longest: TimeDelta,
) -> Result<AssertionClaims, JoseError> {
    let read = read_compact(token)?;
    if read.header.typ.as_deref().is_some_and(|typ| !is_assertion_type(typ)) {
        return Err(JoseError::Header("`typ` must be JWT or client-authentication+jwt".to_owned()));
    }
    verify_with_set(&read, jwks)?;
    let claims = json::object(&read.payload).map_err(JoseError::Payload)?;
    for name in ["iss", "sub"] {
        let found = text_claim(&claims, name)?;
        if found != Some(client_id) {
            let found = found.unwrap_or("missing");
            return Err(claim(name, format!("it is `{found}`; it must be the client's id `{client_id}`")));
        }
    }
    expect_audience(&claims, expected_audience)?;
    let exp = expect_dates(&claims, now, longest)?;
    match text_claim(&claims, "jti")? {
        Some(jti) if !jti.is_empty() && jti.len() <= MAX_JTI_BYTES => {
            Ok(AssertionClaims { jti: jti.to_owned(), exp })
        }
        _ => Err(claim("jti", format!("it must be a string of 1 to {MAX_JTI_BYTES} bytes, new each time"))),
    }
}

fn is_assertion_type(typ: &str) -> bool {
    let typ = typ.to_ascii_lowercase();
    matches!(typ.strip_prefix("application/").unwrap_or(&typ), "jwt" | "client-authentication+jwt")
}

fn verify_with_set(token: &Unverified, jwks: &Value) -> Result<(), JoseError> {
    let keys = jwks
        .get("keys")
        .and_then(Value::as_array)
        .ok_or_else(|| JoseError::Key("a JWK Set must be an object with an array `keys`".to_owned()))?;
    let mut last = JoseError::Key(match &token.header.kid {
        Some(kid) => format!("the client has no key `{kid}`"),
        None => "the client has no keys".to_owned(),
    });
    for key in keys.iter().take(MAX_KEYS).filter(|key| may_have_signed(key, &token.header)) {
        match token.verify(key) {
            Ok(()) => return Ok(()),
            // A wrong signature says more than a key of another kind.
            Err(error) if last == JoseError::Signature => drop(error),
            Err(error) => last = error,
        }
    }
    Err(last)
}

fn may_have_signed(key: &Value, header: &Header) -> bool {
    match &header.kid {
        Some(kid) => key.get("kid").and_then(Value::as_str) == Some(kid),
        None => true,
    }
}

fn expect_audience(claims: &Map<String, Value>, expected: &[&str]) -> Result<(), JoseError> {
    let ours = |audience: &Value| audience.as_str().is_some_and(|audience| expected.contains(&audience));
    let fits = match claims.get("aud") {
        Some(Value::Array(audiences)) => audiences.iter().any(ours),
        Some(audience) => ours(audience),
        None => false,
    };
    if fits { Ok(()) } else { Err(claim("aud", format!("it must be {}", expected.join(" or ")))) }
}

fn expect_dates(
    claims: &Map<String, Value>,
    now: DateTime<Utc>,
    longest: TimeDelta,
) -> Result<DateTime<Utc>, JoseError> {
    let exp = date_claim(claims, "exp")?.ok_or_else(|| claim("exp", "it is missing"))?;
    if exp <= now.timestamp() {
        return Err(claim("exp", "the assertion has expired; make a new one for each request"));
    }
    let latest = now.timestamp().saturating_add(longest.num_seconds()).saturating_add(LEEWAY_SECONDS);
    if exp > latest {
        return Err(claim("exp", format!("it may be at most {} seconds away", longest.num_seconds())));
    }
    for name in ["nbf", "iat"] {
        let stated = date_claim(claims, name)?;
        if stated.is_some_and(|stated| stated > now.timestamp().saturating_add(LEEWAY_SECONDS)) {
            return Err(claim(name, "it lies in the future; set the client's clock"));
        }
    }
    DateTime::from_timestamp(exp, 0).ok_or_else(|| claim("exp", "it is out of range"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Algorithm, PrivateKey, sign_compact};
    use serde_json::json;

    const AUDIENCE: &str = "https://badges.example.org/oauth2/token";

    struct Client {
        key: PrivateKey,
        jwks: Value,
    }

    fn client() -> Client {
        let key = PrivateKey::generate(Algorithm::Es256).unwrap();
        let other = PrivateKey::generate(Algorithm::Es256).unwrap();
        let named = |key: &PrivateKey, kid: &str| {
            let mut jwk = key.public_jwk().clone();
            jwk["kid"] = kid.into();
            jwk
        };
        let jwks = json!({"keys": [named(&other, "old"), named(&key, "new")]});
        Client { key, jwks }
    }

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn good() -> Value {
        json!({
            "iss": "moodle", "sub": "moodle", "aud": AUDIENCE, "jti": "1", "exp": now().timestamp() + 60
        })
    }

    fn check(client: &Client, claims: &Value, kid: &str) -> Result<AssertionClaims, JoseError> {
        let token = sign_compact(claims.to_string().as_bytes(), &client.key, kid, Some("JWT")).unwrap();
        verify_client_assertion(&token, &client.jwks, &[AUDIENCE], "moodle", now())
    }

    #[test]
    fn a_good_assertion_gives_its_jti_and_end() {
        let claims = check(&client(), &good(), "new").unwrap();
        assert_eq!(claims, AssertionClaims { jti: "1".to_owned(), exp: now() + TimeDelta::seconds(60) });
        let mut several = good();
        several["aud"] = json!(["https://other.example.org", AUDIENCE]);
        several["iat"] = (now().timestamp() + 20).into();
        check(&client(), &several, "new").unwrap();
    }

    #[test]
    fn a_claim_that_is_missing_or_wrong_is_named() {
        let client = client();
        let far = now().timestamp() + 3600;
        for (name, value) in [
            ("iss", json!("other")),
            ("sub", json!("other")),
            ("sub", json!(1)),
            ("aud", json!("https://other.example.org")),
            ("aud", json!([])),
            ("aud", json!(1)),
            ("jti", json!("")),
            ("jti", json!("x".repeat(300))),
            ("exp", json!(now().timestamp())),
            ("exp", json!(far)),
            ("exp", json!("tomorrow")),
            ("nbf", json!(far)),
            ("iat", json!(far)),
        ] {
            let mut claims = good();
            claims[name] = value;
            let refused = check(&client, &claims, "new");
            assert!(matches!(&refused, Err(JoseError::Claim { claim, .. }) if *claim == name), "{refused:?}");
        }
        for name in ["iss", "sub", "aud", "jti", "exp"] {
            let mut claims = good();
            claims.as_object_mut().unwrap().remove(name);
            let refused = check(&client, &claims, "new");
            assert!(matches!(&refused, Err(JoseError::Claim { claim, .. }) if *claim == name), "{refused:?}");
        }
    }

    #[test]
    fn the_longest_life_is_a_setting() {
        let client = client();
        let mut claims = good();
        claims["exp"] = (now().timestamp() + 3600).into();
        let token = sign_compact(claims.to_string().as_bytes(), &client.key, "new", None).unwrap();
        let within = |longest| {
            verify_client_assertion_within(&token, &client.jwks, &[AUDIENCE], "moodle", now(), longest)
        };
        assert!(within(TimeDelta::hours(1)).is_ok());
        assert!(within(TimeDelta::minutes(5)).is_err());
    }

    #[test]
    fn only_the_client_s_own_key_is_taken_and_the_one_it_names() {
        let client = client();
        assert_eq!(check(&client, &good(), "old"), Err(JoseError::Signature));
        let unknown = check(&client, &good(), "third").unwrap_err();
        assert!(unknown.to_string().contains("`third`"), "{unknown}");
        let empty =
            Client { key: PrivateKey::generate(Algorithm::Es256).unwrap(), jwks: json!({"keys": []}) };
        assert!(matches!(check(&empty, &good(), "new"), Err(JoseError::Key(_))));
        let stranger = Client { key: PrivateKey::generate(Algorithm::Es256).unwrap(), jwks: client.jwks };
        assert_eq!(check(&stranger, &good(), "new"), Err(JoseError::Signature));
    }

    #[test]
    fn the_payload_is_read_strictly_and_a_credential_is_no_assertion() {
        let client = client();
        let verify = |payload: &str, typ| {
            let token = sign_compact(payload.as_bytes(), &client.key, "new", Some(typ)).unwrap();
            verify_client_assertion(&token, &client.jwks, &[AUDIENCE], "moodle", now())
        };
        let twice = good().to_string().replacen('{', r#"{"iss":"other","#, 1);
        assert!(matches!(verify(&twice, "JWT"), Err(JoseError::Payload(_))));
        assert!(matches!(verify(&good().to_string(), "vc+jwt"), Err(JoseError::Header(_))));
    }
}
