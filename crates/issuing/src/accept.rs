//! A completion is accepted: checked, recorded, signed, issued.

use std::{collections::HashMap, sync::Arc};

use model::{
    completion::Completion,
    id::{AwardId, CredentialId, Slug},
};
use registry::{BeginOutcome, Idempotency, Intake, Issued, Pending, Source};

use crate::{AcceptError, Authority, Caller, IssuingError, Service, badge::Badge, check, issue::Finished};

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
        let rows = submissions.len();
        self.accept_rows(&caller.client, provider, submissions).unwrap_or_else(|error| {
            let error = Arc::new(error);
            (0..rows).map(|_| Err(AcceptError::Internal(Arc::clone(&error)))).collect()
        })
    }

    fn accept_rows(
        &self,
        client: &str,
        provider: &Slug,
        submissions: Vec<Submission>,
    ) -> Result<Vec<Result<Acceptance, AcceptError>>, IssuingError> {
        let catalogue = self.catalogue()?;
        let (keys, now) = (self.vault.keys(), self.clock.now());
        let (mut intakes, mut badges) = (Vec::new(), Vec::new());
        let mut refusals = Vec::with_capacity(submissions.len());
        let (completions, idempotencies): (Vec<_>, Vec<_>) =
            submissions.into_iter().map(|one| (one.completion, one.idempotency)).unzip();
        for (completion, idempotency) in completions.iter().zip(idempotencies) {
            let checked = check::against_catalogue(&catalogue, provider, completion, now)
                .map_err(AcceptError::Invalid)
                .and_then(|(achievement, credit)| {
                    Ok((achievement, credit, Badge::of(achievement, &catalogue, &self.site, &keys, now)?))
                });
            refusals.push(checked.map(|(achievement, credit, badge)| {
                badges.push(badge);
                intakes.push(Intake {
                    client: client.to_owned(),
                    provider: provider.clone(),
                    completion,
                    source: Source::Completion,
                    idempotency,
                    issuer: achievement.issuer.clone(),
                    achievement_version: achievement.version.clone(),
                    credit,
                });
            }));
        }
        let mut outcomes = self.begin(&intakes, &badges)?.into_iter();
        let rows: Vec<_> = refusals
            .into_iter()
            .filter_map(|refusal| match refusal {
                Err(error) => Some(Err(error)),
                Ok(()) => outcomes.next().map(Ok),
            })
            .collect();
        let begun: Vec<&Pending> = rows
            .iter()
            .filter_map(|row| match row {
                Ok(BeginOutcome::Begun(pending)) => Some(&**pending),
                _ => None,
            })
            .collect();
        let finished = self.finish(&begun);
        let issued: Vec<&Issued> = begun
            .iter()
            .filter_map(|pending| finished.get(&pending.credential_id())?.as_ref().ok())
            .collect();
        let mut programme_awards = self.award_programmes(&catalogue, &issued);
        Ok(rows.into_iter().map(|row| answer(row?, &finished, &mut programme_awards)).collect())
    }
}

fn answer(
    outcome: BeginOutcome,
    finished: &Finished,
    programme_awards: &mut HashMap<AwardId, Vec<Issued>>,
) -> Result<Acceptance, AcceptError> {
    match outcome {
        BeginOutcome::Begun(pending) => {
            let issued = issued(finished, pending.credential_id())?;
            let programme_awards = programme_awards.remove(&issued.award_id).unwrap_or_default();
            Ok(Acceptance { replayed: false, issued, programme_awards })
        }
        BeginOutcome::Replayed(issued) => Ok(Acceptance::replay(*issued)),
        // It may repeat an earlier row of the same batch.
        BeginOutcome::InFlight(id) => issued(finished, id).map(Acceptance::replay),
        BeginOutcome::KeyReused => Err(AcceptError::IdempotencyKeyReused),
        BeginOutcome::Conflict { existing, differing } => Err(AcceptError::Conflict { existing, differing }),
        BeginOutcome::LearnerConflict { detail, expected } => {
            Err(AcceptError::LearnerConflict { detail, expected })
        }
        BeginOutcome::Refused(errors) => Err(AcceptError::Invalid(errors)),
    }
}

fn issued(finished: &Finished, id: CredentialId) -> Result<Issued, AcceptError> {
    match finished.get(&id) {
        Some(Ok(issued)) => Ok(issued.clone()),
        Some(Err(error)) => Err(AcceptError::Internal(Arc::clone(error))),
        None => Err(AcceptError::InFlight(id)),
    }
}
