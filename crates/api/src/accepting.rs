//! From what `issuing` says of a completion or a revocation to a problem.

use issuing::{AcceptError, CpdError, IssuingError, RevokeError};
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
                "A completion with this identity is recorded already; it differs in {}.",
                differing.join(", ")
            );
            Problem::new(&table::COMPLETION_CONFLICT, detail)
                .with("credential", site.credential(existing))
                .with("differing", json!(differing))
        }
        AcceptError::LearnerConflict { detail, expected } => {
            Problem::new(&table::LEARNER_CONFLICT, detail).with("expected", expected)
        }
        AcceptError::Forbidden => Problem::new(
            &table::FORBIDDEN,
            "Only a client that acts for a learning provider may post completions.",
        ),
        AcceptError::Internal(error) => error.as_ref().into(),
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
