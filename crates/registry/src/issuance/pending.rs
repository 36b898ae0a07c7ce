//! Credentials whose intent is stored and whose signature is not.

use std::{fmt, sync::Arc};

use chrono::{DateTime, Utc};
use diesel::{
    dsl::{exists, not},
    prelude::*,
};
use model::{id::CredentialId, vc::with_proof};

use super::{Finished, Open};
use crate::{
    Registry, RegistryError,
    db::stored,
    error::parsed,
    log::sha256,
    schema::{IntentRow, awards, credentials, erasures},
    sealing::{self, PersonKey, UNSIGNED},
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
    beside: Beside,
}

/// What was stored with an intent, where that is at hand: it spares reading it. An intent is
/// the same with it and without.
#[derive(Clone)]
pub(super) struct Beside(pub(super) Option<Arc<Opened>>);

/// A prepared credential with what belongs to it, and the key of its learner.
pub(super) struct Opened {
    pub(super) row: Open,
    pub(super) key: PersonKey,
}

impl fmt::Debug for Beside {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.0.is_some() { "Beside" } else { "None" })
    }
}

impl PartialEq for Beside {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Beside {}

impl Pending {
    /// Of a row as it is stored.
    fn sealed(intent: &IntentRow, key: Option<&PersonKey>) -> Result<Self, RegistryError> {
        Self::of(intent, sealing::read(key, UNSIGNED, &intent.id, &intent.unsigned)?.into_owned())
    }

    /// Of a row whose document is `unsigned` once it is opened, or was before it was sealed.
    pub(crate) fn of(intent: &IntentRow, unsigned: String) -> Result<Self, RegistryError> {
        Ok(Self {
            credential_id: parsed("credentials", &intent.id, &intent.id)?,
            unsigned,
            data_integrity_key: intent.data_integrity_key.clone(),
            jwt_key: intent.jwt_key.clone(),
            profile_version: intent.profile_version.clone(),
            created: intent.created_at.and_utc(),
            disclosure_seed: intent.disclosure_seed.clone(),
            beside: Beside(None),
        })
    }

    /// With what was stored beside it, so that it need not be read to complete it.
    pub(super) fn beside(self, open: Opened) -> Self {
        Self { beside: Beside(Some(Arc::new(open))), ..self }
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
        Finished { credential_id: self.credential_id, proof, vc_jwt, digest, beside: self.beside.clone() }
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
        self.read(|db| {
            let row: Option<(IntentRow, String)> = credentials::table
                .inner_join(awards::table)
                .filter(credentials::id.eq(id.to_string()).and(credentials::issued_at.is_not_null()))
                .select((IntentRow::as_select(), awards::learner_id))
                .first(db)
                .optional()?;
            let Some((row, learner)) = row else { return Ok(None) };
            let key = sealing::known(db, self.wrapping(), [learner.as_str()])?.remove(&learner);
            Pending::sealed(&row, key.as_ref()).map(Some)
        })
    }

    /// Intents stored at or before `older_than` and not yet signed, oldest first. Those of
    /// learners who were erased are never signed.
    pub fn pending_issuances(
        &self,
        older_than: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<Pending>, RegistryError> {
        self.read(|db| {
            let rows: Vec<(IntentRow, String)> = credentials::table
                .inner_join(awards::table)
                .filter(credentials::state.eq(Prepared))
                .filter(credentials::prepared_at.le(stored(older_than)))
                .filter(not(exists(erasures::table.filter(erasures::learner_id.eq(awards::learner_id)))))
                .order((credentials::prepared_at, credentials::id))
                .limit(i64::from(limit))
                .select((IntentRow::as_select(), awards::learner_id))
                .load(db)?;
            let keys = sealing::known(db, self.wrapping(), rows.iter().map(|(_, learner)| learner.as_str()))?;
            // Who has no key any more was erased while this was read.
            let known = rows.into_iter().filter(|(_, learner)| keys.contains_key(learner));
            known.map(|(row, learner)| Pending::sealed(&row, keys.get(&learner))).collect()
        })
    }
}
