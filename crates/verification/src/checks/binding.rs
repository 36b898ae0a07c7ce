//! Does the key belong to the issuer, for assertions? Or, of a presentation, to
//! the holder, for authentication?
//!
//! Only the issuer's own document can say so. A key that a credential brings
//! with it, in a header or in an address, is the signer's word about itself.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use model::report::Check;
use model::sentence::Sentence;
use proof::did::{ControlledDocument, KeyMaterial, VerificationMethod};
use proof::multikey::PublicKey;
use proof::suite::{ASSERTION_METHOD, AUTHENTICATION};
use serde_json::Value;

use super::{codes, say};
use crate::Kept;
use crate::credential::{shown, text};

/// What came of looking for the issuer's document.
#[derive(Debug, Clone)]
pub(crate) enum Resolution {
    /// The document.
    Document(Arc<IssuerDocument>),
    /// The host gave none; why.
    Unreachable(Sentence),
    /// The issuer is named in a way that is not supported; which.
    Unsupported(Sentence),
    /// The issuer's name leads nowhere.
    NoAddress,
    /// What stands there is not the issuer's document; why.
    Refused(String),
}

/// An issuer's document: verification methods, and the keys of a JWK Set that
/// it holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct IssuerDocument {
    pub controlled: ControlledDocument,
    pub jwks: Vec<Value>,
    /// When it was fetched, if that was not just now.
    pub kept: Option<Kept>,
}

/// What a document must list a key for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Relationship {
    /// An issuer's, on credentials.
    Assertion,
    /// A holder's, on presentations.
    Authentication,
}

impl Relationship {
    /// The relationship's name in a document, which is the purpose in a proof.
    pub fn name(self) -> &'static str {
        match self {
            Self::Assertion => ASSERTION_METHOD,
            Self::Authentication => AUTHENTICATION,
        }
    }

    /// Who signs.
    pub fn who(self) -> Sentence {
        match self {
            Self::Assertion => say::issuer(),
            Self::Authentication => say::holder(),
        }
    }

    fn listed<'a>(self, document: &'a ControlledDocument, id: &str) -> Option<&'a VerificationMethod> {
        match self {
            Self::Assertion => document.asserting(id),
            Self::Authentication => document.authenticating(id),
        }
    }

    /// The ids of the methods it lists.
    fn ids(self, document: &ControlledDocument) -> &[String] {
        match self {
            Self::Assertion => &document.assertion_method,
            Self::Authentication => &document.authentication,
        }
    }
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
pub(crate) fn of_method(
    issuer: &str,
    method: &str,
    found: &Resolution,
    relationship: Relationship,
) -> Result<(IssuerKey, Check), Check> {
    if issuer.starts_with("did:") && base(method) != issuer {
        return Err(other_controller(issuer, method, relationship));
    }
    let document = document(issuer, found, relationship)?;
    if let Some(listed) = relationship.listed(&document.controlled, method) {
        return of_issuer(issuer, listed, document, relationship);
    }
    if document.controlled.method(method).is_some() {
        return Err(purpose(issuer, method, relationship));
    }
    if method.split_once('#').is_some_and(|(_, key)| PublicKey::from_multibase(key).is_ok()) {
        return Err(codes::BINDING_KEY_IN_FRAGMENT.found(say::key_in_fragment(shown(method), shown(issuer))));
    }
    Err(not_listed(issuer, method))
}

/// Says of how old a document the binding rests on.
pub(crate) fn aged(checks: &mut [Check], found: &Resolution) {
    let Resolution::Document(document) = found else { return };
    let Some(kept) = document.kept else { return };
    for check in checks.iter_mut().filter(|check| check.code == codes::BINDING_HOLDS.code) {
        if kept.stale {
            *check = codes::BINDING_STALE.found(say::document_old(check.finding.clone(), kept.since));
        }
        check.as_of = Some(kept.since);
    }
}

/// The key that a JWS header names.
pub(crate) fn of_header(
    issuer: &str,
    header: &jose::Header,
    found: &Resolution,
    relationship: Relationship,
) -> Result<(IssuerKey, Check), Check> {
    // What an issuer who signs by certificates publishes need name no key.
    let undecided = [&codes::BINDING_UNREACHABLE, &codes::BINDING_NO_ADDRESS, &codes::BINDING_KEY_UNNAMED];
    match of_published(issuer, header, found, relationship) {
        Err(refused) if header.certificates && undecided.iter().any(|code| code.code == refused.code) => {
            Err(codes::BINDING_CERTIFICATES_NOT_SUPPORTED.found(say::certificates_only(shown(issuer))))
        }
        bound => bound,
    }
}

/// The key that a JWS header names, among those that the issuer publishes.
fn of_published(
    issuer: &str,
    header: &jose::Header,
    found: &Resolution,
    relationship: Relationship,
) -> Result<(IssuerKey, Check), Check> {
    if let Some(kid) = header.kid.as_deref().filter(|kid| kid.starts_with("did:"))
        && issuer.starts_with("did:")
        && base(kid) != issuer
    {
        return Err(other_controller(issuer, kid, relationship));
    }
    let document = document(issuer, found, relationship)?;
    let bound = match (header.kid.as_deref(), &header.jwk) {
        (Some(kid), _) => of_kid(issuer, kid, document, relationship),
        (None, Some(jwk)) => of_jwk(issuer, jwk, document, relationship),
        (None, None) => only_key(issuer, document, relationship),
    };
    match (bound, &header.jwk) {
        (Ok((key, _)), Some(jwk)) if !key.is(jwk) => {
            Err(codes::BINDING_KEY_IN_HEADER.found(say::header_key_other(shown(&key.id))))
        }
        (Err(refused), Some(_)) if refused.code == codes::BINDING_KEY_NOT_LISTED.code => {
            Err(key_in_header(issuer))
        }
        (bound, _) => bound,
    }
}

