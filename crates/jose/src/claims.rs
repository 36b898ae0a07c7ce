//! The claims of a credential as a JWT: Open Badges 3.0, 8.2.4 ("JSON Web
//! Token Proof Format"), W3C VC-JOSE-COSE, and, for reading, the `vc` claim of
//! VC Data Model 1.1, 6.3.1.

use chrono::DateTime;
use serde_json::{Map, Value};

use crate::JoseError;

/// The registered claims that repeat members of the credential, or concern the
/// token alone (`iat`, `aud`, `nonce`).
const REGISTERED: &[&str] = &["iss", "sub", "jti", "nbf", "exp", "iat", "aud", "nonce"];

/// Which rules a token follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Open Badges 3.0: `iss`, `sub`, `jti`, `nbf` and `exp` repeat the
    /// credential and may not differ from it.
    OpenBadges,
    /// VC-JOSE-COSE (`typ: vc+jwt`): no claim is needed; `nbf` and `exp` bound
    /// the signature and may be narrower than the credential's own dates.
    JoseCose,
}

impl Profile {
    /// The `typ` of a token that follows it.
    pub fn typ(self) -> &'static str {
        match self {
            Self::OpenBadges => "JWT",
            Self::JoseCose => "vc+jwt",
        }
    }

    /// The profile that a header's `typ` announces; [`JoseError::Header`] if it
    /// announces something other than a credential.
    pub fn of_typ(typ: Option<&str>) -> Result<Self, JoseError> {
        match media_type(typ).as_str() {
            "vc+jwt" | "vc+ld+jwt" | "vc+ld+json+jwt" => Ok(Self::JoseCose),
            "" | "jwt" | "jose" => Ok(Self::OpenBadges),
            other => Err(JoseError::Header(format!("`typ` is `{other}`, which is not a credential"))),
        }
    }
}

/// The payload of a credential in the VC-JWT form of Open Badges 3.0: its own
/// members at the top level, then `iss` (the issuer's id), `sub` (the
/// subject's id, if it has one), `jti` (its id), `nbf` and `exp` (`validFrom`
/// and, if present, `validUntil`, in whole seconds since 1970).
///
/// [`JoseError::Claim`] if the credential lacks what a claim repeats, or has
/// members that are called like claims.
pub fn credential_claims(credential: &Value) -> Result<Value, JoseError> {
    let added = repeating(credential)?;
    let mut payload = credential.clone();
    if let Some(members) = payload.as_object_mut() {
        members.extend(added);
    }
    Ok(payload)
}

/// The same as JSON text, byte for byte, without a copy of the credential.
pub fn credential_payload(credential: &Value) -> Result<String, JoseError> {
    let added = Value::Object(repeating(credential)?).to_string();
    let mut text = credential.to_string();
    // A credential that has an issuer is not empty, and neither are its claims.
    text.pop();
    text.push(',');
    text.push_str(added.get(1..).unwrap_or_default());
    Ok(text)
}

/// The claims that repeat what the credential says.
pub(crate) fn repeating(credential: &Value) -> Result<Map<String, Value>, JoseError> {
    let members = credential.as_object().ok_or_else(|| claim("iss", "the credential is not an object"))?;
    if let Some(taken) = REGISTERED.iter().find(|name| members.contains_key(**name)) {
        return Err(claim(taken, "the credential has a member of this name already"));
    }
    let repeated = Repeated::of(members)?;
    let mut claims = Map::new();
    let mut add = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    add("iss", repeated.issuer.ok_or_else(|| claim("iss", "the credential has no issuer id"))?.into());
    if let Some(subject) = repeated.subject {
        add("sub", subject.into());
    }
    add("jti", repeated.id.ok_or_else(|| claim("jti", "the credential has no id"))?.into());
    add("nbf", repeated.from.ok_or_else(|| claim("nbf", "the credential has no validFrom"))?.into());
    if let Some(until) = repeated.until {
        add("exp", until.into());
    }
    Ok(claims)
}

/// The credential of a payload in the Open Badges form; a `vc` claim (VC Data
/// Model 1.1) is read too. See [`credential_in`].
pub fn credential_of(payload: Value) -> Result<Value, JoseError> {
    credential_in(payload, Profile::OpenBadges)
}

