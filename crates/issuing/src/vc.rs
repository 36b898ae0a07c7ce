//! Credentials of any kind, signed as they are asked for and not kept: the VC API
//! profile. They are no awards, and stand in no ledger.

use model::{field::FieldError, id::StatusListId};
use registry::{StatusEntry, WhichEntry};
use serde_json::{Value, json};
use signing::{CredentialSigner, Identity, SigningError};

use crate::{IssuingError, Service, status};

/// How a credential is to be signed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CredentialOrder {
    /// The cryptosuite.
    pub cryptosuite: String,
    /// The purposes for which it gets an entry in a status list.
    pub status: Vec<StatusPurpose>,
    /// The name by which its status is asked for later, beside the credential's own id.
    pub credential_id: Option<String>,
    /// By `ecdsa-sd-2023`: what no holder can hide, as JSON pointers.
    pub mandatory: Option<Vec<String>>,
}

/// What a status entry is for (Bitstring Status List 1.0, section 2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusPurpose {
    /// To take a credential back for good.
    Revocation,
    /// To take it back until further notice.
    Suspension,
}

impl StatusPurpose {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Revocation, Self::Suspension];

    /// The word in `statusPurpose`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Revocation => "revocation",
            Self::Suspension => "suspension",
        }
    }
}

/// Whose status is to change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StatusTarget {
    /// The entry with this index in the list at this address.
    Entry {
        /// `statusListCredential`.
        list: String,
        /// `statusListIndex`.
        index: u32,
    },
    /// The entries of the credential with this id.
    Credential(String),
}

impl Service {
    /// Signs `credential` as the organisation at the root of the site, and verifies
    /// it with the key as published. [`SigningError::Lint`] and
    /// [`SigningError::Proof`] are faults of whoever wrote it.
    pub fn sign_credential(
        &self,
        mut credential: Value,
        order: &CredentialOrder,
    ) -> Result<Value, IssuingError> {
        let (keys, issuer) = (self.vault.keys(), self.site.root_issuer());
        let signer =
            CredentialSigner::choose(&mut credential, &order.cryptosuite, issuer, &self.site, &keys)?;
        let sign = |credential| {
            signer.sign(credential, order.mandatory.clone(), self.clock.now(), self.entropy.as_ref())
        };
        if order.status.is_empty() {
            return Ok(sign(credential)?);
        }
        let identity = Identity::of(&self.site, issuer, &keys)?;
        if signer.named.issuer_id != identity.data_integrity.issuer_id {
            return Err(SigningError::Lint(vec![FieldError::new(
                "/options/statusPurpose",
                "no-list-by-that-name",
                "the issuer's status lists come from another of its names",
                format!("`{}` as the issuer, or no status", identity.data_integrity.issuer_id),
            )])
            .into());
        }
        // What cannot be signed takes no place in a list.
        sign(credential.clone())?;
        let id = order.credential_id.as_deref().or_else(|| credential.get("id").and_then(Value::as_str));
        let id = id.map(str::to_owned);
        for purpose in &order.status {
            let (now, entropy) = (self.clock.now(), self.entropy.as_ref());
            let entry = match purpose {
                StatusPurpose::Revocation => {
                    self.registry.add_vc_status(issuer, id.as_deref(), now, entropy)?
                }
                StatusPurpose::Suspension => {
                    self.registry.add_vc_suspension(issuer, id.as_deref(), now, entropy)?
                }
            };
            let list = status::address(&self.site, entry.list, &identity);
            add_status(
                &mut credential,
                json!({
                    "id": format!("{list}#{}", entry.index),
                    "type": "BitstringStatusListEntry",
                    "statusPurpose": purpose.as_str(),
                    "statusListIndex": entry.index.to_string(),
                    "statusListCredential": list,
                }),
            );
        }
        Ok(sign(credential)?)
    }

    /// Revokes what was signed with a status. `None` if no such entry is known;
    /// else whether that changed anything.
    pub fn revoke_signed(&self, target: &StatusTarget) -> Result<Option<bool>, IssuingError> {
        let Some(which) = self.which(target) else { return Ok(None) };
        Ok(self.registry.revoke_vc_status(which, self.clock.now())?)
    }

    /// Suspends what was signed with a status for that, or takes the suspension
    /// back. `None` if no such entry is known; else whether that changed anything.
    pub fn suspend_signed(
        &self,
        target: &StatusTarget,
        suspended: bool,
    ) -> Result<Option<bool>, IssuingError> {
        let Some(which) = self.which(target) else { return Ok(None) };
        Ok(self.registry.suspend_vc_status(which, suspended, self.clock.now())?)
    }

    fn which<'a>(&self, target: &'a StatusTarget) -> Option<WhichEntry<'a>> {
        Some(match target {
            StatusTarget::Credential(id) => WhichEntry::Of(id),
            StatusTarget::Entry { list, index } => {
                WhichEntry::At(StatusEntry { list: self.list_at(list)?, index: *index })
            }
        })
    }

    /// The list of ours that stands at `url`.
    fn list_at(&self, url: &str) -> Option<StatusListId> {
        let path = url.strip_prefix(self.site.base())?.strip_prefix("/status/")?;
        path.split('/').next()?.parse().ok()
    }
}

/// One entry is an object, several are a list.
fn add_status(credential: &mut Value, entry: Value) {
    let Some(members) = credential.as_object_mut() else { return };
    match members.get_mut("credentialStatus") {
        None => drop(members.insert("credentialStatus".to_owned(), entry)),
        Some(Value::Array(entries)) => entries.push(entry),
        Some(one) => *one = Value::Array(vec![one.take(), entry]),
    }
}
