//! Enveloped credentials and presentations: a token inside JSON-LD, as a `data:`
//! URL (VC Data Model 2.0, 4.12.4 and 4.13.1; VC-JOSE-COSE, 3.1.3).

use serde_json::{Value, json};

use crate::JoseError;

const CREDENTIALS_V2: &str = "https://www.w3.org/ns/credentials/v2";
const CREDENTIAL: &str = "EnvelopedVerifiableCredential";
const PRESENTATION: &str = "EnvelopedVerifiablePresentation";

/// What an envelope holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// A credential as a compact JWS.
    VcJwt,
    /// A credential as an SD-JWT.
    VcSdJwt,
    /// An SD-JWT VC.
    DcSdJwt,
    /// A presentation as a compact JWS.
    VpJwt,
}

impl Content {
    /// The media type in the `data:` URL.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::VcJwt => "application/vc+jwt",
            Self::VcSdJwt => "application/vc+sd-jwt",
            Self::DcSdJwt => "application/dc+sd-jwt",
            Self::VpJwt => "application/vp+jwt",
        }
    }

    fn of_media_type(media_type: &str) -> Option<Self> {
        // Envelopes of the drafts say `application/jwt`.
        let all = [
            ("application/vc+jwt", Self::VcJwt),
            ("application/jwt", Self::VcJwt),
            ("application/vc+sd-jwt", Self::VcSdJwt),
            ("application/dc+sd-jwt", Self::DcSdJwt),
            ("application/vp+jwt", Self::VpJwt),
        ];
        all.into_iter().find(|(name, _)| media_type.eq_ignore_ascii_case(name)).map(|(_, content)| content)
    }

    fn envelope(self) -> &'static str {
        if self == Self::VpJwt { PRESENTATION } else { CREDENTIAL }
    }
}

/// Puts a token into an envelope of the type that fits it.
pub fn envelop(content: Content, token: &str) -> Value {
    json!({
        "@context": [CREDENTIALS_V2],
        "id": format!("data:{},{token}", content.media_type()),
        "type": content.envelope(),
    })
}

/// Whether it is an envelope, of either type.
pub fn is_envelope(object: &Value) -> bool {
    has_type(object, CREDENTIAL) || has_type(object, PRESENTATION)
}

/// Takes the token out of an envelope: its `id` must be a `data:` URL with one
/// of the media types of [`Content`] that fits the envelope's type, and no
/// parameters. Nothing in the token is looked at. [`JoseError::Envelope`] otherwise.
pub fn read_envelope(envelope: &Value) -> Result<(Content, &str), JoseError> {
    let refuse = |detail: String| JoseError::Envelope(detail);
    let id = envelope.get("id").and_then(Value::as_str);
    let id = id.ok_or_else(|| refuse("its `id` is not a string".to_owned()))?;
    let scheme = id.get(..5).filter(|scheme| scheme.eq_ignore_ascii_case("data:"));
    let (media_type, token) = scheme
        .and(id.get(5..))
        .and_then(|rest| rest.split_once(','))
        .ok_or_else(|| refuse("its `id` is not a `data:` URL".to_owned()))?;
    let content = Content::of_media_type(media_type)
        .ok_or_else(|| refuse(format!("`{media_type}` is not a credential or presentation that is read")))?;
    if !has_type(envelope, content.envelope()) {
        return Err(refuse(format!("`{media_type}` does not belong in an envelope of its type")));
    }
    Ok((content, token))
}

fn has_type(object: &Value, name: &str) -> bool {
    match object.get("type") {
        Some(Value::Array(types)) => types.iter().any(|one| one == name),
        Some(one) => one == name,
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_comes_out() {
        for content in [Content::VcJwt, Content::VcSdJwt, Content::DcSdJwt, Content::VpJwt] {
            let envelope = envelop(content, "a.b.c~d~");
            assert!(is_envelope(&envelope));
            assert_eq!(read_envelope(&envelope), Ok((content, "a.b.c~d~")));
        }
    }

    #[test]
    fn an_envelope_holds_what_its_type_says_and_nothing_else() {
        let credential = |id: &str| json!({"id": id, "type": [CREDENTIAL]});
        assert_eq!(read_envelope(&credential("DATA:application/JWT,a.b.c")), Ok((Content::VcJwt, "a.b.c")));
        for (envelope, why) in [
            (json!({"type": CREDENTIAL}), "`id`"),
            (json!({"type": CREDENTIAL, "id": 1}), "`id`"),
            (credential("https://a.example.org"), "`data:` URL"),
            (credential("data:application/vc+jwt"), "`data:` URL"),
            (credential("data:application/vp+jwt,a.b.c"), "its type"),
            (credential("data:text/plain,a.b.c"), "text/plain"),
            (credential("data:application/vc+jwt;base64,a.b.c"), "base64"),
            (json!({"type": PRESENTATION, "id": "data:application/vc+jwt,a.b.c"}), "its type"),
        ] {
            let refused = read_envelope(&envelope).unwrap_err();
            assert!(matches!(refused, JoseError::Envelope(_)), "{envelope}");
            assert!(refused.to_string().contains(why), "{envelope}: {refused}");
        }
        assert!(!is_envelope(&json!({"type": "VerifiableCredential"})));
        assert!(!is_envelope(&json!({})));
    }
}