/// The credential of a payload, its registered claims taken off and compared.
///
/// A claim that differs from what it repeats is [`JoseError::Claim`]. Under
/// [`Profile::OpenBadges`] a credential's `iss`, `jti`, `nbf`, and where it
/// applies `sub` and `exp`, must be there. Under [`Profile::JoseCose`] a
/// narrower `nbf` or `exp` narrows the `validFrom` or `validUntil` that comes
/// back: nobody should honour the credential outside either.
pub fn credential_in(payload: Value, profile: Profile) -> Result<Value, JoseError> {
    let Value::Object(mut payload) = payload else {
        return Err(JoseError::Payload("it must be a JSON object".to_owned()));
    };
    if let Some(vc) = payload.shift_remove("vc") {
        if profile == Profile::JoseCose {
            return Err(claim("vc", "a `vc+jwt` is the credential itself (VC-JOSE-COSE, 3.1.1)"));
        }
        return credential_of_vc_claim(&payload, vc);
    }
    let mut claims = Map::new();
    for name in REGISTERED {
        if let Some((name, value)) = payload.shift_remove_entry(*name) {
            claims.insert(name, value);
        }
    }
    let mut credential = payload;
    let repeated = Repeated::of(&credential)?;
    let needed = profile == Profile::OpenBadges;
    same_text(&claims, "iss", "issuer", repeated.issuer, needed)?;
    same_text(&claims, "sub", "credentialSubject.id", repeated.subject, needed)?;
    same_text(&claims, "jti", "id", repeated.id, needed)?;
    match profile {
        Profile::OpenBadges => {
            same_date(&claims, "nbf", "validFrom", repeated.from)?;
            same_date(&claims, "exp", "validUntil", repeated.until)?;
        }
        Profile::JoseCose => {
            let (from, until) = (repeated.from, repeated.until);
            if let Some(nbf) = date_claim(&claims, "nbf")?.filter(|nbf| from.is_none_or(|from| *nbf > from)) {
                credential.insert("validFrom".to_owned(), date_time(nbf, "nbf")?);
            }
            if let Some(exp) =
                date_claim(&claims, "exp")?.filter(|exp| until.is_none_or(|until| *exp < until))
            {
                credential.insert("validUntil".to_owned(), date_time(exp, "exp")?);
            }
        }
    }
    Ok(Value::Object(credential))
}

/// VC Data Model 1.1, 6.3.1: the claims stand for members that `vc` may leave
/// out, and may not differ from those it has.
fn credential_of_vc_claim(claims: &Map<String, Value>, vc: Value) -> Result<Value, JoseError> {
    let Value::Object(mut credential) = vc else { return Err(claim("vc", "it is not an object")) };
    if claims.contains_key("credentialSubject") {
        return Err(claim("vc", "it stands beside a credential at the top level; only one is read"));
    }
    let repeated = Repeated::of(&credential)?;
    same_text_if_both(claims, "iss", "issuer", repeated.issuer)?;
    same_text_if_both(claims, "sub", "credentialSubject.id", repeated.subject)?;
    same_text_if_both(claims, "jti", "id", repeated.id)?;
    let (from, until) = (repeated.from, repeated.until);
    let (nbf, exp) = (date_claim(claims, "nbf")?, date_claim(claims, "exp")?);
    if from.is_some() && nbf.is_some() {
        same_date(claims, "nbf", "issuanceDate", from)?;
    }
    if until.is_some() && exp.is_some() {
        same_date(claims, "exp", "expirationDate", until)?;
    }
    if let Some(issuer) = text_claim(claims, "iss")? {
        match credential.get_mut("issuer") {
            Some(Value::Object(profile)) => {
                profile.insert("id".to_owned(), issuer.into());
            }
            Some(_) => {}
            None => {
                credential.insert("issuer".to_owned(), issuer.into());
            }
        }
    }
    if let Some(subject) = text_claim(claims, "sub")?
        && let Some(Value::Object(members)) = credential.get_mut("credentialSubject")
    {
        members.insert("id".to_owned(), subject.into());
    }
    if let Some(id) = text_claim(claims, "jti")? {
        credential.insert("id".to_owned(), id.into());
    }
    if let (Some(nbf), None) = (nbf, from) {
        credential.insert("issuanceDate".to_owned(), date_time(nbf, "nbf")?);
    }
    if let (Some(exp), None) = (exp, until) {
        credential.insert("expirationDate".to_owned(), date_time(exp, "exp")?);
    }
    Ok(Value::Object(credential))
}

