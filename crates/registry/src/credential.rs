//! Issued credentials.
use chrono::{DateTime, Utc};
use model::chance::Entropy;
use model::{
    completion::DeliveryMode,
    cpd::Credit,
    id::{AwardId, CompletionId, CredentialId, LearnerId, Slug, StatusListId},
};

use crate::{Registry, RegistryError};

/// Whether an issued credential still stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CredentialState {
    /// It stands.
    Issued,
    /// It was taken back.
    Revoked {
        /// When.
        at: DateTime<Utc>,
        /// Why.
        reason: String,
    },
}

/// An issued credential with what its page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredentialRecord {
    /// The credential.
    pub id: CredentialId,
    /// The award it documents.
    pub award_id: AwardId,
    /// The completion behind it.
    pub completion_id: CompletionId,
    /// The learner.
    pub learner_id: LearnerId,
    /// The achievement.
    pub achievement: Slug,
    /// The version of the achievement.
    pub achievement_version: String,
    /// Whose keys signed.
    pub issuer: Slug,
    /// Who delivered the learning.
    pub provider: Slug,
    /// The holder's name as on the badge.
    pub learner_name: String,
    /// Whether it stands.
    pub state: CredentialState,
    /// The credential with its Data Integrity proof, JSON text.
    pub data_integrity: String,
    /// The VC-JWT, compact.
    pub vc_jwt: String,
    /// `validFrom`.
    pub valid_from: DateTime<Utc>,
    /// `validUntil`.
    pub valid_until: Option<DateTime<Utc>>,
    /// The status list.
    pub status_list: StatusListId,
    /// The bit in that list.
    pub status_index: u32,
    /// When the learning was finished.
    pub awarded_at: DateTime<Utc>,
    /// When the credential became visible.
    pub issued_at: DateTime<Utc>,
    /// The credit earned.
    pub credit: Credit,
    /// How the learning was delivered.
    pub delivery_mode: Option<DeliveryMode>,
}

/// The answer to a revocation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revocation {
    /// The credential.
    pub credential_id: CredentialId,
    /// Whether it had been revoked before; then nothing changed and the first
    /// time and reason are given.
    pub was_already: bool,
    /// When it was revoked.
    pub at: DateTime<Utc>,
    /// Why.
    pub reason: String,
    /// The list that carries the bit.
    pub status_list: StatusListId,
}

impl Registry {
    /// An issued or revoked credential; `None` while it is not signed.
    pub fn credential(&self, id: CredentialId) -> Result<Option<CredentialRecord>, RegistryError> {
        let _ = id;
        todo!()
    }

    /// Takes a credential back: sets its bit, reverses its credit in the ledger
    /// and writes to the outbox, in one transaction. `None` when there is no such
    /// issued credential.
    pub fn revoke(
        &self,
        id: CredentialId,
        reason: &str,
        actor: &str,
        now: DateTime<Utc>,
        entropy: &dyn Entropy,
    ) -> Result<Option<Revocation>, RegistryError> {
        let _ = (id, reason, actor, now, entropy);
        todo!()
    }
}
