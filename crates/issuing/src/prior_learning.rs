//! A badge that somebody else issued is accepted as prior learning (Future Vision, 7.31):
//! explicitly, with its evidence, and by a decision.

use model::{
    catalogue::Kind,
    completion::{Completion, StatedEvidence},
    cpd::{
        Credit,
        activity::{Details, PriorLearning, TransferOrigin},
    },
    field::FieldError,
    id::LearnerId,
};
use registry::{Condition, EntryKind, LedgerEntry, LedgerPage, Origin};
use rust_decimal::Decimal;

use crate::{AcceptError, Acceptance, Authority, Caller, IssuingError, Service, Submission};

/// Why it was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum PriorLearningError {
    /// There is no such transfer of this learner's.
    #[error("there is no such transfer")]
    NotFound,
    /// Who brought the badge in cannot decide. The caller's fault.
    #[error("who brought the badge in cannot decide about it")]
    SamePerson,
    /// What it comes to cannot be recorded.
    #[error(transparent)]
    Accept(#[from] AcceptError),
}

impl<E: Into<IssuingError>> From<E> for PriorLearningError {
    fn from(error: E) -> Self {
        Self::Accept(error.into().into())
    }
}

impl Service {
    /// Accepts a badge that was verified and brought in as prior learning: its holder is
    /// awarded `achievement`, with the badge as the evidence, and the programmes that let
    /// it count look at it as at every award. Decided by the issuer of that achievement,
    /// who must be accredited for it, and never by who brought the badge in. A transfer
    /// is accepted once; the same decision again gives the first answer. It earns no
    /// credit: the transfer did.
    pub fn accept_prior_learning(
        &self,
        caller: &Caller,
        learner: LearnerId,
        asked: &PriorLearning,
    ) -> Result<Acceptance, PriorLearningError> {
        let record = self.registry.learner(learner)?.ok_or(PriorLearningError::NotFound)?;
        let entries = self.registry.ledger(learner, &LedgerPage::default())?;
        let transfer = entries.iter().find(|entry| entry.id == asked.transfer);
        let (entry, details, origin) = transfer.and_then(brought_in).ok_or(PriorLearningError::NotFound)?;
        if details.stated_by == caller.client {
            return Err(PriorLearningError::SamePerson);
        }
        let catalogue = self.catalogue()?;
        let achievement = catalogue.achievements.get(&asked.achievement);
        let Some(achievement) = achievement.filter(|one| one.kind == Kind::PriorLearning) else {
            return Err(AcceptError::Invalid(vec![FieldError::new(
                "/achievement",
                "not-prior-learning",
                format!("`{}` is no prior learning of the catalogue", asked.achievement),
                "an achievement of the kind `prior_learning`, which programmes name where they accept it",
            )])
            .into());
        };
        let completion = Completion {
            learner: record.stated,
            achievement: asked.achievement.clone(),
            completed_at: entry.earned_at,
            started_on: None,
            delivery_mode: None,
            results: Vec::new(),
            credit: Credit::new(Decimal::ZERO, achievement.credit.unit().clone()).ok(),
            evidence: vec![evidence(&details.title, origin, &asked.reason)],
            cohort: None,
            reference: Some(format!("transfer:{}", entry.id)),
        };
        let decider = Caller {
            client: caller.client.clone(),
            authority: Authority::Provider(achievement.issuer.clone()),
        };
        match self.accept(&decider, Submission::of(completion).on(Condition::New)) {
            Err(AcceptError::Invalid(faults)) => {
                Err(AcceptError::Invalid(faults.into_iter().map(of_transfer).collect()).into())
            }
            answer => Ok(answer?),
        }
    }
}

/// The transfer with what is kept of it, if the entry is one.
fn brought_in(entry: &LedgerEntry) -> Option<(&LedgerEntry, &Details, &TransferOrigin)> {
    match &entry.origin {
        Origin::Stated(details) if entry.kind == EntryKind::Transfer => {
            Some((entry, details, details.origin.as_ref()?))
        }
        _ => None,
    }
}

/// The badge as evidence, told by the digest of its content; a link to it only where its id
/// is one.
fn evidence(title: &str, origin: &TransferOrigin, reason: &str) -> StatedEvidence {
    let issuer = origin.issuer_name.as_deref().unwrap_or(&origin.issuer);
    StatedEvidence {
        url: Some(origin.credential.clone()).filter(|id| id.starts_with("https://")),
        name: Some(title.to_owned()),
        narrative: Some(format!(
            "A credential issued by {issuer}, which was verified. SHA-256 of its content: {}. \
             Accepted as prior learning: {reason}",
            origin.digest
        )),
    }
}

/// The day of the completion is that of the transfer.
fn of_transfer(fault: FieldError) -> FieldError {
    match fault.pointer.as_str() {
        "/completedAt" => FieldError { pointer: "/transfer".to_owned(), ..fault },
        _ => fault,
    }
}
