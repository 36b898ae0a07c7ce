//! A completion is accepted: checked, recorded, signed, issued.

use std::{
    collections::{BTreeSet, HashMap},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, mpsc},
};

use model::{
    catalogue::{AchievementDefinition, Catalogue},
    completion::Completion,
    cpd::Credit,
    field::FieldError,
    id::{AwardId, CredentialId, Slug},
};
use registry::{
    BeginOutcome, Condition, Drafts, Grant, Idempotency, Intake, Issued, Pending, Source, Validity,
};

use crate::{
    AcceptError, Authority, Caller, IssuingError, Service,
    badge::Badge,
    check,
    issue::{Finished, Read, Signed},
};

/// A completion as it comes in.
#[derive(Debug, Clone)]
pub struct Submission {
    /// What is stated.
    pub completion: Completion,
    /// What makes repeating the request harmless, if the client said so.
    pub idempotency: Option<Idempotency>,
    /// What must be so for it to be accepted.
    pub condition: Condition,
}

impl Submission {
    /// A completion without more.
    pub fn of(completion: Completion) -> Self {
        Self { completion, idempotency: None, condition: Condition::None }
    }

    /// Under a condition.
    #[must_use]
    pub fn on(self, condition: Condition) -> Self {
        Self { condition, ..self }
    }
}

/// What became of a completion.
#[derive(Debug, Clone, PartialEq)]
pub struct Acceptance {
    /// Whether it had been accepted before; then nothing has changed.
    pub replayed: bool,
    /// The credential and its ledger entry, and what it supersedes.
    pub issued: Issued,
    /// The members in which it differs from the completion that it has just corrected.
    pub differing: Vec<String>,
    /// What else the learner earned by it: awards of programmes it completed.
    pub programme_awards: Vec<Issued>,
}

impl Acceptance {
    fn replay(issued: Issued) -> Self {
        Self { replayed: true, issued, differing: Vec::new(), programme_awards: Vec::new() }
    }

    /// Whether it has just corrected an earlier completion.
    pub fn is_correction(&self) -> bool {
        !self.replayed && self.issued.supersedes.is_some()
    }
}

/// A submission and who makes it.
#[derive(Clone)]
pub(crate) struct Row {
    client: String,
    provider: Slug,
    submission: Submission,
    /// Until when its badge is to hold, once it was found what it corrects.
    validity: Validity,
}

impl Row {
    pub(crate) fn of(caller: &Caller, submission: Submission) -> Result<Self, AcceptError> {
        match &caller.authority {
            Authority::Provider(provider) => {
                let (client, provider) = (caller.client.clone(), provider.clone());
                Ok(Self { client, provider, submission, validity: Validity::OfItsOwn })
            }
            Authority::Academy => Err(AcceptError::Forbidden),
        }
    }

    /// What the registry is told of it.
    fn intake(&self, grant: Result<Grant, Vec<FieldError>>) -> Intake<'_> {
        let Submission { completion, idempotency, condition } = &self.submission;
        Intake {
            client: self.client.clone(),
            provider: self.provider.clone(),
            completion,
            source: Source::Completion,
            idempotency: idempotency.clone(),
            condition: *condition,
            grant,
            validity: self.validity,
        }
    }

    /// The provider's own reference.
    pub(crate) fn reference(&self) -> Option<&str> {
        self.submission.completion.reference.as_deref()
    }
}

/// What a completion is answered.
pub type Answer = Result<Acceptance, AcceptError>;

impl Service {
    /// Accepts one completion: when this returns, its award, credential and
    /// ledger entry are durable. Completions that come in at the same time share
    /// their transactions; who finds nobody at work does the others' as well.
    pub fn accept(&self, caller: &Caller, submission: Submission) -> Result<Acceptance, AcceptError> {
        let (tell, told) = mpsc::channel();
        // Whoever asked may have gone.
        if self.submit(caller, submission, move |answer| drop(tell.send(answer)))? {
            self.work();
        }
        told.recv().unwrap_or_else(|_| Err(IssuingError::Panicked.into()))
    }

