//! How an issuer is named in a badge, and which key stands behind the name.

use model::{id::Slug, site::Site};

use crate::{Key, KeyAlgorithm, KeySet, PublicMaterial, SigningError};

/// How an issuer is named in one form of a badge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// `issuer.id`: a DID.
    pub issuer_id: String,
    /// `proof.verificationMethod`, or `kid` of the JWS header: a DID URL.
    pub verification_method: String,
    /// The key's name in the vault.
    pub key_id: String,
}

/// How an issuer is named in both forms of a badge.
///
/// On https with a domain both names are the issuer's did:web, and the
/// verification methods `{did}#{key id}`. Elsewhere the Data Integrity form is
/// named by the did:key of its key, and the VC-JWT form by the did:jwk of its
/// own (`…#0`), because a did:key cannot carry a second key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// In the Data Integrity form. The unsigned credential carries this one.
    pub data_integrity: Named,
    /// In the VC-JWT form.
    pub jwt: Named,
}

impl Identity {
    /// The issuer with the keys that sign at present: its Ed25519 key, and its
    /// ES256 key or, where it has none, its RS256 key.
    pub fn of(site: &Site, issuer: &Slug, keys: &KeySet) -> Result<Self, SigningError> {
        let [data_integrity, jwt] = present(issuer, keys)?;
        Self::with_keys(site, data_integrity, jwt)
    }

    /// Whether `id` names the issuer, in either form, by the keys that sign at present.
    pub fn is_named(site: &Site, issuer: &Slug, keys: &KeySet, id: &str) -> bool {
        present(issuer, keys).is_ok_and(|keys| keys.iter().any(|key| is_named_by(site, key, id)))
    }

    /// The issuer with the keys of these ids, retired or not.
    pub fn of_keys(
        site: &Site,
        keys: &KeySet,
        data_integrity: &str,
        jwt: &str,
    ) -> Result<Self, SigningError> {
        let find = |id: &str| keys.by_id(id).ok_or_else(|| SigningError::UnknownKey(id.to_owned()));
        Self::with_keys(site, find(data_integrity)?, find(jwt)?)
    }

    /// The issuer with these very keys, retired or not, as a stored intent
    /// names them.
    pub fn with_keys(site: &Site, data_integrity: &Key, jwt: &Key) -> Result<Self, SigningError> {
        let (first, second) = (data_integrity.record(), jwt.record());
        let wrong = |record: &crate::KeyRecord, expected: &str| SigningError::WrongKey {
            key: record.id.clone(),
            found: format!("an {} key of `{}`", record.algorithm, record.issuer),
            expected: expected.to_owned(),
        };
        if first.algorithm != KeyAlgorithm::Ed25519 {
            return Err(wrong(first, "an ed25519 key, for Data Integrity,"));
        }
        if second.algorithm == KeyAlgorithm::Ed25519 {
            return Err(wrong(second, "an es256 or rs256 key, for VC-JWT,"));
        }
        if first.issuer != second.issuer {
            return Err(wrong(second, &format!("a key of `{}`", first.issuer)));
        }
        Ok(Self { data_integrity: named(site, data_integrity), jwt: named(site, jwt) })
    }
}

/// The keys of `issuer` that sign at present: for the Data Integrity form, for the VC-JWT form.
fn present<'a>(issuer: &Slug, keys: &'a KeySet) -> Result<[&'a Key; 2], SigningError> {
    let data_integrity = keys
        .active(issuer, KeyAlgorithm::Ed25519)
        .ok_or_else(|| SigningError::no_active_key(issuer, KeyAlgorithm::Ed25519))?;
    let jwt = keys
        .active(issuer, KeyAlgorithm::Es256)
        .or_else(|| keys.active(issuer, KeyAlgorithm::Rs256))
        .ok_or_else(|| SigningError::no_active_key(issuer, KeyAlgorithm::Es256))?;
    Ok([data_integrity, jwt])
}

/// Whether `id` is [`Named::issuer_id`] of `key`, without making that: each verification asks.
pub(crate) fn is_named_by(site: &Site, key: &Key, id: &str) -> bool {
    if site.uses_did_web() { site.did_web(&key.record().issuer) == id } else { key.own_did() == id }
}

/// How `key` is named on `site`.
pub(crate) fn named(site: &Site, key: &Key) -> Named {
    let record = key.record();
    let key_id = record.id.clone();
    if site.uses_did_web() {
        let issuer_id = site.did_web(&record.issuer);
        let verification_method = format!("{issuer_id}#{key_id}");
        return Named { issuer_id, verification_method, key_id };
    }
    let fragment = match &record.public {
        PublicMaterial::Multibase(multibase) => multibase,
        PublicMaterial::Jwk(_) => "0",
    };
    let issuer_id = key.own_did().to_owned();
    let verification_method = format!("{issuer_id}#{fragment}");
    Named { issuer_id, verification_method, key_id }
}
