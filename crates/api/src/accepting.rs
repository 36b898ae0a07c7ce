//! From what `issuing` says of a completion or a revocation to a problem.

use issuing::{AcceptError, CpdError, EndorseError, IssuingError, RevokeError, TransferError, WithdrawError};
use model::site::Site;
use serde_json::json;
use signing::SigningError;

use crate::problem::{Problem, table};

/// The problem of a completion that was not accepted.
pub fn not_accepted(site: &Site, error: AcceptError) -> Problem {
    match error {
        AcceptError::Invalid(errors) => Problem::invalid(errors),
        AcceptError::IdempotencyKeyReused => Problem::new(
            &table::KEY_REUSED,
            "This Idempotency-Key was sent before with another body; nothing was recorded.",
        ),
        AcceptError::InFlight(id) => {
            Problem::new(&table::IN_FLIGHT, "The same completion is being recorded at this moment.")
                .after(1)
                .with("credential", site.credential(id))
        }
        AcceptError::Conflict { existing, differing } => {
            let detail = format!(
                "A completion of this learner, achievement and date is recorded under another reference; it differs in {}.",
                differing.join(", ")
            );
            Problem::new(&table::COMPLETION_CONFLICT, detail)
                .with("credential", site.credential(existing))
                .with("differing", json!(differing))
        }
        AcceptError::Waiting => {
            Problem::new(&table::IN_FLIGHT, "What it corrects is being recorded at this moment.").after(1)
        }
        AcceptError::Superseded(id) => {
            let detail = "This content was recorded and corrected since; nothing was changed.";
            Problem::new(&table::COMPLETION_SUPERSEDED, detail).with("credential", site.credential(id))
        }
        AcceptError::Withdrawn(id) => {
            let detail = "This completion was withdrawn; posting it again does not bring it back.";
            Problem::new(&table::COMPLETION_WITHDRAWN, detail).with("credential", site.credential(id))
        }
        AcceptError::Revoked(id) => {
            let detail = "The credential of this completion was revoked, and not by its provider.";
            Problem::new(&table::COMPLETION_REVOKED, detail).with("credential", site.credential(id))
        }
        AcceptError::Unmet { existing: None, .. } => Problem::new(
            &table::PRECONDITION_FAILED,
            "Nothing is recorded that this completion could correct; nothing was recorded now.",
        ),
        AcceptError::Unmet { existing: Some(id), differing } => {
            let detail =
                "Another content is recorded, or another credential stands for it; nothing was changed.";
            Problem::new(&table::PRECONDITION_FAILED, detail)
                .with("credential", site.credential(id))
                .with("differing", json!(differing))
        }
        AcceptError::LearnerConflict { detail, expected } => {
            Problem::new(&table::LEARNER_CONFLICT, detail).with("expected", expected)
        }
        AcceptError::Erased => Problem::new(
            &table::LEARNER_ERASED,
            "The learner was erased at their request; this completion is not recorded again.",
        ),
        AcceptError::Forbidden => Problem::new(
            &table::FORBIDDEN,
            "Only a client that acts for a learning provider may post completions.",
        ),
        AcceptError::Internal(error) => error.as_ref().into(),
    }
}

/// The problem of a completion that was not withdrawn.
pub fn not_withdrawn(site: &Site, error: WithdrawError) -> Problem {
    match error {
        WithdrawError::NotFound => Problem::not_found("completion of this provider"),
        WithdrawError::Invalid(errors) => Problem::invalid(errors),
        WithdrawError::InFlight(id) => {
            Problem::new(&table::IN_FLIGHT, "This completion is being recorded at this moment.")
                .after(1)
                .with("credential", site.credential(id))
        }
        WithdrawError::Superseded(id) => {
            let detail = "This completion was corrected since; withdraw what it was corrected to.";
            Problem::new(&table::COMPLETION_SUPERSEDED, detail).with("credential", site.credential(id))
        }
        WithdrawError::Forbidden => Problem::new(
            &table::FORBIDDEN,
            "Only a client that acts for a learning provider may withdraw completions.",
        ),
        WithdrawError::Internal(error) => error.as_ref().into(),
    }
}

impl From<RevokeError> for Problem {
    fn from(error: RevokeError) -> Self {
        match error {
            RevokeError::NotFound => Self::not_found("credential of this provider"),
            RevokeError::Invalid(errors) => Self::invalid(errors),
            RevokeError::Internal(error) => error.as_ref().into(),
        }
    }
}

impl From<CpdError> for Problem {
    fn from(error: CpdError) -> Self {
        match error {
            CpdError::NotFound => Self::not_found("learner, scheme or adjustment"),
            CpdError::Invalid(errors) => Self::invalid(errors),
            CpdError::SamePerson => {
                Self::new(&table::TWO_PEOPLE, "This client asked for the adjustment; another must decide.")
            }
            CpdError::Decided(record) => {
                let decision = record.decision.map(|decision| (decision.by, decision.entry.is_some()));
                let (by, approved) = decision.unwrap_or_default();
                let word = if approved { "approved" } else { "refused" };
                Self::new(&table::ALREADY_DECIDED, format!("`{by}` {word} it before."))
            }
            CpdError::Internal(error) => error.as_ref().into(),
        }
    }
}

impl From<TransferError> for Problem {
    fn from(error: TransferError) -> Self {
        match error {
            TransferError::NotFound => Self::not_found("learner"),
            TransferError::Invalid(errors) => Self::invalid(errors),
            TransferError::Elsewhere => {
                Self::new(&table::TRANSFERRED, "The credential counts in another learner's ledger.")
            }
            TransferError::Internal(error) => error.as_ref().into(),
        }
    }
}

impl From<EndorseError> for Problem {
    fn from(error: EndorseError) -> Self {
        match error {
            EndorseError::NotFound => Self::not_found("endorsement of this body"),
            EndorseError::Forbidden => Self::new(&table::FORBIDDEN, error.to_string()),
            EndorseError::Invalid(errors) => Self::invalid(errors),
            EndorseError::Conflict(id) => Self::new(
                &table::OTHER_ENDORSEMENT,
                format!("The endorsement {id} has that credential id and another content."),
            ),
            EndorseError::Internal(error) => error.as_ref().into(),
        }
    }
}

impl From<IssuingError> for Problem {
    fn from(error: IssuingError) -> Self {
        (&error).into()
    }
}

impl From<&IssuingError> for Problem {
    fn from(error: &IssuingError) -> Self {
        match error {
            IssuingError::Registry(error) => error.into(),
            IssuingError::Signing(error @ SigningError::Token { .. }) => Self::keys_unavailable(error),
            other => Self::internal(other),
        }
    }
}
