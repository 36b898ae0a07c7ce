//! The first transaction: what will be signed is stored before it is signed
//! (promise 2).

use model::{chance::Entropy, id::CredentialId};

use super::{
    BeginOutcome, Corrected, Drafts, Intake,
    batch::{Batch, Decision},
    complete::issued,
    known::Known,
    lock,
};
use crate::{Registry, RegistryError, db::Db, error::parsed};

/// Another process may win a race that the locks cannot see; then the batch is
/// decided again, with what the winner wrote in view.
const ATTEMPTS: u32 = 5;

impl Registry {
    /// Stores the intent of every row in one transaction; one outcome per row, in
    /// order. A row's refusal leaves the other rows alone. `drafts` are those of
    /// [`draft_issuance`](Self::draft_issuance) for the very same rows.
    pub fn begin_issuance(
        &self,
        rows: &[Intake<'_>],
        drafts: &Drafts,
        entropy: &dyn Entropy,
    ) -> Result<Vec<BeginOutcome>, RegistryError> {
        let Drafts { now, refusals, facts, documents } = drafts;
        let mut attempt = 1;
        loop {
            let result = self.write(|db| {
                lock::contended(db, facts)?;
                let known = Known::load(db, rows, facts, self.digests(), self.wrapping())?;
                let mut batch = Batch::new(self.digests(), self.wrapping(), known, *now, entropy);
                let mut decisions = Vec::with_capacity(rows.len());
                for (((row, facts), refusal), draft) in rows.iter().zip(facts).zip(refusals).zip(documents) {
                    decisions.push(if refusal.is_empty() {
                        batch.decide(db, row, facts, draft.as_ref())?
                    } else {
                        Decision::Refused(refusal.clone())
                    });
                }
                batch.store(db)?;
                outcomes(db, decisions)
            });
            match result {
                Ok(outcomes) => {
                    let unused = documents.iter().zip(&outcomes).filter(|(_, outcome)| !outcome.is_begun());
                    self.discard(unused.filter_map(|(draft, _)| draft.as_ref()));
                    return Ok(outcomes);
                }
                Err(error) if error.is_collision() && attempt < ATTEMPTS => attempt += 1,
                // The places are not put back: the transaction may have been kept.
                Err(error) => return Err(error),
            }
        }
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
            Decision::Begun(pending) => BeginOutcome::Begun(pending),
            Decision::Correcting { pending, existing, differing } => {
                let corrected = Corrected { credential_id: credential(&existing)?, differing };
                BeginOutcome::Correcting(pending, corrected)
            }
            Decision::Redated(validity) => BeginOutcome::Redated(validity),
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
