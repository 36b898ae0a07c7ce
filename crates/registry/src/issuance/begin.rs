//! The first transaction: what will be signed is stored before it is signed
//! (promise 2).

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use model::{
    chance::Entropy,
    field::FieldError,
    id::{CredentialId, Slug},
};

use super::{
    BeginOutcome, Builder, Corrected, Intake, Pending,
    batch::{Batch, Decision},
    complete::issued,
    facts::Facts,
    known::Known,
    lock,
};
use crate::{Registry, RegistryError, db::Db, error::parsed, place::Place};

/// Another process may win a race that the locks cannot see; then the batch is
/// decided again, with what the winner wrote in view.
const ATTEMPTS: u32 = 5;

impl Registry {
    /// Stores the intent of every row in one transaction; one outcome per row, in
    /// order. A row's refusal leaves the other rows alone. `build` may be called
    /// again for a row when the transaction has to be repeated.
    pub fn begin_issuance(
        &self,
        rows: &[Intake<'_>],
        build: &mut Builder<'_>,
        now: DateTime<Utc>,
        entropy: &dyn Entropy,
    ) -> Result<Vec<BeginOutcome>, RegistryError> {
        let refusals = self.vet(rows)?;
        let facts: Vec<Facts> = rows.iter().map(|row| Facts::of(row, self.digests())).collect();
        let places = self.places_for(rows, &refusals, now, entropy)?;
        let mut attempt = 1;
        loop {
            let mut unused = places.clone();
            let result = self.write(|db| {
                lock::contended(db, &facts)?;
                let known = Known::load(db, rows, &facts, self.digests(), self.wrapping())?;
                let mut batch = Batch::new(self.digests(), self.wrapping(), known, now, entropy);
                let mut decisions = Vec::with_capacity(rows.len());
                for (position, ((row, facts), refusal)) in rows.iter().zip(&facts).zip(&refusals).enumerate()
                {
                    let decision = if refusal.is_empty() {
                        let places = match &row.grant {
                            Ok(grant) => unused.entry(grant.issuer.clone()).or_default(),
                            Err(_) => &mut Vec::new(),
                        };
                        batch.decide(db, row, facts, places, &mut |allocation| build(position, allocation))?
                    } else {
                        Decision::Refused(refusal.clone())
                    };
                    decisions.push(decision);
                }
                batch.store(db)?;
                outcomes(db, decisions)
            });
            match result {
                Ok(outcomes) => {
                    for (issuer, places) in unused {
                        self.stock().put_back(&issuer, places);
                    }
                    return Ok(outcomes);
                }
                Err(error) if error.is_collision() && attempt < ATTEMPTS => attempt += 1,
                // The places are not put back: the transaction may have been kept.
                Err(error) => return Err(error),
            }
        }
    }

    fn places_for(
        &self,
        rows: &[Intake<'_>],
        refusals: &[Vec<FieldError>],
        now: DateTime<Utc>,
        entropy: &dyn Entropy,
    ) -> Result<HashMap<Slug, Vec<Place>>, RegistryError> {
        let mut wanted: HashMap<&Slug, usize> = HashMap::new();
        let begin = rows.iter().zip(refusals).filter(|(_, refusal)| refusal.is_empty());
        for grant in begin.filter_map(|(row, _)| row.grant.as_ref().ok()) {
            *wanted.entry(&grant.issuer).or_default() += 1;
        }
        wanted
            .into_iter()
            .map(|(issuer, count)| Ok((issuer.clone(), self.take_places(issuer, count, now, entropy)?)))
            .collect()
    }
}

fn outcomes(db: &mut Db, decisions: Vec<Decision>) -> Result<Vec<BeginOutcome>, RegistryError> {
    let replayed = decisions.iter().filter_map(|decision| match decision {
        Decision::Settled(settled) if settled.signed => Some(settled.id.clone()),
        _ => None,
    });
    let first_answers = issued(db, &replayed.collect::<Vec<_>>())?;
    let outcome = |decision| {
        Ok(match decision {
            Decision::Begun(intent) => BeginOutcome::Begun(Box::new(Pending::stored(*intent)?)),
            Decision::Correcting { intent, existing, differing } => {
                let corrected = Corrected { credential_id: credential(&existing)?, differing };
                BeginOutcome::Correcting(Box::new(Pending::stored(*intent)?), corrected)
            }
            Decision::Busy { existing } => BeginOutcome::Busy(credential(&existing)?),
            Decision::Superseded { existing } => BeginOutcome::Superseded(credential(&existing)?),
            Decision::Withdrawn { existing } => BeginOutcome::Withdrawn(credential(&existing)?),
            Decision::Revoked { existing } => BeginOutcome::Revoked(credential(&existing)?),
            Decision::Unmet { existing, differing } => {
                BeginOutcome::Unmet { existing: existing.as_deref().map(credential).transpose()?, differing }
            }
            Decision::Settled(settled) if settled.signed => {
                let answer = first_answers.get(&settled.id).cloned();
                BeginOutcome::Replayed(Box::new(answer.ok_or_else(|| {
                    RegistryError::corrupt("credentials", &settled.id, "it is issued without a ledger entry")
                })?))
            }
            Decision::Settled(settled) => BeginOutcome::InFlight(credential(&settled.id)?),
            Decision::KeyReused => BeginOutcome::KeyReused,
            Decision::Erased => BeginOutcome::Erased,
            Decision::Conflict { existing, differing } => {
                BeginOutcome::Conflict { existing: credential(&existing)?, differing }
            }
            Decision::LearnerConflict { detail, expected } => {
                BeginOutcome::LearnerConflict { detail: detail.to_owned(), expected: expected.to_owned() }
            }
            Decision::Refused(faults) => BeginOutcome::Refused(faults),
        })
    };
    decisions.into_iter().map(outcome).collect()
}

fn credential(id: &str) -> Result<CredentialId, RegistryError> {
    parsed("credentials", id, id)
}
