//! Status lists as signed credentials (Bitstring Status List 1.0, section 2.2).

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use model::{id::StatusListId, vc};
use proof::status::BitString;
use registry::StatusListState;
use serde_json::json;
use signing::{Identity, sign_document};

use crate::{IssuingError, Service};

/// A status list in both forms, each secured as the badges of that form are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusListDocument {
    /// With a Data Integrity proof, JSON text.
    pub data_integrity: String,
    /// As a VC-JWT.
    pub vc_jwt: String,
    /// Grows with every change of a bit; with the list's id it names the content.
    pub revision: i64,
}

/// The list as last signed. Signing is deterministic but not free.
#[derive(Default)]
pub(crate) struct StatusCache(Mutex<HashMap<StatusListId, Signed>>);

#[derive(Clone)]
struct Signed {
    keys: (String, String),
    document: Arc<StatusListDocument>,
}

impl Service {
    /// A status list, as it stands at this moment: a revocation is in it as soon
    /// as it is recorded. `None` when there is no such list.
    pub fn status_list(&self, id: StatusListId) -> Result<Option<Arc<StatusListDocument>>, IssuingError> {
        let Some(state) = self.registry.status_list(id)? else { return Ok(None) };
        let keys = self.vault.keys();
        let identity = Identity::of(&self.site, &state.issuer, &keys)?;
        let key_ids = (identity.data_integrity.key_id.clone(), identity.jwt.key_id.clone());
        let held = self.status_cache.0.lock().unwrap_or_else(PoisonError::into_inner).get(&id).cloned();
        if let Some(held) = held
            && held.document.revision == state.revision
            && held.keys == key_ids
        {
            return Ok(Some(held.document));
        }
        let unsigned = self.unsigned(&state, &identity)?;
        let signed = sign_document(&unsigned, &state.issuer, self.clock.now(), &keys, &self.site)?;
        let document = Arc::new(StatusListDocument {
            data_integrity: signed.data_integrity,
            vc_jwt: signed.vc_jwt,
            revision: state.revision,
        });
        let entry = Signed { keys: key_ids, document: Arc::clone(&document) };
        self.status_cache.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id, entry);
        Ok(Some(document))
    }

    fn unsigned(
        &self,
        state: &StatusListState,
        identity: &Identity,
    ) -> Result<serde_json::Value, IssuingError> {
        let url = self.site.status_list(state.id);
        let bits = usize::try_from(state.length).unwrap_or(proof::status::MIN_ENTRIES);
        let mut list = BitString::new(bits);
        for index in state.set.iter().filter_map(|index| usize::try_from(*index).ok()) {
            if !list.set(index, true) {
                return Err(IssuingError::Catalogue(format!("status list {} has no bit {index}", state.id)));
            }
        }
        Ok(json!({
            "@context": [vc::CREDENTIALS_V2],
            "id": url,
            "type": ["VerifiableCredential", "BitstringStatusListCredential"],
            "issuer": identity.data_integrity.issuer_id,
            "validFrom": vc::Timestamp::from(self.clock.now()),
            "credentialSubject": {
                "id": format!("{url}#list"),
                "type": "BitstringStatusList",
                "statusPurpose": state.purpose,
                "encodedList": list.encode(),
            },
        }))
    }
}
