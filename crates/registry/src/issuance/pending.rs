//! Credentials whose intent is stored and whose signature is not.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use model::id::{AwardId, CompletionId, CredentialId, LearnerId, Slug};

use crate::{
    Registry, RegistryError,
    db::stored,
    error::parsed,
    schema::{AwardRow, IntentRow, awards, credentials},
};

/// An intent and the award it is for.
pub(super) type StoredRow = (IntentRow, AwardRow);

/// A stored intent: the only thing that may be signed. Only the registry makes
/// one, from a row that is in the database.
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
    pub(super) fn stored((intent, award): StoredRow) -> Result<Self, RegistryError> {
        let id = intent.id.as_str();
        Ok(Self {
            credential_id: parsed("credentials", id, id)?,
            award_id: parsed("awards", id, &award.id)?,
            completion_id: parsed("awards", &award.id, &award.completion_id)?,
            learner_id: parsed("awards", &award.id, &award.learner_id)?,
            issuer: parsed("credentials", id, &intent.issuer)?,
            unsigned: intent.unsigned,
            data_integrity_key: intent.data_integrity_key,
            jwt_key: intent.jwt_key,
            profile_version: intent.profile_version,
            created: intent.created_at.and_utc(),
            prepared_at: intent.prepared_at.and_utc(),
        })
    }

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
        let rows: Vec<StoredRow> = self.read(|db| {
            Ok(credentials::table
                .inner_join(awards::table)
                .filter(credentials::state.eq("prepared"))
                .filter(credentials::prepared_at.le(stored(older_than)))
                .order((credentials::prepared_at, credentials::id))
                .limit(i64::from(limit))
                .select((IntentRow::as_select(), AwardRow::as_select()))
                .load(db)?)
        })?;
        rows.into_iter().map(Pending::stored).collect()
    }

    /// The intent of one credential, if it is not yet signed.
    pub fn pending(&self, id: CredentialId) -> Result<Option<Pending>, RegistryError> {
        let row: Option<StoredRow> = self.read(|db| {
            Ok(credentials::table
                .inner_join(awards::table)
                .filter(credentials::id.eq(id.to_string()).and(credentials::state.eq("prepared")))
                .select((IntentRow::as_select(), AwardRow::as_select()))
                .first(db)
                .optional()?)
        })?;
        row.map(Pending::stored).transpose()
    }
}
