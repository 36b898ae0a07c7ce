//! Does the key belong to the issuer, for assertions?
//!
//! Only the issuer's own document can say so. A key that a credential brings
//! with it, in a header or in an address, is the signer's word about itself.

use chrono::{DateTime, Utc};
use model::report::Check;
use proof::did::{ControlledDocument, KeyMaterial, VerificationMethod};
use proof::multikey::PublicKey;
use serde_json::Value;

use super::codes;
use crate::credential::{shown, text};

/// What came of looking for the issuer's document.
#[derive(Debug, Clone)]
pub(crate) enum Resolution {
    /// The document.
    Document(Box<IssuerDocument>),
    /// The host gave none; why.
    Unreachable(String),
    /// The issuer is named in a way that is not supported; which.
    Unsupported(String),
    /// The issuer's name leads nowhere.
    NoAddress,
    /// What stands there is not the issuer's document; why.
    Refused(String),
}

/// An issuer's document: verification methods, and the keys of a JWK Set that
/// it holds.
#[derive(Debug, Clone)]
pub(crate) struct IssuerDocument {
    pub controlled: ControlledDocument,
    pub jwks: Vec<Value>,
}

/// A key that the issuer lists for assertions.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct IssuerKey {
    pub id: String,
    pub jwk: Value,
    /// The same key, unless it is of a kind (RSA) that no embedded proof uses.
    pub public: Option<PublicKey>,
    pub revoked: Option<DateTime<Utc>>,
    pub expires: Option<DateTime<Utc>>,
}

impl IssuerKey {
    fn of_method(method: &VerificationMethod) -> Self {
        let (jwk, public) = match &method.key {
            KeyMaterial::Multikey(key) => (key.to_jwk(), Some(*key)),
            KeyMaterial::Jwk(jwk) => (jwk.clone(), PublicKey::from_jwk(jwk).ok()),
        };
        Self { id: method.id.clone(), jwk, public, revoked: method.revoked, expires: method.expires }
    }

    fn of_jwk(issuer: &str, jwk: &Value) -> Self {
        let kid = text(jwk, "kid").unwrap_or("(unnamed)");
        Self {
            id: if kid.contains(':') { kid.to_owned() } else { format!("{issuer}#{kid}") },
            jwk: jwk.clone(),
            public: PublicKey::from_jwk(jwk).ok(),
            revoked: None,
            expires: None,
        }
    }

    fn is(&self, jwk: &Value) -> bool {
        let members = match text(jwk, "kty") {
            Some("RSA") => ["kty", "n", "e"].as_slice(),
            _ => ["kty", "crv", "x", "y"].as_slice(),
        };
        members.iter().all(|member| self.jwk.get(member) == jwk.get(member))
    }
}

/// The key that `method` of an embedded proof names.
pub(crate) fn of_method(issuer: &str, method: &str, found: &Resolution) -> Result<(IssuerKey, Check), Check> {
    if issuer.starts_with("did:") && base(method) != issuer {
        return Err(other_controller(issuer, method));
    }
    let document = document(issuer, found)?;
    if let Some(listed) = document.controlled.asserting(method) {
        return of_issuer(issuer, listed, document);
    }
    if document.controlled.method(method).is_some() {
        return Err(purpose(issuer, method));
    }
    if method.split_once('#').is_some_and(|(_, key)| PublicKey::from_multibase(key).is_ok()) {
        return Err(codes::BINDING_KEY_IN_FRAGMENT.found(format!(
            "The key stands in the fragment of `{}`, and the document of `{}` does not list it.",
            shown(method),
            shown(issuer)
        )));
    }
    Err(not_listed(issuer, method))
}

/// The key that a JWS header names.
pub(crate) fn of_header(
    issuer: &str,
    header: &jose::Header,
    found: &Resolution,
) -> Result<(IssuerKey, Check), Check> {
    if let Some(kid) = header.kid.as_deref().filter(|kid| kid.starts_with("did:"))
        && issuer.starts_with("did:")
        && base(kid) != issuer
    {
        return Err(other_controller(issuer, kid));
    }
    let document = document(issuer, found)?;
    let bound = match (header.kid.as_deref(), &header.jwk) {
        (Some(kid), _) => of_kid(issuer, kid, document),
        (None, Some(jwk)) => of_jwk(issuer, jwk, document),
        (None, None) => only_key(issuer, document),
    };
    match (bound, &header.jwk) {
        (Ok((key, _)), Some(jwk)) if !key.is(jwk) => Err(codes::BINDING_KEY_IN_HEADER
            .found(format!("The token brings a key that is not the key `{}` it names.", shown(&key.id)))),
        (Err(refused), Some(_)) if refused.code == codes::BINDING_KEY_NOT_LISTED.code => {
            Err(key_in_header(issuer))
        }
        (bound, _) => bound,
    }
}

