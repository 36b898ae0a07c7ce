//! Issued credentials.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use model::{
    completion::{Completion, DeliveryMode},
    cpd::Credit,
    id::{AwardId, CompletionId, CredentialId, LearnerId, Slug, StatusListId},
    vc::with_proof,
};

use crate::{
    Registry, RegistryError,
    db::stored,
    error::parsed,
    schema::{AwardRow, CredentialRow, award_components, awards, completions, credentials},
    sealing::{self, COMPLETION, PROOF, PersonKey, REASON, UNSIGNED, VC_JWT},
};

/// Whether an issued credential still stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CredentialState {
    /// It stands.
    Issued,
    /// It was taken back.
    Revoked {
        /// When.
        at: DateTime<Utc>,
        /// Why; empty if somebody wrote it about a learner who was erased.
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
    /// Its number among the award's credentials: 1, and one more for each renewal.
    pub issue: u32,
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
    /// The VC-JWT, compact; `None` if it is signed when it is asked for, by
    /// [`issued_intent`](Registry::issued_intent).
    pub vc_jwt: Option<String>,
    /// Whether it can be had as SD-JWT VC; see
    /// [`issued_intent`](Registry::issued_intent).
    pub has_selective: bool,
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

impl Registry {
    /// How many issued credentials a key signed, in either form; revoked ones too.
    pub fn credentials_signed_by(&self, key_id: &str) -> Result<u64, RegistryError> {
        let count: i64 = self.read(|db| {
            Ok(credentials::table
                .filter(credentials::issued_at.is_not_null())
                .filter(credentials::data_integrity_key.eq(key_id).or(credentials::jwt_key.eq(key_id)))
                .count()
                .get_result(db)?)
        })?;
        Ok(count.unsigned_abs())
    }

    /// An issued or revoked credential; `None` while it is not signed. An error
    /// ([`RegistryError::Erased`]) if its learner was erased.
    pub fn credential(&self, id: CredentialId) -> Result<Option<CredentialRecord>, RegistryError> {
        self.read(|db| {
            let found: Option<Found> = credentials::table
                .inner_join(awards::table.inner_join(completions::table))
                .filter(credentials::id.eq(id.to_string()).and(credentials::issued_at.is_not_null()))
                .select((
                    CredentialRow::as_select(),
                    AwardRow::as_select(),
                    (completions::provider, completions::body),
                    (
                        credentials::unsigned,
                        credentials::proof.assume_not_null(),
                        credentials::vc_jwt.assume_not_null(),
                        credentials::disclosure_seed.is_not_null(),
                    ),
                ))
                .first(db)
                .optional()?;
            let Some(found) = found else { return Ok(None) };
            let learner = found.1.learner_id.as_str();
            let key = sealing::known(db, self.wrapping(), [learner])?.remove(learner);
            record(found, key.as_ref()).map(Some)
        })
    }

    /// Whose an issued credential is, whether or not they were erased.
    pub fn holder_of(&self, id: CredentialId) -> Result<Option<LearnerId>, RegistryError> {
        let learner: Option<String> = self.read(|db| {
            Ok(credentials::table
                .inner_join(awards::table)
                .filter(credentials::id.eq(id.to_string()).and(credentials::issued_at.is_not_null()))
                .select(awards::learner_id)
                .first(db)
                .optional()?)
        })?;
        learner.map(|learner| parsed("awards", &learner, &learner)).transpose()
    }

    /// The issued credentials of an award, the first issue first; revoked ones too.
    pub fn issues_of(&self, award: AwardId) -> Result<Vec<CredentialId>, RegistryError> {
        let ids: Vec<String> = self.read(|db| {
            Ok(credentials::table
                .filter(credentials::award_id.eq(award.to_string()))
                .filter(credentials::issued_at.is_not_null())
                .order(credentials::issue)
                .select(credentials::id)
                .load(db)?)
        })?;
        ids.iter().map(|id| parsed("credentials", id, id)).collect()
    }

    /// The credentials of the awards that `award` was made of, with their Data
    /// Integrity proofs as JSON text, the earliest award first; revoked ones too, but
    /// not those in whose place a correction counts. Of one that was renewed, the
    /// credential that was its latest at `at`.
    /// None for an award that follows from no programme.
    pub fn parts_of(&self, award: AwardId, at: DateTime<Utc>) -> Result<Vec<String>, RegistryError> {
        let award = award.to_string();
        self.read(|db| {
            let replaced: Vec<Option<String>> = award_components::table
                .filter(award_components::award_id.eq(&award))
                .filter(award_components::replaces.is_not_null())
                .select(award_components::replaces)
                .load(db)?;
            let rows: Vec<Part> = award_components::table
                .inner_join(awards::table.on(awards::id.eq(award_components::component_id)))
                .inner_join(credentials::table.on(credentials::award_id.eq(awards::id)))
                .filter(award_components::award_id.eq(&award))
                .filter(award_components::component_id.ne_all(replaced.into_iter().flatten()))
                .filter(credentials::issued_at.is_not_null())
                .order((awards::awarded_at, awards::id, credentials::issue))
                .select((
                    (awards::id, credentials::issue, credentials::issued_at.assume_not_null()),
                    awards::learner_id,
                    credentials::id,
                    credentials::unsigned,
                    credentials::proof.assume_not_null(),
                ))
                .load(db)?;
            let learners = rows.iter().map(|(_, learner, ..)| learner.as_str());
            let keys = sealing::known(db, self.wrapping(), learners)?;
            let mut parts: Vec<(String, String)> = Vec::new();
            for ((award, issue, issued), learner, id, unsigned, proof) in &rows {
                let renewed = parts.pop_if(|(last, _)| last == award);
                if let Some(earlier) = renewed.filter(|_| *issue > 1 && *issued > stored(at)) {
                    parts.push(earlier);
                    continue;
                }
                let key = keys.get(learner);
                let unsigned = sealing::read(key, UNSIGNED, id, unsigned)?;
                parts.push((award.clone(), with_proof(&unsigned, &sealing::read(key, PROOF, id, proof)?)));
            }
            Ok(parts.into_iter().map(|(_, document)| document).collect())
        })
    }
}

/// Award, issue and when it was issued; learner, credential, unsigned and proof.
type Part = ((String, i32, NaiveDateTime), String, String, String, String);

/// A credential, its award, (provider, completion) and (unsigned, proof, VC-JWT or
/// nothing, whether there is an SD-JWT VC).
type Found = (CredentialRow, AwardRow, (String, String), (String, String, String, bool));

fn record(found: Found, key: Option<&PersonKey>) -> Result<CredentialRecord, RegistryError> {
    let (row, award, (provider, body), (unsigned, proof, vc_jwt, has_selective)) = found;
    let id = row.id.as_str();
    let (unsigned, proof) =
        (sealing::read(key, UNSIGNED, id, &unsigned)?, sealing::read(key, PROOF, id, &proof)?);
    let vc_jwt = sealing::read(key, VC_JWT, id, &vc_jwt)?.into_owned();
    let completion: Completion = sealing::read_json(key, COMPLETION, &award.completion_id, &body)?;
    let issued_at =
        row.issued_at.ok_or_else(|| RegistryError::corrupt("credentials", id, "no time of issue"))?;
    Ok(CredentialRecord {
        id: parsed("credentials", id, id)?,
        award_id: parsed("awards", &award.id, &award.id)?,
        issue: u32::try_from(row.issue).map_err(|error| RegistryError::corrupt("credentials", id, error))?,
        completion_id: parsed("awards", &award.id, &award.completion_id)?,
        learner_id: parsed("awards", &award.id, &award.learner_id)?,
        achievement: parsed("awards", &award.id, &award.achievement)?,
        issuer: parsed("credentials", id, &row.issuer)?,
        provider: parsed("completions", &award.completion_id, &provider)?,
        learner_name: completion.learner.name,
        state: state(&row, key)?,
        data_integrity: with_proof(&unsigned, &proof),
        vc_jwt: Some(vc_jwt).filter(|token| !token.is_empty()),
        has_selective,
        valid_from: row.valid_from.and_utc(),
        valid_until: row.valid_until.map(|until| until.and_utc()),
        status_list: parsed("credentials", id, &row.status_list_id)?,
        status_index: index(&row)?,
        awarded_at: award.awarded_at.and_utc(),
        issued_at: issued_at.and_utc(),
        credit: credit(&award)?,
        delivery_mode: completion.delivery_mode,
        achievement_version: award.achievement_version,
    })
}

/// The state of a credential that is issued or revoked, read with the learner's key.
pub(crate) fn state(row: &CredentialRow, key: Option<&PersonKey>) -> Result<CredentialState, RegistryError> {
    match (row.state.as_str(), row.revoked_at, &row.revoked_reason) {
        ("issued", None, _) => Ok(CredentialState::Issued),
        ("revoked", Some(at), Some(reason)) => {
            let reason = match sealing::read(key, REASON, &row.id, reason) {
                Err(RegistryError::Erased) => String::new(),
                reason => reason?.into_owned(),
            };
            Ok(CredentialState::Revoked { at: at.and_utc(), reason })
        }
        (other, ..) => Err(RegistryError::corrupt(
            "credentials",
            &row.id,
            format!("its state `{other}` contradicts itself"),
        )),
    }
}

/// The credit of an award.
pub(crate) fn credit(award: &AwardRow) -> Result<Credit, RegistryError> {
    let amount = parsed("awards", &award.id, &award.amount)?;
    Credit::new(amount, parsed("awards", &award.id, &award.unit)?)
        .map_err(|error| RegistryError::corrupt("awards", &award.id, error))
}

fn index(row: &CredentialRow) -> Result<u32, RegistryError> {
    u32::try_from(row.status_index).map_err(|error| RegistryError::corrupt("credentials", &row.id, error))
}
