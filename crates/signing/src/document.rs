//! Signing what is not an award: status lists, endorsements, CPD statements and bundles. They can
//! be made again at any time from what is stored, so they need no intent.

use chrono::{DateTime, Utc};
use model::{bundle::Manifest, field::FieldError, site::Site};
use serde_json::{Value, json};

use crate::{
    Identity, Key, KeySet, Signed, SigningError,
    form::{Signers, sign},
    key_set::Published,
    lint::{self, Kind},
    publish,
};

/// Signs a `BitstringStatusListCredential`, an `EndorsementCredential` or a CPD statement
/// (its `achievementType` is [`crate::STATEMENT`], or [`crate::RECEIPT`] where it is the
/// receipt of a verification) as `identity`, in both forms, and
/// verifies them with the keys as published. `created` is the time of signing. An award is
/// refused: it goes through [`crate::Recorded`].
///
/// A retired key signs nothing new, with one exception: without a domain it is
/// its issuer's name, so that the status lists of the badges it signed can come
/// from nobody else.
pub fn sign_document(
    document: &Value,
    identity: Identity,
    created: DateTime<Utc>,
    keys: &KeySet,
    site: &Site,
) -> Result<Signed, SigningError> {
    let Some(kind @ (Kind::StatusList | Kind::Endorsement | Kind::Statement)) = Kind::of(document) else {
        return Err(SigningError::Lint(vec![FieldError::new(
            "/type",
            "not-a-document",
            "it is neither a status list nor an endorsement nor a CPD statement",
            "an array with BitstringStatusListCredential or EndorsementCredential, or the achievementType of a \
             CPD statement; an award is signed after its intent is recorded",
        )]));
    };
    lint::shape(document, kind)?;
    lint::begins(document, created)?;
    lint::belongs(document, &identity, created)?;
    not_of_an_award(document, kind, site)?;
    let find = |id: &str| keys.by_id(id).ok_or_else(|| SigningError::UnknownKey(id.to_owned()));
    let data_integrity = find(&identity.data_integrity.key_id)?;
    let jwt = find(&identity.jwt.key_id)?;
    let in_force_at = match kind {
        Kind::StatusList => list_in_force_at(created, [data_integrity, jwt], site),
        _ => created,
    };
    sign(document, &Signers { identity, data_integrity, jwt, keys, site, in_force_at }, created)
}

/// A statement is about no achievement that is awarded here.
fn not_of_an_award(document: &Value, kind: Kind, site: &Site) -> Result<(), SigningError> {
    let achievement = document.pointer("/credentialSubject/achievement/id").and_then(Value::as_str);
    let awarded = achievement.is_some_and(|id| id.starts_with(&site.url("/achievements/")));
    if kind != Kind::Statement || !awarded {
        return Ok(());
    }
    Err(SigningError::Lint(vec![FieldError::new(
        "/credentialSubject/achievement/id",
        "an-award's-achievement",
        "it is an achievement that is awarded here",
        "the address of a CPD scheme",
    )]))
}

/// Signs a Token Status List (draft-ietf-oauth-status-list, 5.1) as `identity`:
/// `status_list` is its claim of that name, `uri` where it stands. Verified with
/// the key as published. `issued` is its `iat`, `created` the time of signing.
/// Retired keys sign it where they sign the same list in its other forms.
pub fn sign_token_status_list(
    status_list: &Value,
    uri: &str,
    identity: &Identity,
    (issued, created): (DateTime<Utc>, DateTime<Utc>),
    keys: &KeySet,
    site: &Site,
) -> Result<String, SigningError> {
    let method = &identity.jwt.verification_method;
    let key = keys
        .by_id(&identity.jwt.key_id)
        .ok_or_else(|| SigningError::UnknownKey(identity.jwt.key_id.clone()))?;
    let claims = json!({
        "iss": identity.jwt.issuer_id,
        "sub": uri,
        "iat": issued.timestamp(),
        "status_list": status_list,
    });
    let signer = key.signer_as_of(list_in_force_at(created, [key], site))?;
    let token = signer.sign_jws(claims.to_string().as_bytes(), method, jose::STATUS_LIST_JWT)?;
    self_checked(token, identity, key, keys, site, |token, public| {
        jose::read_status_list(token)?.verify(public)
    })
}

/// Signs the manifest of an offline bundle as `identity`, whose key for tokens must be in
/// force when it is `created`, and verifies it with the key as published.
pub fn sign_manifest(
    manifest: &Manifest,
    identity: &Identity,
    created: DateTime<Utc>,
    keys: &KeySet,
    site: &Site,
) -> Result<String, SigningError> {
    let named = &identity.jwt;
    let failed =
        |detail: String| SigningError::SelfCheck { method: named.verification_method.clone(), detail };
    let key = keys.by_id(&named.key_id).ok_or_else(|| SigningError::UnknownKey(named.key_id.clone()))?;
    let payload = serde_json::to_vec(manifest).map_err(|error| failed(error.to_string()))?;
    let signer = key.signer_as_of(created)?;
    let token = signer.sign_jws(&payload, &named.verification_method, jose::MANIFEST_JWT)?;
    self_checked(token, identity, key, keys, site, |token, public| {
        jose::read_manifest(token)?.verify_by(public)
    })
}

/// The token, if it verifies with the key as published.
fn self_checked(
    token: String,
    identity: &Identity,
    key: &Key,
    keys: &KeySet,
    site: &Site,
    verify: impl FnOnce(&str, &jose::VerifyingKey) -> Result<(), jose::JoseError>,
) -> Result<String, SigningError> {
    let method = &identity.jwt.verification_method;
    let failed = |detail: String| SigningError::SelfCheck { method: method.clone(), detail };
    let published = publish::published_key(site, key, keys)?;
    let Published::Jws(public) = &*published else {
        return Err(failed("it is not published as a JWK".to_owned()));
    };
    verify(&token, public).map_err(|error| failed(error.to_string()))?;
    Ok(token)
}

/// When the keys of a status list must have been in force: without a domain, as
/// long ago as they were.
fn list_in_force_at<const N: usize>(created: DateTime<Utc>, keys: [&Key; N], site: &Site) -> DateTime<Utc> {
    keys.into_iter()
        .filter_map(|key| key.record().retired)
        .filter(|_| !site.uses_did_web())
        .fold(created, DateTime::min)
}