    /// Has a completion wait to be accepted with those that come in at the same time;
    /// `tell` is given the answer [`accept`](Self::accept) would give, or dropped if a
    /// bug broke the work off. Whether somebody must now [`work`](Self::work): if so,
    /// the caller sees to it that a thread does.
    pub fn submit(
        &self,
        caller: &Caller,
        submission: Submission,
        tell: impl FnOnce(Answer) + Send + 'static,
    ) -> Result<bool, AcceptError> {
        Ok(self.together.join(Row::of(caller, submission)?, tell))
    }

    /// Accepts what was submitted, until nothing waits.
    pub fn work(&self) {
        self.together.work(|rows| {
            let answers = self.accept_rows(&rows);
            if let Some(Err(AcceptError::Internal(fault))) = answers.first()
                && fault.is_temporary()
            {
                // Who waited meanwhile has waited for the same database.
                self.together.dismiss(|| Err(AcceptError::Internal(Arc::clone(fault))));
            }
            answers
        });
    }

    /// Accepts completions in two transactions for all of them; one answer a
    /// row, in order. A row that is refused, or that a fault of ours befalls, leaves
    /// the others alone; a fault of the database's is every row's.
    pub fn accept_many(
        &self,
        caller: &Caller,
        submissions: Vec<Submission>,
    ) -> Vec<Result<Acceptance, AcceptError>> {
        let answers = submissions.len();
        let rows: Result<Vec<Row>, _> =
            submissions.into_iter().map(|submission| Row::of(caller, submission)).collect();
        match rows {
            Ok(rows) => self.accept_rows(&rows),
            Err(_) => (0..answers).map(|_| Err(AcceptError::Forbidden)).collect(),
        }
    }

    /// All rows together; where that fails otherwise than by the database's absence,
    /// each by itself, so that the fault stays with its row. What was recorded before
    /// it failed is then in flight, and the reconciler's.
    pub(crate) fn accept_rows(&self, rows: &[Row]) -> Vec<Answer> {
        let fault = match catch_unwind(AssertUnwindSafe(|| self.accept_together(rows))) {
            Ok(Ok(answers)) => return answers,
            Ok(Err(error)) => error,
            Err(_) => IssuingError::Panicked,
        };
        if rows.len() > 1 && !fault.is_temporary() {
            tracing::warn!(error = %fault, rows = rows.len(), "a group failed and is accepted one by one");
            return rows.chunks(1).flat_map(|row| self.accept_rows(row)).collect();
        }
        let fault = Arc::new(fault);
        rows.iter().map(|_| Err(AcceptError::Internal(Arc::clone(&fault)))).collect()
    }

    fn accept_together(&self, rows: &[Row]) -> Result<Vec<Answer>, IssuingError> {
        let begun = self.begin_rows(rows, self.draft_rows(rows)?, |_| false)?;
        let signed = self.sign(&begun.pending(), begun.read());
        let done = self.complete_rows(begun, signed);
        // Where none is further than before, somebody else holds them up.
        let is_stuck = done.waiting.len() == rows.len() && !done.is_redated;
        Ok(if is_stuck { done.answers } else { self.accept_waiting(done) })
    }

    /// Accepts what waited for its turn, now that what came before it is done.
    pub(crate) fn accept_waiting(&self, done: Done) -> Vec<Answer> {
        let Done { mut answers, waiting, .. } = done;
        if waiting.is_empty() {
            return answers;
        }
        let (places, rows): (Vec<usize>, Vec<Row>) = waiting.into_iter().unzip();
        for (place, answer) in places.into_iter().zip(self.accept_rows(&rows)) {
            if let Some(waited) = answers.get_mut(place) {
                *waited = answer;
            }
        }
        answers
    }