fn of_kid(issuer: &str, kid: &str, document: &IssuerDocument) -> Result<(IssuerKey, Check), Check> {
    let names = |id: &str| {
        id == kid || id.split_once('#').is_some_and(|(_, fragment)| fragment == kid.trim_start_matches('#'))
    };
    let methods = || document.controlled.methods.iter().filter(|method| names(&method.id));
    if let Some(method) = methods().find(|method| document.controlled.asserting(&method.id).is_some()) {
        return of_issuer(issuer, method, document);
    }
    if methods().next().is_some() {
        return Err(purpose(issuer, kid));
    }
    let listed = document.jwks.iter().find(|jwk| text(jwk, "kid") == Some(kid));
    listed.map(|jwk| holds(issuer, IssuerKey::of_jwk(issuer, jwk))).ok_or_else(|| not_listed(issuer, kid))
}

/// A key that the token brings counts if the issuer's document lists that very key.
fn of_jwk(issuer: &str, jwk: &Value, document: &IssuerDocument) -> Result<(IssuerKey, Check), Check> {
    let listed = listed(issuer, document).into_iter().find(|key| key.is(jwk));
    listed.map(|key| holds(issuer, key)).ok_or_else(|| key_in_header(issuer))
}

/// A token without a `kid` leaves no doubt only if the issuer has one key.
fn only_key(issuer: &str, document: &IssuerDocument) -> Result<(IssuerKey, Check), Check> {
    let mut keys = listed(issuer, document);
    match (keys.pop(), keys.is_empty()) {
        (Some(key), true) => Ok(holds(issuer, key)),
        _ => Err(codes::BINDING_KEY_UNNAMED
            .found(format!("The token has no `kid`, and `{}` has several keys or none.", shown(issuer)))),
    }
}

/// Every key that the issuer lists for assertions.
fn listed(issuer: &str, document: &IssuerDocument) -> Vec<IssuerKey> {
    let ids = &document.controlled.assertion_method;
    let methods = ids.iter().filter_map(|id| document.controlled.asserting(id)).map(IssuerKey::of_method);
    methods.chain(document.jwks.iter().map(|jwk| IssuerKey::of_jwk(issuer, jwk))).collect()
}

fn document<'a>(issuer: &str, found: &'a Resolution) -> Result<&'a IssuerDocument, Check> {
    match found {
        Resolution::Document(document) => Ok(document),
        Resolution::Unreachable(why) => Err(codes::BINDING_UNREACHABLE
            .found(format!("The document of the issuer `{}` could not be fetched: {why}.", shown(issuer)))),
        Resolution::Unsupported(what) => Err(codes::BINDING_METHOD_NOT_SUPPORTED
            .found(format!("The issuer `{}` is named by {what}, which is not supported.", shown(issuer)))),
        Resolution::NoAddress => Err(codes::BINDING_NO_ADDRESS
            .found(format!("The issuer is called `{}`, which leads to no document.", shown(issuer)))),
        Resolution::Refused(why) => Err(codes::BINDING_DOCUMENT_REFUSED
            .found(format!("The document of the issuer `{}` is refused: {why}.", shown(issuer)))),
    }
}

/// The method, if the document's subject controls it (Controlled Identifiers
/// 1.0, section 3.3, step 8).
fn of_issuer(
    issuer: &str,
    method: &VerificationMethod,
    document: &IssuerDocument,
) -> Result<(IssuerKey, Check), Check> {
    if method.controller == document.controlled.id {
        Ok(holds(issuer, IssuerKey::of_method(method)))
    } else {
        Err(codes::BINDING_OTHER_CONTROLLER.found(format!(
            "The key `{}` is controlled by `{}`, not by the issuer `{}`.",
            shown(&method.id),
            shown(&method.controller),
            shown(issuer)
        )))
    }
}

fn holds(issuer: &str, key: IssuerKey) -> (IssuerKey, Check) {
    let check = codes::BINDING_HOLDS.found(format!(
        "The document of `{}` lists the key `{}` for assertions.",
        shown(issuer),
        shown(&key.id)
    ));
    (key, check)
}

fn other_controller(issuer: &str, key: &str) -> Check {
    codes::BINDING_OTHER_CONTROLLER.found(format!(
        "The credential names the issuer `{}` and was signed with the key `{}`, which is somebody else's.",
        shown(issuer),
        shown(key)
    ))
}

fn purpose(issuer: &str, key: &str) -> Check {
    codes::BINDING_PURPOSE.found(format!(
        "The document of `{}` lists the key `{}`, but not under assertionMethod.",
        shown(issuer),
        shown(key)
    ))
}

fn not_listed(issuer: &str, key: &str) -> Check {
    codes::BINDING_KEY_NOT_LISTED.found(format!(
        "The document of `{}` does not list the key `{}`.",
        shown(issuer),
        shown(key)
    ))
}

fn key_in_header(issuer: &str) -> Check {
    codes::BINDING_KEY_IN_HEADER.found(format!(
        "The token brings its own key, and the document of `{}` does not list it.",
        shown(issuer)
    ))
}

/// A URL without its fragment.
fn base(url: &str) -> &str {
    url.split_once('#').map_or(url, |(base, _)| base)
}
