//! Why a completion was not accepted or a badge not revoked.

use std::sync::Arc;

use model::{field::FieldError, id::CredentialId};
use registry::{AdjustmentRecord, RegistryError};
use signing::SigningError;

/// Why a completion was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum AcceptError {
    /// The completion says something that cannot be. The provider's fault; every
    /// error is listed.
    #[error("the completion has {} error(s)", .0.len())]
    Invalid(Vec<FieldError>),
    /// The idempotency key was used before with another body. The provider's fault.
    #[error("the idempotency key was used before with another body")]
    IdempotencyKeyReused,
    /// The same completion is being recorded at this moment. Nobody's fault: ask
    /// again in a second.
    #[error("the same completion is being recorded at this moment")]
    InFlight(CredentialId),
    /// What it corrects came before it in the same file, and is being recorded. Nobody's
    /// fault: it is tried again, and this is answered only if that breaks off.
    #[error("what it corrects is being recorded at this moment")]
    Waiting,
    /// A completion of the same learner, achievement and time is recorded under another
    /// reference. The provider's fault.
    #[error("it is recorded already under another reference; it differs in {}", differing.join(", "))]
    Conflict {
        /// What is recorded.
        existing: CredentialId,
        /// The fields in which the two differ.
        differing: Vec<String>,
    },
    /// The same content was recorded before, and corrected since: this credential stands
    /// for the correction. The provider's fault, if it is anybody's: what repeats what
    /// is old does not undo what is newer.
    #[error("this content was corrected since; to go back to it, name the credential that stands now")]
    Superseded(CredentialId),
    /// The same content was recorded and withdrawn. The provider's fault.
    #[error("this completion was withdrawn; to state it again, name the credential that was withdrawn")]
    Withdrawn(CredentialId),
    /// The credential was revoked, and not by the provider: that is not undone by a
    /// correction. The provider's fault.
    #[error("the credential of this completion was revoked, and a correction does not undo that")]
    Revoked(CredentialId),
    /// The provider's condition does not hold.
    #[error("{}", unmet(*existing, differing))]
    Unmet {
        /// The credential of the completion as it is recorded now, if it is.
        existing: Option<CredentialId>,
        /// The fields in which the two differ.
        differing: Vec<String>,
    },
    /// The identifiers do not tell one learner. The provider's fault.
    #[error("{detail}")]
    LearnerConflict {
        /// What was found.
        detail: String,
        /// What to do.
        expected: String,
    },
    /// The learner was erased: what was recorded of them is not recorded again. Nobody's
    /// fault.
    #[error("the learner was erased; what was recorded of them is not recorded again")]
    Erased,
    /// The caller may not post completions: it is not a provider's client.
    #[error("only a provider's client may post completions")]
    Forbidden,
    /// Our own fault or the database's.
    #[error("{0}")]
    Internal(Arc<IssuingError>),
}

fn unmet(existing: Option<CredentialId>, differing: &[String]) -> String {
    match existing {
        None => "there is nothing that it could correct".to_owned(),
        Some(_) if differing.is_empty() => "another credential stands for this completion".to_owned(),
        Some(_) => format!("it would correct what is recorded, in {}", differing.join(", ")),
    }
}

/// Why a completion was not withdrawn.
#[derive(Debug, thiserror::Error)]
pub enum WithdrawError {
    /// The provider has no such completion.
    #[error("there is no such completion")]
    NotFound,
    /// The reason is missing or too long. The caller's fault.
    #[error("the request has {} error(s)", .0.len())]
    Invalid(Vec<FieldError>),
    /// Its credential is being issued. Nobody's fault: ask again in a second.
    #[error("this completion is being recorded at this moment")]
    InFlight(CredentialId),
    /// It was corrected: this credential stands for what it was corrected to. The
    /// caller's fault.
    #[error("this completion was corrected since")]
    Superseded(CredentialId),
    /// The caller may not withdraw completions: it is not a provider's client.
    #[error("only a provider's client may withdraw its completions")]
    Forbidden,
    /// Our own fault or the database's.
    #[error("{0}")]
    Internal(Arc<IssuingError>),
}

/// Why a badge was not revoked.
#[derive(Debug, thiserror::Error)]
pub enum RevokeError {
    /// There is no such badge that the caller may know of.
    #[error("there is no such credential")]
    NotFound,
    /// The reason is missing or too long. The caller's fault.
    #[error("the request has {} error(s)", .0.len())]
    Invalid(Vec<FieldError>),
    /// Our own fault or the database's.
    #[error("{0}")]
    Internal(Arc<IssuingError>),
}

/// Why the ledger was not added to.
#[derive(Debug, thiserror::Error)]
pub enum CpdError {
    /// There is no such learner, scheme or adjustment.
    #[error("there is no such learner, scheme or adjustment")]
    NotFound,
    /// The request says something that cannot be. The caller's fault; every error is
    /// listed.
    #[error("the request has {} error(s)", .0.len())]
    Invalid(Vec<FieldError>),
    /// Who asked for an adjustment cannot decide it. The caller's fault.
    #[error("who asked for an adjustment cannot decide it")]
    SamePerson,
    /// It was decided before, otherwise or by somebody else.
    #[error("the adjustment was decided before")]
    Decided(Box<AdjustmentRecord>),
    /// Our own fault or the database's.
    #[error("{0}")]
    Internal(Arc<IssuingError>),
}

/// What can go wrong behind a request that was in order.
#[derive(Debug, thiserror::Error)]
pub enum IssuingError {
    /// The registry. [`RegistryError::Unavailable`] is worth asking again.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// The keys or the signature: the operator's fault, or a fault of ours that
    /// lint found before it was signed.
    #[error(transparent)]
    Signing(#[from] SigningError),
    /// What dealt with it panicked: a bug of ours.
    #[error("a completion could not be dealt with because of a bug; the log tells where")]
    Panicked,
    /// The catalogue does not hold what it must. The operator's fault.
    #[error("the catalogue: {0}")]
    Catalogue(String),
    /// All documents of the offline bundle together are more than one bundle holds. Nobody's
    /// fault: the service has outgrown it.
    #[error("the offline bundle would hold more than {0} bytes")]
    BundleTooLarge(usize),
}

impl IssuingError {
    /// Whether the fault lies with the database and not with what was asked: it did not
    /// answer, or it can only be read from here.
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Registry(RegistryError::Unavailable(_) | RegistryError::ReadOnly))
    }
}

impl<E: Into<IssuingError>> From<E> for AcceptError {
    fn from(error: E) -> Self {
        Self::Internal(Arc::new(error.into()))
    }
}

impl<E: Into<IssuingError>> From<E> for CpdError {
    fn from(error: E) -> Self {
        Self::Internal(Arc::new(error.into()))
    }
}

impl<E: Into<IssuingError>> From<E> for WithdrawError {
    fn from(error: E) -> Self {
        Self::Internal(Arc::new(error.into()))
    }
}

impl<E: Into<IssuingError>> From<E> for RevokeError {
    fn from(error: E) -> Self {
        Self::Internal(Arc::new(error.into()))
    }
}
