//! A completion is accepted: checked, recorded, signed, issued.

use std::{collections::HashMap, sync::Arc};

use model::{
    catalogue::Catalogue,
    completion::Completion,
    id::{CredentialId, Slug},
};
use registry::{BeginOutcome, Finished, Idempotency, Intake, Issued, Pending, Source};
use signing::Recorded;

use crate::{AcceptError, Authority, Caller, IssuingError, Service, badge::Badge, check, recorded::Stored};

/// A completion as it comes in.
#[derive(Debug, Clone)]
pub struct Submission {
    /// What is stated.
    pub completion: Completion,
    /// What makes repeating the request harmless, if the client said so.
    pub idempotency: Option<Idempotency>,
}

/// What became of a completion.
#[derive(Debug, Clone, PartialEq)]
pub struct Acceptance {
    /// Whether it had been accepted before; then nothing has changed.
    pub replayed: bool,
    /// The credential and its ledger entry.
    pub issued: Issued,
    /// What else the learner earned by it: awards of programmes it completed.
    pub programme_awards: Vec<Issued>,
}

impl Acceptance {
    fn replay(issued: Issued) -> Self {
        Self { replayed: true, issued, programme_awards: Vec::new() }
    }
}

/// How a row of a batch stands while the batch is worked on.
enum Row {
    Refused(AcceptError),
    Replayed(Box<Issued>),
    InFlight(CredentialId),
    Begun(CredentialId),
}

impl Service {
    /// Accepts one completion: when this returns, its award, credential and
    /// ledger entry are durable.
    pub fn accept(&self, caller: &Caller, submission: Submission) -> Result<Acceptance, AcceptError> {
        self.accept_many(caller, vec![submission]).pop().unwrap_or(Err(AcceptError::Forbidden))
    }

    /// Accepts completions in two transactions for all of them; one answer a
    /// row, in order. A row that is refused leaves the others alone; a fault of
    /// ours or the database's is every row's that it concerns.
    pub fn accept_many(
        &self,
        caller: &Caller,
        submissions: Vec<Submission>,
    ) -> Vec<Result<Acceptance, AcceptError>> {
        let Authority::Provider(provider) = &caller.authority else {
            return submissions.iter().map(|_| Err(AcceptError::Forbidden)).collect();
        };
        let count = submissions.len();
        match self.accept_rows(&caller.client, provider, &submissions) {
            Ok(rows) => rows,
            Err(error) => {
                let error = Arc::new(error);
                (0..count).map(|_| Err(AcceptError::Internal(Arc::clone(&error)))).collect()
            }
        }
    }

    fn accept_rows(
        &self,
        client: &str,
        provider: &Slug,
        submissions: &[Submission],
    ) -> Result<Vec<Result<Acceptance, AcceptError>>, IssuingError> {
        let catalogue = self.catalogue()?;
        let now = self.clock.now();
        let mut refusals = Vec::with_capacity(submissions.len());
        let mut intakes = Vec::new();
        for submission in submissions {
            match check::against_catalogue(&catalogue, provider, &submission.completion, now) {
                Err(errors) => refusals.push(Some(AcceptError::Invalid(errors))),
                Ok((achievement, credit)) => {
                    refusals.push(None);
                    intakes.push(Intake {
                        client: client.to_owned(),
                        provider: provider.clone(),
                        completion: &submission.completion,
                        source: Source::Completion,
                        idempotency: submission.idempotency.clone(),
                        issuer: achievement.issuer.clone(),
                        achievement_version: achievement.version.clone(),
                        credit,
                    });
                }
            }
        }
        let (outcomes, begun) = self.begin(&catalogue, &intakes)?;
        let mut outcomes = outcomes.into_iter();
        let issued = self.finish(&begun)?;
        let mut programme_awards = self.award_programmes(&catalogue, issued.values())?;
        let rows =
            refusals.into_iter().filter_map(|refusal| refusal.map(Row::Refused).or_else(|| outcomes.next()));
        Ok(rows
            .map(|row| match row {
                Row::Refused(error) => Err(error),
                Row::Replayed(issued) => Ok(Acceptance::replay(*issued)),
                // A row that repeats an earlier one of the same batch.
                Row::InFlight(id) => {
                    issued.get(&id).cloned().map(Acceptance::replay).ok_or(AcceptError::InFlight(id))
                }
                Row::Begun(id) => {
                    let issued = issued.get(&id).cloned().ok_or(AcceptError::InFlight(id))?;
                    let programme_awards = programme_awards.remove(&issued.award_id).unwrap_or_default();
                    Ok(Acceptance { replayed: false, issued, programme_awards })
                }
            })
            .collect())
    }