/// What of a credential its claims repeat.
struct Repeated<'a> {
    issuer: Option<&'a str>,
    subject: Option<&'a str>,
    id: Option<&'a str>,
    from: Option<i64>,
    until: Option<i64>,
}

impl<'a> Repeated<'a> {
    fn of(credential: &'a Map<String, Value>) -> Result<Self, JoseError> {
        let issuer = match credential.get("issuer") {
            Some(Value::String(id)) => Some(id.as_str()),
            Some(profile) => id_of(profile, "iss")?,
            None => None,
        };
        let subject = match credential.get("credentialSubject") {
            Some(subject @ Value::Object(_)) => id_of(subject, "sub")?,
            Some(Value::Array(_)) => return Err(claim("sub", "more than one subject cannot be one claim")),
            _ => None,
        };
        let id = match credential.get("id") {
            Some(Value::String(id)) => Some(id.as_str()),
            Some(_) => return Err(claim("jti", "the credential's id is not a string")),
            None => None,
        };
        let from = seconds(credential, &["validFrom", "issuanceDate"], "nbf")?;
        let until = seconds(credential, &["validUntil", "expirationDate"], "exp")?;
        Ok(Self { issuer, subject, id, from, until })
    }
}

fn id_of<'a>(object: &'a Value, name: &'static str) -> Result<Option<&'a str>, JoseError> {
    match object.get("id") {
        Some(Value::String(id)) => Ok(Some(id)),
        Some(_) => Err(claim(name, "the id it repeats is not a string")),
        None => Ok(None),
    }
}

/// The first of `names` that is there, in whole seconds since 1970.
fn seconds(
    credential: &Map<String, Value>,
    names: &[&str],
    name: &'static str,
) -> Result<Option<i64>, JoseError> {
    let Some((member, value)) = names.iter().find_map(|name| Some((name, credential.get(*name)?))) else {
        return Ok(None);
    };
    let moment = value.as_str().and_then(|text| DateTime::parse_from_rfc3339(text).ok());
    match moment {
        Some(moment) => Ok(Some(moment.timestamp())),
        None => Err(claim(name, format!("{member} is {value}, not a date-time with a zone"))),
    }
}

fn same_text(
    claims: &Map<String, Value>,
    name: &'static str,
    member: &str,
    repeated: Option<&str>,
    needed: bool,
) -> Result<(), JoseError> {
    match (text_claim(claims, name)?, repeated) {
        (None, None) => Ok(()),
        (None, Some(_)) if !needed => Ok(()),
        (Some(stated), Some(repeated)) if stated == repeated => Ok(()),
        (None, Some(repeated)) => Err(claim(name, format!("it is missing; {member} is `{repeated}`"))),
        (Some(stated), None) => Err(claim(name, format!("it is `{stated}`, but there is no {member}"))),
        (Some(stated), Some(repeated)) => {
            Err(claim(name, format!("it is `{stated}`, but {member} is `{repeated}`")))
        }
    }
}

fn same_text_if_both(
    claims: &Map<String, Value>,
    name: &'static str,
    member: &str,
    repeated: Option<&str>,
) -> Result<(), JoseError> {
    if repeated.is_some() { same_text(claims, name, member, repeated, false) } else { Ok(()) }
}

fn same_date(
    claims: &Map<String, Value>,
    name: &'static str,
    member: &str,
    repeated: Option<i64>,
) -> Result<(), JoseError> {
    match (date_claim(claims, name)?, repeated) {
        (stated, repeated) if stated == repeated => Ok(()),
        (None, _) => Err(claim(name, format!("it is missing, but there is a {member}"))),
        (Some(stated), None) => Err(claim(name, format!("it is {stated}, but there is no {member}"))),
        (Some(stated), Some(repeated)) => {
            Err(claim(name, format!("it is {stated}, but {member} is {repeated} in seconds since 1970")))
        }
    }
}

pub(crate) fn text_claim<'a>(
    claims: &'a Map<String, Value>,
    name: &'static str,
) -> Result<Option<&'a str>, JoseError> {
    match claims.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(claim(name, "it must be a string")),
    }
}