    /// Checks the rows, and writes what is to be signed for them.
    pub(crate) fn draft_rows(&self, rows: &[Row]) -> Result<Drafted, IssuingError> {
        let (catalogue, endorsements) = self.catalogue_and_endorsements()?;
        let policies = self.policies()?;
        let (keys, now) = (self.vault.keys(), self.clock.now());
        let described = (&*catalogue, &*endorsements);
        let (mut intakes, mut badges) = (Vec::new(), Vec::new());
        let mut grants = Vec::with_capacity(rows.len());
        for row in rows {
            let granted =
                check::against_catalogue(&catalogue, &row.provider, &row.submission.completion, now);
            let badge = granted
                .as_ref()
                .ok()
                .map(|(achievement, _)| Badge::of(achievement, described, &self.site, &policies, &keys, now))
                .transpose();
            let grant = granted.map(|(achievement, credit)| grant(achievement, credit));
            grants.push(badge.map_err(AcceptError::from).map(|badge| {
                badges.push(badge);
                intakes.push(row.intake(grant.clone()));
                grant
            }));
        }
        let (drafts, read) = self.draft(&intakes, &badges, now)?;
        Ok(Drafted { catalogue, grants, drafts, read })
    }

    /// Stores what is to be signed for the rows, but for those that have to wait for their
    /// turn.
    pub(crate) fn begin_rows(
        &self,
        rows: &[Row],
        drafted: Drafted,
        has_to_wait: impl Fn(&Row) -> bool,
    ) -> Result<Begun, IssuingError> {
        let Drafted { catalogue, grants, drafts, read } = drafted;
        let (mut intakes, mut refusals, mut begins) = (Vec::new(), Vec::new(), Vec::new());
        for (row, grant) in rows.iter().zip(grants) {
            let waits = has_to_wait(row);
            begins.extend(grant.is_ok().then_some(!waits));
            refusals.push(match grant {
                _ if waits => Err(AcceptError::Waiting),
                Ok(grant) => {
                    intakes.push(row.intake(grant));
                    Ok(())
                }
                Err(error) => Err(error),
            });
        }
        let drafts = self.registry.keep_drafts(drafts, |row| begins.get(row).is_some_and(|begins| *begins));
        let mut outcomes = self.begin(&intakes, &drafts)?.into_iter();
        let outcomes: Vec<Result<BeginOutcome, AcceptError>> = refusals
            .into_iter()
            .filter_map(|refusal| match refusal {
                Err(error) => Some(Err(error)),
                Ok(()) => outcomes.next().map(Ok),
            })
            .collect();
        let is_redated = outcomes.iter().any(|outcome| matches!(outcome, Ok(BeginOutcome::Redated(_))));
        let mut begun = Begun { catalogue, outcomes, read, waiting: Vec::new(), is_redated };
        let own: BTreeSet<CredentialId> = begun.pending().iter().map(|one| one.credential_id()).collect();
        let waits = |(place, (outcome, row)): (usize, (&Result<BeginOutcome, AcceptError>, &Row))| {
            let waits = match outcome {
                Ok(BeginOutcome::Redated(validity)) => {
                    return Some((place, Row { validity: *validity, ..row.clone() }));
                }
                Ok(BeginOutcome::Busy(_)) | Err(AcceptError::Waiting) => true,
                Ok(BeginOutcome::InFlight(id)) => !own.contains(id),
                _ => false,
            };
            waits.then(|| (place, row.clone()))
        };
        begun.waiting = begun.outcomes.iter().zip(rows).enumerate().filter_map(waits).collect();
        Ok(begun)
    }

    /// Makes what was signed of the rows visible, awards the programmes that it
    /// completes, and answers.
    pub(crate) fn complete_rows(&self, begun: Begun, signed: Vec<Signed>) -> Done {
        let finished = self.complete(signed);
        let mut programme_awards = self.award_programmes(&begun.catalogue, &finished.due);
        let answers = begun.outcomes.into_iter();
        let answers = answers.map(|row| answer(row?, &finished, &mut programme_awards)).collect();
        Done { answers, waiting: begun.waiting, is_redated: begun.is_redated }
    }
}

/// Rows that are answered, and those among them that are to be tried once more, with
/// their places.
pub(crate) struct Done {
    pub(crate) answers: Vec<Answer>,
    waiting: Vec<(usize, Row)>,
    is_redated: bool,
}

/// Rows that were held against the catalogue.
pub(crate) struct Drafted {
    catalogue: Arc<Catalogue>,
    /// What each is granted, or why nothing by the catalogue, or what is wrong here.
    grants: Vec<Result<Result<Grant, Vec<FieldError>>, AcceptError>>,
    /// Of those with nothing wrong here.
    drafts: Drafts,
    read: Read,
}

