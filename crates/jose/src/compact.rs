//! Reading a compact JWS. Our own parser stands before the library's, which
//! takes duplicate members and `b64: false` without `crit`.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value};

use crate::{JoseError, VerifyingKey, claims::media_type, json};

/// The longest token that is read, in bytes.
pub const MAX_TOKEN_BYTES: usize = 262_144;
/// The longest `kid`, in bytes; a did:jwk of a 4,096-bit RSA key fits.
const MAX_KID_BYTES: usize = 4096;

/// The header members that are understood, or harmless where they are not
/// (certificates bind nothing here). Any other is refused, `crit`, `b64`,
/// `jku` and `x5u` first of all: they change what is signed or fetch keys.
const KNOWN_MEMBERS: &[&str] =
    &["alg", "kid", "jwk", "typ", "cty", "iss", "sub", "aud", "iat", "x5c", "x5t", "x5t#S256"];

/// What is verified; see [`VerifyingKey`].
const ALGORITHMS: &[&str] = &["ES256", "ES384", "RS256", "EdDSA"];

/// The media types a token may state, without the `application/` that RFC 7515
/// (4.1.9) lets its maker leave out. `vc+ld+jwt` is the drafts' `vc+jwt`.
const KNOWN_TYPES: &[&str] =
    &["jwt", "vc+jwt", "vp+jwt", "vc+ld+jwt", "vc+ld+json+jwt", "client-authentication+jwt", "jose"];

/// The header of a token that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Header {
    /// `ES256`, `ES384`, `RS256` or `EdDSA`.
    pub alg: String,
    /// The key's name.
    pub kid: Option<String>,
    /// A key the token brings with it: reported, never trusted, because
    /// anyone can bring a key of their own.
    pub jwk: Option<Value>,
    /// Whether it brings certificates (`x5c`), which are not read.
    pub certificates: bool,
    /// The media type as stated.
    pub typ: Option<String>,
}

/// A well-formed token whose signature nobody has checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Unverified {
    /// Its header.
    pub header: Header,
    /// Its payload, as its signer wrote it.
    pub payload: Vec<u8>,
    signing_input: String,
    signature: Vec<u8>,
}

impl Unverified {
    /// Checks the signature with a public JWK; see [`VerifyingKey::from_jwk`].
    pub fn verify(&self, jwk: &Value) -> Result<(), JoseError> {
        self.verify_by(&VerifyingKey::from_jwk(jwk)?)
    }

    /// Checks the signature. The key says which algorithm is used, and the header
    /// must agree.
    pub fn verify_by(&self, key: &VerifyingKey) -> Result<(), JoseError> {
        key.verify(&self.header.alg, self.signing_input.as_bytes(), &self.signature)
    }
}

/// Reads a compact JWS (RFC 7515, 7.1) of at most [`MAX_TOKEN_BYTES`]: three
/// base64url parts without padding, and a header that is one JSON object of
/// known members, none twice.
pub fn read_compact(token: &str) -> Result<Unverified, JoseError> {
    read_typed(token, |typ| typ.is_none() || KNOWN_TYPES.contains(&media_type(typ).as_str()))
}

/// The same of a token whose `typ`, if it has one, `fits`.
pub(crate) fn read_typed(token: &str, fits: fn(Option<&str>) -> bool) -> Result<Unverified, JoseError> {
    read_within(token, MAX_TOKEN_BYTES, fits)
}

/// The same of a token of at most `limit` bytes.
pub(crate) fn read_within(
    token: &str,
    limit: usize,
    fits: fn(Option<&str>) -> bool,
) -> Result<Unverified, JoseError> {
    if token.len() > limit {
        return Err(JoseError::TooLarge { size: token.len(), limit });
    }
    let mut parts = token.split('.');
    let (Some(header), Some(payload), Some(signature), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(JoseError::NotCompact("it must have exactly three parts joined by dots".to_owned()));
    };
    let signing_input = format!("{header}.{payload}");
    let decode = |part: &str, name: &str| {
        let bytes = URL_SAFE_NO_PAD.decode(part);
        bytes.map_err(|error| JoseError::NotCompact(format!("the {name} is not unpadded base64url: {error}")))
    };
    let header = decode(header, "header")?;
    let payload = decode(payload, "payload")?;
    let signature = decode(signature, "signature")?;
    if signature.is_empty() {
        return Err(JoseError::NotCompact("it is not signed".to_owned()));
    }
    let header = read_header(&json::object(&header).map_err(JoseError::Header)?)?;
    if !fits(header.typ.as_deref()) {
        let typ = header.typ.unwrap_or_else(|| "missing".to_owned());
        return Err(JoseError::Header(format!("`typ` is `{typ}`, which is not what is read here")));
    }
    Ok(Unverified { header, payload, signing_input, signature })
}

