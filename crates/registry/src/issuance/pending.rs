//! Credentials whose intent is stored and whose signature is not.
use chrono::{DateTime, Utc};
use model::id::{AwardId, CompletionId, CredentialId, LearnerId, Slug};

use crate::{Registry, RegistryError};

/// A stored intent, read back from the database: the only thing that may be
/// signed. Only the registry makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    credential_id: CredentialId,
    award_id: AwardId,
    completion_id: CompletionId,
    learner_id: LearnerId,
    issuer: Slug,
    unsigned: String,
    data_integrity_key: String,
    jwt_key: String,
    profile_version: String,
    created: DateTime<Utc>,
    prepared_at: DateTime<Utc>,
}

impl Pending {
    /// The credential.
    pub fn credential_id(&self) -> CredentialId {
        self.credential_id
    }

    /// The award.
    pub fn award_id(&self) -> AwardId {
        self.award_id
    }

    /// The completion.
    pub fn completion_id(&self) -> CompletionId {
        self.completion_id
    }

    /// The learner.
    pub fn learner_id(&self) -> LearnerId {
        self.learner_id
    }

    /// The organisation whose keys sign.
    pub fn issuer(&self) -> &Slug {
        &self.issuer
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

    /// The `created` of the proof.
    pub fn created(&self) -> DateTime<Utc> {
        self.created
    }

    /// When the intent was stored.
    pub fn prepared_at(&self) -> DateTime<Utc> {
        self.prepared_at
    }
}

impl Registry {
    /// Intents stored at or before `older_than` and not yet signed, oldest first.
    pub fn pending_issuances(
        &self,
        older_than: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<Pending>, RegistryError> {
        let _ = (older_than, limit);
        todo!()
    }

    /// The intent of one credential, if it is not yet signed.
    pub fn pending(&self, id: CredentialId) -> Result<Option<Pending>, RegistryError> {
        let _ = id;
        todo!()
    }
}