/// Rows whose intents are stored, as far as they have any.
pub(crate) struct Begun {
    catalogue: Arc<Catalogue>,
    /// One a row, in order.
    outcomes: Vec<Result<BeginOutcome, AcceptError>>,
    read: Read,
    /// Rows that repeat or correct what is not visible yet, or whose documents are to be
    /// written anew, with their places.
    waiting: Vec<(usize, Row)>,
    /// Whether there are any of the latter.
    is_redated: bool,
}

impl Begun {
    /// What is to be signed, in the order of the rows.
    pub(crate) fn pending(&self) -> Vec<&Pending> {
        self.outcomes
            .iter()
            .filter_map(|row| match row {
                Ok(BeginOutcome::Begun(pending) | BeginOutcome::Correcting(pending, _)) => Some(&**pending),
                _ => None,
            })
            .collect()
    }

    /// What that was read as.
    pub(crate) fn read(&self) -> &Read {
        &self.read
    }

    /// The rows that wait for their turn.
    pub(crate) fn waiting(&self) -> impl Iterator<Item = &Row> {
        self.waiting.iter().map(|(_, row)| row)
    }
}

/// What `achievement` grants, with the given credit.
pub(crate) fn grant(achievement: &AchievementDefinition, credit: Credit) -> Grant {
    Grant { issuer: achievement.issuer.clone(), achievement_version: achievement.version.clone(), credit }
}

fn answer(
    outcome: BeginOutcome,
    finished: &Finished,
    programme_awards: &mut HashMap<AwardId, Vec<Issued>>,
) -> Result<Acceptance, AcceptError> {
    match outcome {
        BeginOutcome::Begun(pending) => {
            accepted(finished, pending.credential_id(), Vec::new(), programme_awards)
        }
        BeginOutcome::Correcting(pending, corrected) => {
            accepted(finished, pending.credential_id(), corrected.differing, programme_awards)
        }
        BeginOutcome::Replayed(issued) => Ok(Acceptance::replay(*issued)),
        // It may repeat an earlier row of the same batch.
        BeginOutcome::InFlight(id) => issued(finished, id).map(Acceptance::replay),
        BeginOutcome::Redated(_) => Err(AcceptError::Waiting),
        BeginOutcome::Busy(id) => Err(AcceptError::InFlight(id)),
        BeginOutcome::Superseded(id) => Err(AcceptError::Superseded(id)),
        BeginOutcome::Withdrawn(id) => Err(AcceptError::Withdrawn(id)),
        BeginOutcome::Revoked(id) => Err(AcceptError::Revoked(id)),
        BeginOutcome::Unmet { existing, differing } => Err(AcceptError::Unmet { existing, differing }),
        BeginOutcome::Erased => Err(AcceptError::Erased),
        BeginOutcome::KeyReused => Err(AcceptError::IdempotencyKeyReused),
        BeginOutcome::Conflict { existing, differing } => Err(AcceptError::Conflict { existing, differing }),
        BeginOutcome::LearnerConflict { detail, expected } => {
            Err(AcceptError::LearnerConflict { detail, expected })
        }
        BeginOutcome::Refused(errors) => Err(AcceptError::Invalid(errors)),
    }
}

fn accepted(
    finished: &Finished,
    id: CredentialId,
    differing: Vec<String>,
    programme_awards: &mut HashMap<AwardId, Vec<Issued>>,
) -> Result<Acceptance, AcceptError> {
    let issued = issued(finished, id)?;
    let programme_awards = programme_awards.remove(&issued.award_id).unwrap_or_default();
    Ok(Acceptance { replayed: false, issued, differing, programme_awards })
}

fn issued(finished: &Finished, id: CredentialId) -> Result<Issued, AcceptError> {
    match finished.issued.get(&id) {
        Some(Ok(issued)) => Ok(issued.clone()),
        Some(Err(error)) => Err(AcceptError::Internal(Arc::clone(error))),
        None => Err(AcceptError::InFlight(id)),
    }
}
