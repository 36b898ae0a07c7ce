//! Status lists as signed credentials (Bitstring Status List 1.0, section 2.2) and as
//! Token Status Lists.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};
use model::{id::StatusListId, site::Site, vc};
use proof::status::BitString;
use registry::StatusListState;
use serde_json::{Value, json};
use signing::{Identity, sign_document, sign_token_status_list};

use crate::{IssuingError, Service};

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
        let Some(state) = self.registry.status_list(id)? else { return Ok(None) };
        let set = self.vault.keys();
        let identity = match keys {
            None => Identity::of(&self.site, &state.issuer, &set)?,
            Some((first, second)) => {
                let theirs = |id| set.by_id(id).is_some_and(|key| key.record().issuer == state.issuer);
                if self.site.uses_did_web() || !theirs(first) || !theirs(second) {
                    return Ok(None);
                }
                let is_safe = |id| set.by_id(id).is_some_and(|key| key.record().compromised.is_none());
                if is_safe(first) && is_safe(second) {
                    Identity::of_keys(&self.site, &set, first, second)?
                } else {
                    Identity::of(&self.site, &state.issuer, &set)?
                }
            }
        };
        let url = match keys {
            Some((first, second)) => self.site.status_list_by(state.id, first, second),
            None => address(&self.site, state.id, &identity),
        };
        let place = (url, identity.data_integrity.key_id.clone(), identity.jwt.key_id.clone());
        let held = self.held().get(&place).cloned();
        if let Some(held) = held
            && held.revision == state.revision
        {
            return Ok(Some(held));
        }
        let list = bits(&state)?;
        let now = self.clock.now();
        let token_list = json!({"bits": 1, "lst": list.encode_token_list()});
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

    fn held(&self) -> MutexGuard<'_, HashMap<Held, Arc<StatusListDocument>>> {
        self.status_cache.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
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
