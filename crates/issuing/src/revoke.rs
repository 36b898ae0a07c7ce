//! Taking a badge back.

use model::{field::FieldError, id::CredentialId};
use registry::Revocation;

use crate::{Caller, RevokeError, Service};

/// The most characters of a reason.
const LONGEST_REASON: usize = 500;

impl Service {
    /// Revokes a badge for `reason`, which is recorded and not published. A badge
    /// that was revoked before stays as it was: the first time and reason hold.
    pub fn revoke(&self, caller: &Caller, id: CredentialId, reason: &str) -> Result<Revocation, RevokeError> {
        let reason = read_reason(reason).map_err(|fault| RevokeError::Invalid(vec![fault]))?;
        let known = self.registry.credential(id)?.ok_or(RevokeError::NotFound)?;
        if !caller.acts_for(&known.provider) {
            return Err(RevokeError::NotFound);
        }
        let (now, entropy) = (self.clock.now(), self.entropy.as_ref());
        self.registry.revoke(id, reason, &caller.client, now, entropy)?.ok_or(RevokeError::NotFound)
    }
}

pub(crate) fn read_reason(reason: &str) -> Result<&str, FieldError> {
    let reason = reason.trim();
    let fault = |code, detail: &str| {
        let expected = format!("why the badge is taken back, in 1 to {LONGEST_REASON} characters");
        Err(FieldError::new("/reason", code, detail, expected))
    };
    if reason.is_empty() {
        return fault("reason-required", "there is no reason");
    }
    if reason.chars().count() > LONGEST_REASON {
        return fault("too-long", "the reason is too long");
    }
    if reason.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return fault("control-character", "the reason has control characters");
    }
    Ok(reason)
}
