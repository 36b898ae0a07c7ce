//! Status lists as signed credentials (Bitstring Status List 1.0, section 2.2) and as
//! Token Status Lists.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};
use model::{
    id::{Slug, StatusListId},
    site::Site,
    vc,
};
use proof::status::BitString;
use registry::{StatusEntry, StatusListState};
use serde_json::{Value, json};
use signing::{Identity, KeySet, sign_document, sign_token_status_list};

use crate::{IssuingError, Service, StatusPurpose};

/// How far behind ours a verifier's clock may be: a list is signed anew with each
/// revocation, often while a verification that began a moment ago waits for it,
/// and a list that is not valid yet makes every badge on it look bad.
const SKEW: TimeDelta = TimeDelta::minutes(5);

/// A status list in all its forms, each secured as the badges of that form are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusListDocument {
    /// With a Data Integrity proof, JSON text.
    pub data_integrity: String,
    /// As a VC-JWT.
    pub vc_jwt: String,
    /// As a Token Status List of the same bits at the same indexes.
    pub token: String,
    /// Grows with every change of a bit; with the list's id it names the content.
    pub revision: i64,
}

/// A list's address, and the ids of the keys that sign it: for its Data
/// Integrity form, for its JWT form.
type Held = (String, String, String);

/// The lists as last signed. Signing is deterministic but not free.
#[derive(Default)]
pub(crate) struct StatusCache(Mutex<HashMap<Held, Arc<StatusListDocument>>>);

impl Service {
    /// A status list, as it stands at this moment: a revocation is in it as soon
    /// as it is recorded. `None` when there is no such list.
    ///
    /// It comes from the issuer as it is named at present. Where issuers are named
    /// by their keys, `keys` asks for the issuer that these keys named: the badges
    /// they signed ask for the list of theirs, also after they retired. A
    /// compromised key signs no list: then it comes from the issuer as it is named
    /// at present, at the same address. Verifiers may refuse it there, and with it
    /// badges that could be anybody's.
    pub fn status_list(
        &self,
        id: StatusListId,
        keys: Option<(&str, &str)>,
    ) -> Result<Option<Arc<StatusListDocument>>, IssuingError> {
        let Some((issuer, revision)) = self.registry.status_list_revision(id)? else { return Ok(None) };
        let set = self.vault.keys();
        let Some(place) = self.place(id, keys, &issuer, &set)? else { return Ok(None) };
        if let Some(held) = self.held_at(&place, revision) {
            return Ok(Some(held));
        }
        let identity = Identity::of_keys(&self.site, &set, &place.1, &place.2)?;
        let Some(state) = self.registry.status_list(id)? else { return Ok(None) };
        let list = bits(&state)?;
        let now = self.clock.now();
        let token_list = token_list(&state, &list)?;
        let (url, valid_from) = (&place.0, now - SKEW);
        let token = sign_token_status_list(&token_list, url, &identity, (valid_from, now), &set, &self.site)?;
        let unsigned = unsigned(&state, &list, url, &identity, valid_from);
        let signed = sign_document(&unsigned, identity, now, &set, &self.site)?;
        let document = Arc::new(StatusListDocument {
            data_integrity: signed.data_integrity,
            vc_jwt: signed.vc_jwt,
            token,
            revision: state.revision,
        });
        self.held().insert(place, Arc::clone(&document));
        Ok(Some(document))
    }

    /// The same of a list of `issuer` that has this `revision`, if it was signed before:
    /// without a look at the database.
    pub fn status_list_held(
        &self,
        id: StatusListId,
        keys: Option<(&str, &str)>,
        issuer: &Slug,
        revision: i64,
    ) -> Option<Arc<StatusListDocument>> {
        let place = self.place(id, keys, issuer, &self.vault.keys()).ok()??;
        self.held_at(&place, revision)
    }

    /// Where the list of the issuer as `keys` name it is held. `None` if that is none of its
    /// names.
    fn place(
        &self,
        id: StatusListId,
        keys: Option<(&str, &str)>,
        issuer: &Slug,
        set: &KeySet,
    ) -> Result<Option<Held>, IssuingError> {
        let of_present = || Identity::of(&self.site, issuer, set);
        let Some((first, second)) = keys else {
            let identity = of_present()?;
            let url = address(&self.site, id, &identity);
            return Ok(Some((url, identity.data_integrity.key_id, identity.jwt.key_id)));
        };
        let theirs = |id| set.by_id(id).is_some_and(|key| key.record().issuer == *issuer);
        if self.site.uses_did_web() || !theirs(first) || !theirs(second) {
            return Ok(None);
        }
        let url = self.site.status_list_by(id, first, second);
        let is_safe = |id| set.by_id(id).is_some_and(|key| key.record().compromised.is_none());
        if is_safe(first) && is_safe(second) {
            return Ok(Some((url, first.to_owned(), second.to_owned())));
        }
        let identity = of_present()?;
        Ok(Some((url, identity.data_integrity.key_id, identity.jwt.key_id)))
    }

