//! Getting at the credential in what was handed in.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Submission;
use crate::checks::{format::Fault, say};
use crate::credential::{has_type, many};
use crate::legacy::{Assertion, read::is_assertion};
use crate::recognise::{looks_like_page, recognise};
use artwork::svg::Baked;
use jose::{Content, Profile};
use proof::json::{JsonError, Limits};

/// What was handed in, opened.
#[derive(Debug, Clone)]
pub(crate) enum Found {
    Credential(Opened),
    Presentation(Opened),
    Legacy(Assertion),
}

/// A credential, or a presentation of credentials, that can be read. Nothing in
/// it is proved.
#[derive(Debug, Clone)]
pub(crate) struct Opened {
    /// The credential or presentation; with its `proof` if the proof is embedded.
    pub credential: Value,
    /// What is said to prove it.
    pub secured: Secured,
    /// The claims of a JWT contradict the credential: what is wrong with them.
    pub claims: Option<String>,
}

/// How a credential is secured.
#[derive(Debug, Clone)]
pub(crate) enum Secured {
    /// By these embedded proofs, none if the credential is not signed.
    Embedded(Vec<Value>),
    /// By the signature of the JWS around it.
    Jws(Box<jose::Unverified>),
    /// By the issuer's signature over digests of it, and perhaps the holder's over
    /// what is shown.
    SdJwt(Box<jose::SdJwt>),
}

impl Found {
    /// What the credential calls itself.
    pub fn credential_id(&self) -> Option<&str> {
        match self {
            Self::Credential(opened) => opened.credential.get("id")?.as_str(),
            Self::Presentation(_) | Self::Legacy(_) => None,
        }
    }
}

/// In which manner a credential is secured; which decides where its issuer's keys are, and
/// in which form its status list is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Manner {
    Embedded,
    Jws,
    SdJwt,
}

impl Secured {
    pub(crate) fn manner(&self) -> Manner {
        match self {
            Self::Embedded(_) => Manner::Embedded,
            Self::Jws(_) => Manner::Jws,
            Self::SdJwt(_) => Manner::SdJwt,
        }
    }
}

impl Submission {
    /// The form's name in a report.
    pub(crate) fn form(&self) -> &'static str {
        match self {
            Self::Json(_) => "json",
            Self::Jwt(_) => "jwt",
            Self::SdJwt(_) => "sd-jwt",
            Self::Png(_) => "png",
            Self::Jpeg(_) => "jpeg",
            Self::Svg(_) => "svg",
            Self::Pdf(_) => "pdf",
        }
    }
}

/// Opens what was handed in; pictures are un-baked.
pub(crate) fn open(submission: &Submission) -> Result<Found, Fault> {
    let limits = Limits::default();
    match submission {
        Submission::Json(bytes) => {
            let parsed = parse(bytes, &limits)?;
            if has_type(&parsed, "EnvelopedVerifiablePresentation") {
                let opened = jose::read_envelope(&parsed);
                let (_, token) =
                    opened.map_err(|error| Fault::NotCredential(say::an_error(error.to_string())))?;
                return presentation_token(token, &limits).map(Found::Presentation);
            }
            if is_presentation(&parsed) {
                return Ok(Found::Presentation(with_proofs(parsed)));
            }
            if is_assertion(&parsed) {
                return Ok(Found::Legacy(Assertion { document: parsed, token: None }));
            }
            of_json(parsed, &limits).map(Found::Credential)
        }
        Submission::Jwt(token) if announces_presentation(token, &limits) => {
            presentation_token(token, &limits).map(Found::Presentation)
        }
        Submission::Jwt(token) => match legacy_token(token, &limits) {
            Some(assertion) => Ok(Found::Legacy(assertion)),
            None => jwt(token, &limits).map(Found::Credential),
        },
        Submission::Pdf(bytes) => open(&carried(bytes, &limits)?),
        other => open_within(other, limits.bytes).map(Found::Credential),
    }
}

