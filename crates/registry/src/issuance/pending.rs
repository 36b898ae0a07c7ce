//! Credentials whose intent is stored and whose signature is not.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use model::{id::CredentialId, vc::with_proof};

use super::Finished;
use crate::{
    Registry, RegistryError,
    db::stored,
    error::parsed,
    log::sha256,
    schema::{IntentRow, credentials},
    words::Prepared,
};

/// A stored intent: the only thing that may be signed. Only the registry makes
/// one, from a row that is in the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    credential_id: CredentialId,
    unsigned: String,
    data_integrity_key: String,
    jwt_key: String,
    profile_version: String,
    created: DateTime<Utc>,
    disclosure_seed: Option<String>,
}

impl Pending {
    pub(super) fn stored(intent: IntentRow) -> Result<Self, RegistryError> {
        let id = intent.id.as_str();
        Ok(Self {
            credential_id: parsed("credentials", id, id)?,
            unsigned: intent.unsigned,
            data_integrity_key: intent.data_integrity_key,
            jwt_key: intent.jwt_key,
            profile_version: intent.profile_version,
            created: intent.created_at.and_utc(),
            disclosure_seed: intent.disclosure_seed,
        })
    }

    /// The credential.
    pub fn credential_id(&self) -> CredentialId {
        self.credential_id
    }

    /// The unsigned credential, JSON text.
    pub fn unsigned(&self) -> &str {
        &self.unsigned
    }

    /// The key of the Data Integrity form.
    pub fn data_integrity_key(&self) -> &str {
        &self.data_integrity_key
    }

    /// The key of the VC-JWT form.
    pub fn jwt_key(&self) -> &str {
        &self.jwt_key
    }

    /// The version of the signing profile.
    pub fn profile_version(&self) -> &str {
        &self.profile_version
    }

    /// What the salts of the SD-JWT VC are drawn from; none for an intent that was
    /// stored before there was this form.
    pub fn disclosure_seed(&self) -> Option<&str> {
        self.disclosure_seed.as_deref()
    }

    /// What was signed of it; see [`Finished`].
    pub fn finished(&self, proof: String, vc_jwt: Option<String>) -> Finished {
        let digest = sha256(&with_proof(&self.unsigned, &proof));
        Finished { credential_id: self.credential_id, proof, vc_jwt, digest }
    }

    /// The `created` of the proof.
    pub fn created(&self) -> DateTime<Utc> {
        self.created
    }
}

impl Registry {
    /// The intent of a credential that is issued or revoked, for the forms of it
    /// that are signed when they are asked for. `None` while it is not signed.
    pub fn issued_intent(&self, id: CredentialId) -> Result<Option<Pending>, RegistryError> {
        let row: Option<IntentRow> = self.read(|db| {
            Ok(credentials::table
                .find(id.to_string())
                .filter(credentials::issued_at.is_not_null())
                .select(IntentRow::as_select())
                .first(db)
                .optional()?)
        })?;
        row.map(Pending::stored).transpose()
    }

    /// Intents stored at or before `older_than` and not yet signed, oldest first.
    pub fn pending_issuances(
        &self,
        older_than: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<Pending>, RegistryError> {
        let rows: Vec<IntentRow> = self.read(|db| {
            Ok(credentials::table
                .filter(credentials::state.eq(Prepared))
                .filter(credentials::prepared_at.le(stored(older_than)))
                .order((credentials::prepared_at, credentials::id))
                .limit(i64::from(limit))
                .select(IntentRow::as_select())
                .load(db)?)
        })?;
        rows.into_iter().map(Pending::stored).collect()
    }
}