fn read_header(members: &Map<String, Value>) -> Result<Header, JoseError> {
    let refuse = |detail: String| Err(JoseError::Header(detail));
    if let Some(unknown) = members.keys().find(|name| !KNOWN_MEMBERS.contains(&name.as_str())) {
        return refuse(format!("the member `{unknown}` is not accepted"));
    }
    let alg = match members.get("alg") {
        Some(Value::String(alg)) if ALGORITHMS.contains(&alg.as_str()) => alg.clone(),
        Some(other) => return refuse(format!("`alg` is {other}; ES256, ES384, RS256 or EdDSA is read")),
        None => return refuse("`alg` is missing".to_owned()),
    };
    let text = |name: &str| match members.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(JoseError::Header(format!("`{name}` must be a string"))),
    };
    let kid = text("kid")?;
    if kid.as_ref().is_some_and(|kid| kid.len() > MAX_KID_BYTES) {
        return refuse(format!("`kid` is longer than {MAX_KID_BYTES} bytes"));
    }
    let typ = text("typ")?;
    let jwk = members.get("jwk").cloned();
    if jwk.as_ref().is_some_and(|jwk| !jwk.is_object()) {
        return refuse("`jwk` must be an object".to_owned());
    }
    Ok(Header { alg, kid, jwk, certificates: members.contains_key("x5c"), typ })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Algorithm, PrivateKey, sign_compact};
    use proptest::prelude::*;

    fn token(header: &str) -> String {
        format!("{}.e30.AAAA", URL_SAFE_NO_PAD.encode(header))
    }

    #[test]
    fn headers_that_change_the_meaning_of_a_token_are_refused() {
        for (header, why) in [
            (r#"{"alg":"ES256","crit":["x"],"x":1}"#, "`crit`"),
            (r#"{"alg":"ES256","b64":false}"#, "`b64`"),
            (r#"{"alg":"ES256","b64":true}"#, "`b64`"),
            (r#"{"alg":"ES256","b64":false,"crit":["b64"]}"#, "`b64`"),
            (r#"{"alg":"ES256","jku":"https://a.example.org"}"#, "`jku`"),
            (r#"{"alg":"ES256","x5u":"https://a.example.org"}"#, "`x5u`"),
            (r#"{"alg":"ES256","zip":"DEF"}"#, "`zip`"),
            (r#"{"alg":"ES256","alg":"RS256"}"#, "stands twice"),
            (r#"{"alg":"ES256","kid":"a","k\u0069d":"b"}"#, "stands twice"),
            (r#"{"alg":"none"}"#, "`alg`"),
            (r#"{"alg":"HS256"}"#, "`alg`"),
            (r#"{"alg":"es256"}"#, "`alg`"),
            (r#"{"alg":["ES256"]}"#, "`alg`"),
            (r#"{"kid":"a"}"#, "`alg` is missing"),
            (r#"{"alg":"ES256","kid":1}"#, "`kid`"),
            (r#"{"alg":"ES256","typ":"at+jwt"}"#, "`typ`"),
            (r#"{"alg":"ES256","jwk":"x"}"#, "`jwk`"),
            (r#"["ES256"]"#, "object"),
            ("{\"alg\":\"ES256\"} x", "trailing"),
        ] {
            let error = read_compact(&token(header)).unwrap_err();
            assert!(matches!(error, JoseError::Header(_)), "{header}: {error}");
            assert!(error.to_string().contains(why), "{header}: {error}");
        }
    }

    #[test]
    fn the_types_of_both_profiles_are_read_whatever_their_case() {
        for typ in ["JWT", "jwt", "vc+jwt", "application/vc+jwt", "vc+ld+jwt"] {
            let read = read_compact(&token(&format!(r#"{{"alg":"ES256","typ":"{typ}"}}"#))).unwrap();
            assert_eq!(read.header.typ.as_deref(), Some(typ));
        }
    }

    #[test]
    fn only_three_unpadded_base64url_parts_are_a_token() {
        let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"ES256"}"#);
        for bad in [
            String::new(),
            header.clone(),
            format!("{header}.e30"),
            format!("{header}.e30.AAAA.AAAA"),
            format!("{header}.e30."),
            format!("{header}.e30=.AAAA"),
            format!("{header}.e3 0.AAAA"),
            format!("{header}.e+/0.AAAA"),
            // The last character of `e30` has bits to spare, which must be zero.
            format!("{header}.e31.AAAA"),
            format!(" {header}.e30.AAAA"),
            format!("{header}.e30.AAAA\n"),
            r#"{"payload":"e30","protected":"e30","signature":"AAAA"}"#.to_owned(),
        ] {
            assert!(matches!(read_compact(&bad), Err(JoseError::NotCompact(_))), "{bad}");
        }
        let long = format!("{header}.{}.AAAA", "A".repeat(MAX_TOKEN_BYTES));
        assert!(matches!(read_compact(&long), Err(JoseError::TooLarge { .. })));
    }

    #[test]
    fn a_key_in_the_header_is_reported() {
        let read = read_compact(&token(r#"{"alg":"ES256","jwk":{"kty":"EC"}}"#)).unwrap();
        assert!(read.header.jwk.is_some());
    }

    #[test]
    fn one_changed_character_anywhere_is_refused() {
        for algorithm in [Algorithm::Es256, Algorithm::Rs256] {
            let key = PrivateKey::generate(algorithm).unwrap();
            let jwk = key.public_jwk();
            let token = sign_compact(br#"{"name":"Ann Sample"}"#, &key, "did:key:zSample#k", None).unwrap();
            let good = |token: &str| read_compact(token).and_then(|read| read.verify(jwk)).is_ok();
            assert!(good(&token));
            for place in 0..token.len() {
                for other in ["A", "B", "_", "."] {
                    let mut changed = token.clone();
                    changed.replace_range(place..=place, other);
                    assert!(changed == token || !good(&changed), "{algorithm:?} {place} {other}");
                }
            }
        }
    }

    proptest! {
        #[test]
        fn reading_never_panics(header in ".{0,200}", any in "[A-Za-z0-9_.-]{0,300}") {
            let _ = read_compact(&token(&header));
            let _ = read_compact(&any);
        }
    }
}
