//! Taking a badge back.

use std::sync::Arc;

use model::{field::FieldError, id::CredentialId};
use registry::Revocation;

use crate::{Caller, IssuingError, RevokeError, Service};

/// The most characters of a reason.
const LONGEST_REASON: usize = 500;

impl Service {
    /// Revokes a badge for `reason`, which is recorded and not published. A badge
    /// that was revoked before stays as it was: the first time and reason hold.
    pub fn revoke(&self, caller: &Caller, id: CredentialId, reason: &str) -> Result<Revocation, RevokeError> {
        let reason = reason.trim();
        if reason.is_empty() || reason.chars().count() > LONGEST_REASON {
            return Err(RevokeError::Invalid(vec![FieldError::new(
                "/reason",
                "reason-required",
                if reason.is_empty() {
                    "there is no reason".to_owned()
                } else {
                    "the reason is too long".to_owned()
                },
                format!("why the badge is taken back, in 1 to {LONGEST_REASON} characters"),
            )]));
        }
        let known = self.registry.credential(id)?.ok_or(RevokeError::NotFound)?;
        if !caller.acts_for(&known.provider) {
            return Err(RevokeError::NotFound);
        }
        self.registry.revoke(id, reason, &caller.client, self.clock.now(), self.entropy.as_ref())?.ok_or_else(
            || RevokeError::Internal(Arc::new(IssuingError::Catalogue(format!("credential {id} has gone")))),
        )
    }
}