/// A `NumericDate` (RFC 7519, 2) in whole seconds, fractions cut off.
pub(crate) fn date_claim(claims: &Map<String, Value>, name: &'static str) -> Result<Option<i64>, JoseError> {
    let Some(value) = claims.get(name) else { return Ok(None) };
    let whole = value.as_i64().or_else(|| {
        // Beyond 2^53 a double does not hold whole seconds; within, `{:.0}` of
        // its floor is exact.
        let number = value.as_f64().filter(|number| number.abs() < 9_007_199_254_740_992.0)?;
        format!("{:.0}", number.floor()).parse().ok()
    });
    let whole = whole.filter(|seconds| DateTime::from_timestamp(*seconds, 0).is_some());
    whole.map(Some).ok_or_else(|| claim(name, format!("{value} is not a date in seconds since 1970")))
}

pub(crate) fn date_time(seconds: i64, name: &'static str) -> Result<Value, JoseError> {
    let moment = DateTime::from_timestamp(seconds, 0).ok_or_else(|| claim(name, "it is out of range"))?;
    Ok(moment.format("%Y-%m-%dT%H:%M:%SZ").to_string().into())
}

/// A `typ` in lower case, without the `application/` that its maker may leave out
/// (RFC 7515, 4.1.9); empty if there is none.
pub(crate) fn media_type(typ: Option<&str>) -> String {
    let typ = typ.map(str::to_ascii_lowercase).unwrap_or_default();
    typ.strip_prefix("application/").map(ToOwned::to_owned).unwrap_or(typ)
}