    /// The first transaction: what is to be signed is stored. One row an
    /// intake, and the stored intents of those that were begun.
    fn begin(
        &self,
        catalogue: &Catalogue,
        intakes: &[Intake<'_>],
    ) -> Result<(Vec<Row>, Vec<Pending>), IssuingError> {
        let mut begun = Vec::new();
        let rows = self
            .begin_outcomes(catalogue, intakes)?
            .into_iter()
            .map(|outcome| match outcome {
                BeginOutcome::Begun(pending) => {
                    let id = pending.credential_id();
                    begun.push(*pending);
                    Row::Begun(id)
                }
                BeginOutcome::Replayed(issued) => Row::Replayed(issued),
                BeginOutcome::InFlight(id) => Row::InFlight(id),
                BeginOutcome::KeyReused => Row::Refused(AcceptError::IdempotencyKeyReused),
                BeginOutcome::Conflict { existing, differing } => {
                    Row::Refused(AcceptError::Conflict { existing, differing })
                }
                BeginOutcome::LearnerConflict { detail, expected } => {
                    Row::Refused(AcceptError::LearnerConflict { detail, expected })
                }
                BeginOutcome::Refused(errors) => Row::Refused(AcceptError::Invalid(errors)),
            })
            .collect();
        Ok((rows, begun))
    }

    pub(crate) fn begin_outcomes(
        &self,
        catalogue: &Catalogue,
        intakes: &[Intake<'_>],
    ) -> Result<Vec<BeginOutcome>, IssuingError> {
        if intakes.is_empty() {
            return Ok(Vec::new());
        }
        let now = self.clock.now();
        let keys = self.vault.keys();
        let badge = Badge::of(catalogue, &self.site, &keys, now, intakes)?;
        // Inside the transaction only a row can be refused, so a fault of ours is
        // carried out of it. What other rows stored, the reconciler finishes.
        let mut fault = None;
        let outcomes = self.registry.begin_issuance(
            intakes,
            &mut |row, allocation| {
                let intake = intakes.get(row).ok_or_else(Vec::new)?;
                badge.intent(intake, allocation).map_err(|error| {
                    fault = Some(error);
                    Vec::new()
                })
            },
            now,
            self.entropy.as_ref(),
        )?;
        if let Some(fault) = fault {
            return Err(fault);
        }
        Ok(outcomes)
    }

    /// The second transaction: what was stored is signed and made visible.
    /// Used by requests and by the reconciler alike.
    pub(crate) fn finish(&self, begun: &[Pending]) -> Result<HashMap<CredentialId, Issued>, IssuingError> {
        if begun.is_empty() {
            return Ok(HashMap::new());
        }
        let keys = self.vault.keys();
        let finished = begun
            .iter()
            .map(|pending| {
                let signed = Recorded::of(&Stored(pending)).sign(&keys, &self.site)?;
                Ok(Finished {
                    credential_id: pending.credential_id(),
                    data_integrity: signed.data_integrity,
                    vc_jwt: signed.vc_jwt,
                })
            })
            .collect::<Result<Vec<_>, IssuingError>>()?;
        let issued = self.registry.complete_issuance(&finished, self.clock.now(), self.entropy.as_ref())?;
        Ok(issued.into_iter().map(|issued| (issued.credential_id, issued)).collect())
    }
}