    fn held_at(&self, place: &Held, revision: i64) -> Option<Arc<StatusListDocument>> {
        self.held().get(place).filter(|held| held.revision == revision).cloned()
    }

    fn held(&self) -> MutexGuard<'_, HashMap<Held, Arc<StatusListDocument>>> {
        self.status_cache.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The list as a Token Status List says it, where what is revoked is 1, and what
/// is suspended 2 (section 7.1) and takes two bits, the lower one first.
fn token_list(state: &StatusListState, list: &BitString) -> Result<Value, IssuingError> {
    if state.purpose != StatusPurpose::Suspension.as_str() {
        return Ok(json!({"bits": 1, "lst": list.encode_token_list()}));
    }
    let twice = StatusListState {
        length: state.length * 2,
        set: state.set.iter().map(|index| index * 2 + 1).collect(),
        ..state.clone()
    };
    Ok(json!({"bits": 2, "lst": bits(&twice)?.encode_token_list()}))
}

fn bits(state: &StatusListState) -> Result<BitString, IssuingError> {
    let length = usize::try_from(state.length).unwrap_or(proof::status::MIN_ENTRIES);
    let mut list = BitString::new(length);
    for index in state.set.iter().filter_map(|index| usize::try_from(*index).ok()) {
        if !list.set(index, true) {
            return Err(IssuingError::Catalogue(format!("status list {} has no bit {index}", state.id)));
        }
    }
    Ok(list)
}

fn unsigned(
    state: &StatusListState,
    list: &BitString,
    url: &str,
    identity: &Identity,
    valid_from: DateTime<Utc>,
) -> Value {
    json!({
        "@context": [vc::CREDENTIALS_V2],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": identity.data_integrity.issuer_id,
        "validFrom": vc::Timestamp::from(valid_from),
        "credentialSubject": {
            "id": format!("{url}#list"),
            "type": "BitstringStatusList",
            "statusPurpose": state.purpose,
            "encodedList": list.encode(),
        },
    })
}

/// Where `issuer` publishes a list. One named by did:web has one address for it,
/// whichever key signs; one named by its keys has one for each name.
pub(crate) fn address(site: &Site, id: StatusListId, issuer: &Identity) -> String {
    if site.uses_did_web() {
        site.status_list(id)
    } else {
        site.status_list_by(id, &issuer.data_integrity.key_id, &issuer.jwt.key_id)
    }
}

/// An entry in a list of `issuer`'s for what is revoked (Bitstring Status List 1.0,
/// section 2.1).
pub(crate) fn revocation_entry(site: &Site, entry: StatusEntry, issuer: &Identity) -> vc::CredentialStatus {
    let list = address(site, entry.list, issuer);
    let index = entry.index.to_string();
    let mut status =
        vc::CredentialStatus::new(format!("{list}#{index}"), "BitstringStatusListEntry".to_owned());
    for (name, value) in
        [("statusPurpose", "revocation"), ("statusListIndex", &index), ("statusListCredential", &list)]
    {
        status.extensions.insert(name.to_owned(), value.into());
    }
    status
}

#[cfg(test)]
mod tests {
    use proof::status::TokenList;

    use super::*;

    #[test]
    fn a_token_list_tells_what_is_revoked_from_what_is_suspended() {
        for (purpose, bits, status) in [("revocation", 1, 1), ("suspension", 2, 2)] {
            let state = StatusListState {
                id: "0190b0a4-3c5e-7d2f-8a1b-6f0e4d9c2b17".parse().unwrap(),
                issuer: "academy".parse().unwrap(),
                revision: 2,
                purpose: purpose.to_owned(),
                set: vec![0, 5, 131_071],
                length: 131_072,
            };
            let claim = token_list(&state, &super::bits(&state).unwrap()).unwrap();
            assert_eq!(claim["bits"], bits);
            let list = TokenList::decode(claim["lst"].as_str().unwrap(), bits, 65_536).unwrap();
            for index in [0, 1, 4, 5, 6, 10, 11, 131_070, 131_071] {
                let expected = if state.set.contains(&index) { status } else { 0 };
                assert_eq!(list.get(usize::try_from(index).unwrap()), Some(expected), "{purpose} {index}");
            }
        }
    }
}