pub(crate) fn claim(claim: &'static str, detail: impl Into<String>) -> JoseError {
    JoseError::Claim { claim, detail: detail.into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn credential() -> Value {
        json!({
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "id": "https://badges.example.org/v1/credentials/1",
            "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "issuer": {"id": "did:web:badges.example.org", "type": ["Profile"]},
            "validFrom": "2026-03-01T10:00:00+01:00",
            "validUntil": "2027-03-01T09:00:00Z",
            "credentialSubject": {"id": "urn:uuid:1", "type": ["AchievementSubject"]}
        })
    }

    fn refused_claim(payload: &Value) -> &'static str {
        match credential_of(payload.clone()) {
            Err(JoseError::Claim { claim, .. }) => claim,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_claims_repeat_the_credential_and_come_off_again() {
        let payload = credential_claims(&credential()).unwrap();
        assert_eq!(payload["iss"], "did:web:badges.example.org");
        assert_eq!(payload["sub"], "urn:uuid:1");
        assert_eq!(payload["jti"], "https://badges.example.org/v1/credentials/1");
        assert_eq!(payload["nbf"], 1_772_355_600);
        assert_eq!(payload["exp"], 1_803_891_600);
        assert_eq!(credential_of(payload.clone()).unwrap(), credential());
        let order: Vec<_> = payload.as_object().unwrap().keys().skip(7).map(String::as_str).collect();
        assert_eq!(order, ["iss", "sub", "jti", "nbf", "exp"]);
        assert_eq!(credential_payload(&credential()).unwrap(), payload.to_string());
    }

    #[test]
    fn a_subject_without_id_and_a_badge_without_end_have_no_claim_for_it() {
        let mut credential = credential();
        credential.as_object_mut().unwrap().remove("validUntil");
        credential["credentialSubject"].as_object_mut().unwrap().remove("id");
        let payload = credential_claims(&credential).unwrap();
        assert!(payload.get("sub").is_none() && payload.get("exp").is_none());
        assert_eq!(credential_of(payload.clone()).unwrap(), credential);
    }

    #[test]
    fn a_claim_that_differs_or_is_missing_is_named() {
        let good = credential_claims(&credential()).unwrap();
        for name in ["iss", "sub", "jti"] {
            let mut changed = good.clone();
            changed[name] = "urn:other".into();
            assert_eq!(refused_claim(&changed), name);
            changed[name] = 1.into();
            assert_eq!(refused_claim(&changed), name);
        }
        for name in ["nbf", "exp"] {
            let mut changed = good.clone();
            changed[name] = 1.into();
            assert_eq!(refused_claim(&changed), name);
            changed[name] = "1772355600".into();
            assert_eq!(refused_claim(&changed), name);
            changed[name] = json!(1e300);
            assert_eq!(refused_claim(&changed), name);
        }
        for name in ["iss", "sub", "jti", "nbf", "exp"] {
            let mut changed = good.clone();
            changed.as_object_mut().unwrap().remove(name);
            assert_eq!(refused_claim(&changed), name);
        }
        let mut endless = good.clone();
        endless.as_object_mut().unwrap().remove("validUntil");
        assert_eq!(refused_claim(&endless), "exp");
        let mut nobody = good;
        nobody["credentialSubject"].as_object_mut().unwrap().remove("id");
        assert_eq!(refused_claim(&nobody), "sub");
    }

    #[test]
    fn fractions_of_a_second_do_not_make_a_date_differ() {
        let mut payload = credential_claims(&credential()).unwrap();
        payload["nbf"] = json!(1_772_355_600.9);
        payload["validFrom"] = "2026-03-01T09:00:00.9Z".into();
        assert!(credential_of(payload.clone()).is_ok());
        payload["nbf"] = json!(1_772_355_601.0);
        assert_eq!(refused_claim(&payload), "nbf");
    }

    #[test]
    fn what_a_claim_repeats_must_be_there_to_sign() {
        for (missing, name) in [("issuer", "iss"), ("id", "jti"), ("validFrom", "nbf")] {
            let mut credential = credential();
            credential.as_object_mut().unwrap().remove(missing);
            assert!(
                matches!(credential_claims(&credential), Err(JoseError::Claim { claim, .. }) if claim == name)
            );
        }
        let mut odd = credential();
        odd["validFrom"] = "yesterday".into();
        assert!(matches!(credential_claims(&odd), Err(JoseError::Claim { claim: "nbf", .. })));
        let mut taken = credential();
        taken["exp"] = 1.into();
        assert!(matches!(credential_claims(&taken), Err(JoseError::Claim { claim: "exp", .. })));
    }

    #[test]
    fn vc_jose_cose_needs_no_claims_and_its_dates_narrow_the_credential_s() {
        assert_eq!(Profile::of_typ(Some("application/VC+JWT")), Ok(Profile::JoseCose));
        assert_eq!(Profile::of_typ(Some("JWT")), Ok(Profile::OpenBadges));
        assert!(matches!(Profile::of_typ(Some("vp+jwt")), Err(JoseError::Header(_))));
        let mut payload = credential();
        assert_eq!(credential_in(payload.clone(), Profile::JoseCose).unwrap(), credential());
        payload["exp"] = 1_800_000_000.into();
        payload["nbf"] = 1_700_000_000.into();
        let narrowed = credential_in(payload.clone(), Profile::JoseCose).unwrap();
        assert_eq!(narrowed["validUntil"], "2027-01-15T08:00:00Z");
        assert_eq!(narrowed["validFrom"], credential()["validFrom"]);
        let mut wrapped = payload.clone();
        wrapped["vc"] = credential();
        let refused = credential_in(wrapped, Profile::JoseCose);
        assert!(matches!(refused, Err(JoseError::Claim { claim: "vc", .. })));
        payload["iss"] = "did:web:other.example.org".into();
        let refused = credential_in(payload.clone(), Profile::JoseCose);
        assert!(matches!(refused, Err(JoseError::Claim { claim: "iss", .. })));
    }

    #[test]
    fn an_older_badge_s_vc_claim_is_filled_in_from_the_claims() {
        let mut payload = json!({
            "iss": "did:web:badges.example.org", "sub": "urn:uuid:1", "jti": "urn:uuid:2",
            "nbf": 1_700_000_000, "exp": 1_800_000_000,
            "vc": {"type": ["VerifiableCredential"], "issuer": {"name": "A"}, "credentialSubject": {}}
        });
        let read = credential_of(payload.clone()).unwrap();
        assert_eq!(
            read,
            json!({
                "type": ["VerifiableCredential"],
                "issuer": {"name": "A", "id": "did:web:badges.example.org"},
                "credentialSubject": {"id": "urn:uuid:1"},
                "id": "urn:uuid:2",
                "issuanceDate": "2023-11-14T22:13:20Z",
                "expirationDate": "2027-01-15T08:00:00Z"
            })
        );
        payload["vc"]["issuer"] = "did:web:other.example.org".into();
        assert_eq!(refused_claim(&payload), "iss");
        payload["credentialSubject"] = json!({});
        assert_eq!(refused_claim(&payload), "vc");
    }
}
