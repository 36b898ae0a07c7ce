//! Taking a completion back.

use model::{completion::WhichCompletion, id::CompletionId};
use registry::{Revocation, WithdrawalOutcome};

use crate::{Authority, Caller, Service, WithdrawError, revoke::read_reason};

/// A completion that is withdrawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawal {
    /// The completion.
    pub completion_id: CompletionId,
    /// What became of its credential. `was_already` if it had been taken back before.
    pub revocation: Revocation,
}

impl Service {
    /// Withdraws a provider's completion for `reason`, which is recorded and not
    /// published: its badge is revoked, its credit goes, and the awards of programmes in
    /// which it counted are looked at. Withdrawing it again changes nothing: the first
    /// time and reason hold.
    pub fn withdraw(
        &self,
        caller: &Caller,
        which: &WhichCompletion,
        reason: &str,
    ) -> Result<Withdrawal, WithdrawError> {
        let Authority::Provider(provider) = &caller.authority else {
            return Err(WithdrawError::Forbidden);
        };
        let reason = read_reason(reason).map_err(|fault| WithdrawError::Invalid(vec![fault]))?;
        let (now, entropy) = (self.clock.now(), self.entropy.as_ref());
        match self.registry.withdraw(provider, which, reason, &caller.client, now, entropy)? {
            WithdrawalOutcome::Withdrawn(completion_id, revocation) => {
                Ok(Withdrawal { completion_id, revocation })
            }
            WithdrawalOutcome::Unknown => Err(WithdrawError::NotFound),
            WithdrawalOutcome::InFlight(id) => Err(WithdrawError::InFlight(id)),
            WithdrawalOutcome::Superseded(id) => Err(WithdrawError::Superseded(id)),
        }
    }
}