/// The one credential, presentation or assertion that a PDF carries.
fn carried(pdf: &[u8], limits: &Limits) -> Result<Submission, Fault> {
    let files = artwork::pdf::files(pdf, limits.bytes).map_err(|error| Fault::TooLarge(error.to_string()))?;
    let is_one = |submission: &Submission| match submission {
        Submission::Jwt(_) | Submission::SdJwt(_) => true,
        Submission::Json(bytes) => proof::json::parse(bytes, limits).is_ok_and(|parsed| {
            ["VerifiableCredential", "VerifiablePresentation", "Assertion"]
                .iter()
                .any(|name| has_type(&parsed, name))
                || jose::is_envelope(&parsed)
        }),
        _ => false,
    };
    let mut found = files.iter().map(|file| recognise(file, None)).filter(is_one);
    match (found.next(), found.next()) {
        (Some(only), None) => Ok(only),
        (None, _) => Err(Fault::EmptyPdf),
        (Some(_), Some(_)) => Err(Fault::SeveralInPdf),
    }
}

/// The assertion of Open Badges 2.0 in a token, if it is one.
fn legacy_token(token: &str, limits: &Limits) -> Option<Assertion> {
    let unverified = jose::read_compact(token).ok()?;
    let document = proof::json::parse(&unverified.payload, limits).ok().filter(is_assertion)?;
    Some(Assertion { document, token: Some(Box::new(unverified)) })
}

/// Whether a token is a `vp+jwt` (VC-JOSE-COSE, section 3.1.2), or has the `vp`
/// claim of VC Data Model 1.1.
fn announces_presentation(token: &str, limits: &Limits) -> bool {
    let Ok(read) = jose::read_compact(token) else { return false };
    let typ = read.header.typ.as_deref().unwrap_or_default().to_ascii_lowercase();
    let typ = typ.strip_prefix("application/").unwrap_or(&typ);
    typ.starts_with("vp+")
        || proof::json::parse(&read.payload, limits).is_ok_and(|payload| payload.get("vp").is_some())
}

/// A presentation in a compact JWS; who issued the token is its holder.
fn presentation_token(token: &str, limits: &Limits) -> Result<Opened, Fault> {
    let refused = |error: jose::JoseError| Fault::Jws(error.to_string());
    let unverified = jose::read_compact(token).map_err(refused)?;
    proof::json::parse(&unverified.payload, limits).map_err(|error| Fault::Jws(error.to_string()))?;
    let read = jose::read_presentation(token).map_err(refused)?;
    let mut presentation = read.presentation;
    if !is_presentation(&presentation) {
        return Err(Fault::NotCredential(say::no_presentation()));
    }
    if let (Some(holder), Some(members)) = (read.holder, presentation.as_object_mut()) {
        members.entry("holder").or_insert(holder.into());
    }
    Ok(Opened { credential: presentation, secured: Secured::Jws(Box::new(unverified)), claims: None })
}

/// Opens a credential; JSON of at most `bytes`.
pub(crate) fn open_within(submission: &Submission, bytes: usize) -> Result<Opened, Fault> {
    let limits = &Limits { bytes, ..Limits::default() };
    match submission {
        Submission::Json(bytes) => json(bytes, limits),
        Submission::Jwt(token) => jwt(token, limits),
        Submission::SdJwt(text) => sd_jwt(text),
        Submission::Pdf(bytes) => open_within(&carried(bytes, limits)?, limits.bytes),
        Submission::Png(bytes) => {
            let baked = artwork::png::unbake(bytes).map_err(|error| Fault::Picture(error.to_string()))?;
            baked_text(&baked.ok_or(Fault::EmptyPicture)?, limits)
        }
        // No standard bakes a credential into a JPEG.
        Submission::Jpeg(_) => Err(Fault::EmptyPicture),
        Submission::Svg(svg) => {
            let baked = artwork::svg::unbake(svg).map_err(|error| Fault::Picture(error.to_string()))?;
            match baked.ok_or(Fault::EmptyPicture)? {
                Baked::Json(text) => json(text.trim().as_bytes(), limits),
                Baked::Jws(token) => baked_text(&token, limits),
            }
        }
    }
}

fn baked_text(baked: &str, limits: &Limits) -> Result<Opened, Fault> {
    match recognise(baked.as_bytes(), None) {
        Submission::Jwt(token) => jwt(&token, limits),
        Submission::SdJwt(text) => sd_jwt(&text),
        _ => json(baked.trim().as_bytes(), limits),
    }
}

fn json(bytes: &[u8], limits: &Limits) -> Result<Opened, Fault> {
    of_json(parse(bytes, limits)?, limits)
}

