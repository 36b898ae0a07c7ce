//! Signing what is not an award: status lists and endorsements. They can be
//! made again at any time from what is stored, so they need no intent.

use chrono::{DateTime, Utc};
use model::{field::FieldError, site::Site};
use serde_json::Value;

use crate::{
    Identity, KeySet, Signed, SigningError,
    form::{Signers, sign},
    lint::{self, Kind},
};

/// Signs a `BitstringStatusListCredential` or an `EndorsementCredential` as
/// `identity`, in both forms, and verifies them with the keys as published.
/// `created` is the time of signing. A badge is refused: it goes through
/// [`crate::Recorded`].
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
    let Some(kind @ (Kind::StatusList | Kind::Endorsement)) = Kind::of(document) else {
        return Err(SigningError::Lint(vec![FieldError::new(
            "/type",
            "not-a-document",
            "it is neither a status list nor an endorsement",
            "an array with BitstringStatusListCredential or EndorsementCredential; a badge is signed after \
             its intent is recorded",
        )]));
    };
    lint::shape(document, kind)?;
    lint::begins(document, created)?;
    lint::belongs(document, &identity, created)?;
    let find = |id: &str| keys.by_id(id).ok_or_else(|| SigningError::UnknownKey(id.to_owned()));
    let data_integrity = find(&identity.data_integrity.key_id)?;
    let jwt = find(&identity.jwt.key_id)?;
    let may_be_retired = kind == Kind::StatusList && !site.uses_did_web();
    let in_force_at = [data_integrity, jwt]
        .into_iter()
        .filter_map(|key| key.record().retired)
        .filter(|_| may_be_retired)
        .fold(created, DateTime::min);
    sign(document.clone(), &Signers { identity, data_integrity, jwt, keys, site, in_force_at }, created)
}