fn of_kid(
    issuer: &str,
    kid: &str,
    document: &IssuerDocument,
    relationship: Relationship,
) -> Result<(IssuerKey, Check), Check> {
    let names = |id: &str| {
        id == kid || id.split_once('#').is_some_and(|(_, fragment)| fragment == kid.trim_start_matches('#'))
    };
    let methods = || document.controlled.methods.iter().filter(|method| names(&method.id));
    if let Some(method) =
        methods().find(|method| relationship.listed(&document.controlled, &method.id).is_some())
    {
        return of_issuer(issuer, method, document, relationship);
    }
    if methods().next().is_some() {
        return Err(purpose(issuer, kid, relationship));
    }
    let listed = document.jwks.iter().find(|jwk| text(jwk, "kid") == Some(kid));
    listed
        .map(|jwk| holds(issuer, IssuerKey::of_jwk(issuer, jwk), relationship))
        .ok_or_else(|| not_listed(issuer, kid))
}

/// A key that the token brings counts if the issuer's document lists that very key.
fn of_jwk(
    issuer: &str,
    jwk: &Value,
    document: &IssuerDocument,
    relationship: Relationship,
) -> Result<(IssuerKey, Check), Check> {
    let listed = listed(issuer, document, relationship).into_iter().find(|key| key.is(jwk));
    listed.map(|key| holds(issuer, key, relationship)).ok_or_else(|| key_in_header(issuer))
}

/// A token without a `kid` leaves no doubt only if the issuer has one key.
fn only_key(
    issuer: &str,
    document: &IssuerDocument,
    relationship: Relationship,
) -> Result<(IssuerKey, Check), Check> {
    let mut keys = listed(issuer, document, relationship);
    match (keys.pop(), keys.is_empty()) {
        (Some(key), true) => Ok(holds(issuer, key, relationship)),
        _ => Err(codes::BINDING_KEY_UNNAMED.found(say::key_unnamed(shown(issuer)))),
    }
}

/// Every key that the document lists for this.
fn listed(issuer: &str, document: &IssuerDocument, relationship: Relationship) -> Vec<IssuerKey> {
    let listed = |id: &String| relationship.listed(&document.controlled, id);
    let ids = relationship.ids(&document.controlled);
    let methods = ids.iter().filter_map(listed).map(IssuerKey::of_method);
    methods.chain(document.jwks.iter().map(|jwk| IssuerKey::of_jwk(issuer, jwk))).collect()
}

fn document<'a>(
    issuer: &str,
    found: &'a Resolution,
    relationship: Relationship,
) -> Result<&'a IssuerDocument, Check> {
    let (who, issuer) = (relationship.who(), shown(issuer));
    match found {
        Resolution::Document(document) => Ok(document),
        Resolution::Unreachable(why) => {
            Err(codes::BINDING_UNREACHABLE.found(say::document_unreachable(who, issuer, why.clone())))
        }
        Resolution::Unsupported(what) => Err(
            codes::BINDING_METHOD_NOT_SUPPORTED.found(say::document_unsupported(who, issuer, what.clone()))
        ),
        Resolution::NoAddress => Err(codes::BINDING_NO_ADDRESS.found(say::document_nowhere(who, issuer))),
        Resolution::Refused(why) => {
            Err(codes::BINDING_DOCUMENT_REFUSED.found(say::document_refused(who, issuer, why.clone())))
        }
    }
}

/// The method, if the document's subject controls it (Controlled Identifiers
/// 1.0, section 3.3, step 8).
fn of_issuer(
    issuer: &str,
    method: &VerificationMethod,
    document: &IssuerDocument,
    relationship: Relationship,
) -> Result<(IssuerKey, Check), Check> {
    if method.controller == document.controlled.id {
        Ok(holds(issuer, IssuerKey::of_method(method), relationship))
    } else {
        Err(codes::BINDING_OTHER_CONTROLLER.found(say::controlled_by_other(
            shown(&method.id),
            shown(&method.controller),
            relationship.who(),
            shown(issuer),
        )))
    }
}

fn holds(issuer: &str, key: IssuerKey, relationship: Relationship) -> (IssuerKey, Check) {
    let purpose = match relationship {
        Relationship::Assertion => say::assertions(),
        Relationship::Authentication => say::authentication(),
    };
    let check = codes::BINDING_HOLDS.found(say::listed_for(shown(issuer), shown(&key.id), purpose));
    (key, check)
}

fn other_controller(issuer: &str, key: &str, relationship: Relationship) -> Check {
    codes::BINDING_OTHER_CONTROLLER.found(match relationship {
        Relationship::Assertion => say::credential_of_other(shown(issuer), shown(key)),
        Relationship::Authentication => say::presentation_of_other(shown(issuer), shown(key)),
    })
}

fn purpose(issuer: &str, key: &str, relationship: Relationship) -> Check {
    codes::BINDING_PURPOSE.found(say::listed_elsewhere(shown(issuer), shown(key), relationship.name()))
}

fn not_listed(issuer: &str, key: &str) -> Check {
    codes::BINDING_KEY_NOT_LISTED.found(say::not_listed(shown(issuer), shown(key)))
}

fn key_in_header(issuer: &str) -> Check {
    codes::BINDING_KEY_IN_HEADER.found(say::key_in_header(shown(issuer)))
}

/// A URL without its fragment.
fn base(url: &str) -> &str {
    url.split_once('#').map_or(url, |(base, _)| base)
}