fn parse(bytes: &[u8], limits: &Limits) -> Result<Value, Fault> {
    proof::json::parse(bytes, limits).map_err(|error| match error {
        JsonError::TooLarge { .. } | JsonError::TooDeep { .. } | JsonError::TooMany { .. } => {
            Fault::TooLarge(error.to_string())
        }
        JsonError::Duplicate { .. } | JsonError::Number { .. } => Fault::Ambiguous(error.to_string()),
        _ if std::str::from_utf8(bytes).is_ok_and(looks_like_page) => Fault::WebPage,
        _ => Fault::NotJson(error.to_string()),
    })
}

/// A credential with its proofs, or an envelope around one.
pub(crate) fn of_json(parsed: Value, limits: &Limits) -> Result<Opened, Fault> {
    if jose::is_envelope(&parsed) {
        return enveloped(&parsed, limits);
    }
    embedded(parsed)
}

/// A JSON credential with what proofs it has.
pub(crate) fn embedded(credential: Value) -> Result<Opened, Fault> {
    must_be_credential(&credential)?;
    Ok(with_proofs(credential))
}

fn with_proofs(credential: Value) -> Opened {
    let proofs = many(&credential, "proof").into_iter().cloned().collect();
    Opened { credential, secured: Secured::Embedded(proofs), claims: None }
}

/// Whether it shows credentials, and is none itself.
fn is_presentation(value: &Value) -> bool {
    has_type(value, "VerifiablePresentation") && !has_type(value, "VerifiableCredential")
}

/// A `data:` URL with a token (VC Data Model 2.0, section 4.12.4).
fn enveloped(envelope: &Value, limits: &Limits) -> Result<Opened, Fault> {
    match jose::read_envelope(envelope) {
        Ok((Content::VcJwt, token)) => jwt(token, limits),
        Ok((Content::VcSdJwt | Content::DcSdJwt, text)) => sd_jwt(text),
        Ok((Content::VpJwt, _)) => Err(Fault::NotCredential(say::presentation_inside())),
        Err(error) => Err(Fault::NotCredential(say::envelope_closed(error.to_string()))),
    }
}

/// An SD-JWT VC: what of its credential is disclosed.
fn sd_jwt(text: &str) -> Result<Opened, Fault> {
    let read = jose::read_sd_jwt(text).map_err(|error| Fault::Jws(error.to_string()))?;
    let credential = jose::credential_of_sd_jwt(&read).map_err(|error| Fault::Jws(error.to_string()))?;
    must_be_credential(&credential)?;
    Ok(Opened { credential, secured: Secured::SdJwt(Box::new(read)), claims: None })
}

/// A credential in a compact JWS: the profile of Open Badges, that of
/// VC-JOSE-COSE, or that of VC Data Model 1.1 with a `vc` claim.
pub(crate) fn jwt(token: &str, limits: &Limits) -> Result<Opened, Fault> {
    let unverified = jose::read_compact(token).map_err(|error| Fault::Jws(error.to_string()))?;
    let profile = Profile::of_typ(unverified.header.typ.as_deref());
    let profile = profile.map_err(|error| Fault::Jws(error.to_string()))?;
    let payload =
        || proof::json::parse(&unverified.payload, limits).map_err(|error| Fault::Jws(error.to_string()));
    let (credential, claims) = match jose::credential_in(payload()?, profile) {
        Ok(credential) => (credential, None),
        // Read again for the other checks: it happens seldom.
        Err(error) => (without_claims(payload()?), Some(error.to_string())),
    };
    must_be_credential(&credential)?;
    Ok(Opened { credential, secured: Secured::Jws(Box::new(unverified)), claims })
}

/// The credential of a payload whose claims are in doubt, so that the other
/// checks can be made.
fn without_claims(mut payload: Value) -> Value {
    let Some(members) = payload.as_object_mut() else { return payload };
    for claim in ["iss", "sub", "jti", "nbf", "exp", "iat", "aud"] {
        members.remove(claim);
    }
    members.remove("vc").unwrap_or(payload)
}

fn must_be_credential(value: &Value) -> Result<(), Fault> {
    let what = if !value.is_object() {
        say::not_an_object()
    } else if has_type(value, "VerifiableCredential") {
        return Ok(());
    } else if has_type(value, "VerifiablePresentation") {
        say::presentation_here()
    } else if has_type(value, "Assertion") || has_type(value, "BadgeClass") {
        say::open_badge_2()
    } else {
        say::not_a_credential()
    };
    Err(Fault::NotCredential(what))
}
