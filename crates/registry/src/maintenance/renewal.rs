//! A renewal: the same award in another credential, stored before it is signed.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use model::{
    chance::Entropy,
    completion::Completion,
    cpd::Credit,
    field::FieldError,
    id::{AwardId, CompletionId, CredentialId, LearnerId, Slug, SubjectId},
};

use crate::{
    Allocation, IntentFields, Pending, Registry, RegistryError, Validity,
    credential::credit,
    db::{Db, stored},
    error::parsed,
    issuance::{intent_row, lock},
    log,
    schema::{AwardRow, awards, completions, credentials, learners},
    sealing::{self, COMPLETION, UNSIGNED},
};

/// An award as its next credential is written from it.
#[derive(Debug, Clone, PartialEq)]
pub struct Renewable {
    /// The award.
    pub award_id: AwardId,
    /// The completion behind it.
    pub completion_id: CompletionId,
    /// What was stated.
    pub completion: Completion,
    /// Who delivered the learning.
    pub provider: Slug,
    /// The learner.
    pub learner_id: LearnerId,
    /// The pseudonym by which badges name the learner.
    pub subject_id: SubjectId,
    /// The achievement.
    pub achievement: Slug,
    /// The version that was awarded.
    pub achievement_version: String,
    /// The credit earned, once, by the award.
    pub credit: Credit,
}

/// What became of a renewal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RenewalOutcome {
    /// The intent is stored: sign it.
    Begun(Box<Pending>),
    /// It is being made already, or was begun by a process that died.
    InFlight(CredentialId),
    /// The award is not as it was: it was renewed or revoked meanwhile.
    Changed,
    /// The badge cannot be written.
    Refused(Vec<FieldError>),
}

impl Registry {
    /// What an award's next credential is written from. `None` if there is no such award.
    /// An error ([`RegistryError::Erased`]) if its learner was erased.
    pub fn renewable(&self, award: AwardId) -> Result<Option<Renewable>, RegistryError> {
        let found = self.read(|db| {
            let found: Option<(AwardRow, (String, String), String)> = awards::table
                .inner_join(completions::table)
                .inner_join(learners::table.on(learners::id.eq(awards::learner_id)))
                .filter(awards::id.eq(award.to_string()))
                .select((
                    AwardRow::as_select(),
                    (completions::provider, completions::body),
                    learners::subject_id,
                ))
                .first(db)
                .optional()?;
            let Some((row, source, subject)) = found else { return Ok(None) };
            let key = sealing::of(db, self.wrapping(), &row.learner_id)?;
            Ok(Some((row, source, subject, key)))
        })?;
        let Some((row, (provider, body), subject, key)) = found else { return Ok(None) };
        let completion = row.completion_id.as_str();
        Ok(Some(Renewable {
            award_id: award,
            completion_id: parsed("awards", &row.id, completion)?,
            completion: sealing::read_json(Some(&key), COMPLETION, completion, &body)?,
            provider: parsed("completions", completion, &provider)?,
            learner_id: parsed("awards", &row.id, &row.learner_id)?,
            subject_id: parsed("learners", &row.learner_id, &subject)?,
            achievement: parsed("awards", &row.id, &row.achievement)?,
            credit: credit(&row)?,
            achievement_version: row.achievement_version,
        }))
    }

    /// Stores the intent of an award's next credential, number `issue`, in one
    /// transaction, if the one before it is its latest and stands. `build` writes the
    /// document from what was allocated.
    pub fn begin_renewal(
        &self,
        renewable: &Renewable,
        issuer: &Slug,
        issue: u32,
        build: &mut dyn FnMut(&Allocation) -> Result<IntentFields, Vec<FieldError>>,
        now: DateTime<Utc>,
        entropy: &dyn Entropy,
    ) -> Result<RenewalOutcome, RegistryError> {
        let mut places = self.take_places(issuer, 1, now, entropy)?;
        let Some(place) = places.pop() else {
            return Err(RegistryError::Missing { what: "place in a status list of", id: issuer.to_string() });
        };
        let allocation = Allocation {
            completion_id: renewable.completion_id,
            award_id: renewable.award_id,
            credential_id: CredentialId::unguessable(now, entropy),
            learner_id: renewable.learner_id,
            subject_id: renewable.subject_id,
            status_list: place.list,
            status_index: place.index,
            disclosure_seed: hex::encode(entropy.array::<32>()),
            validity: Validity::OfItsOwn,
        };
        let number = i32::try_from(issue).unwrap_or(i32::MAX);
        let outcome = self.write(|db| {
            if let Some(other) = in_the_way(db, &renewable.award_id.to_string(), number)? {
                return Ok(other);
            }
            let intent = match build(&allocation) {
                Ok(intent) => intent,
                Err(faults) => return Ok(RenewalOutcome::Refused(faults)),
            };
            let key = sealing::of(db, self.wrapping(), &renewable.learner_id.to_string())?;
            let id = allocation.credential_id.to_string();
            let unsigned = key.seal(UNSIGNED, &id, &intent.unsigned, entropy)?;
            let row = intent_row(&allocation, issuer, number, &intent, unsigned, stored(now));
            diesel::insert_into(credentials::table).values(row.clone()).execute(db)?;
            log::begun(self.digests(), &[], &[], &[], &[], std::slice::from_ref(&row))
                .store(db, stored(now))?;
            Ok(RenewalOutcome::Begun(Box::new(Pending::of(&row, intent.unsigned)?)))
        })?;
        if !matches!(outcome, RenewalOutcome::Begun(_)) {
            self.stock().put_back(issuer, [place]);
        }
        Ok(outcome)
    }
}

/// Why credential number `issue` of an award cannot be begun, if it cannot.
fn in_the_way(db: &mut Db, award: &str, issue: i32) -> Result<Option<RenewalOutcome>, RegistryError> {
    let of_award = || credentials::table.filter(credentials::award_id.eq(award));
    let ids: Vec<String> = of_award().select(credentials::id).load(db)?;
    lock(db, &ids)?;
    // Read again: another may have begun or revoked while this one waited.
    let all: Vec<(String, i32, String)> = of_award()
        .order(credentials::issue.desc())
        .select((credentials::id, credentials::issue, credentials::state))
        .load(db)?;
    Ok(match all.first() {
        Some((id, latest, state)) if *latest == issue && state == "prepared" => {
            Some(RenewalOutcome::InFlight(parsed("credentials", id, id)?))
        }
        Some((_, latest, state)) if *latest == issue - 1 && state == "issued" => None,
        _ => Some(RenewalOutcome::Changed),
    })
}
