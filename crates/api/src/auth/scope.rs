//! What a client may do.

use std::{fmt, str::FromStr};

/// A scope (RFC 6749, section 3.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Post completions.
    CompletionsWrite,
    /// Revoke credentials of the own provider; of any, for the Academy.
    CredentialsRevoke,
    /// Ask for the renewal of credentials of the own provider; of any, for the Academy.
    CredentialsRenew,
    /// Read what was issued for the own provider.
    CredentialsRead,
    /// Read the ledger lines of the own provider.
    LedgerRead,
    /// Add to the ledger what learners declare, and ask for adjustments.
    LedgerWrite,
    /// Decide on adjustments that somebody else asked for.
    LedgerApprove,
    /// Erase learners, for good.
    LearnersErase,
    /// Read the outbox.
    OutboxRead,
    /// Endorse in the name of the own body.
    EndorsementsWrite,
    /// Sign any credential through the VC API, for the Academy alone.
    CredentialsIssue,
    /// Offer badges of the own provider to wallets; any, for the Academy.
    WalletsOffer,
    /// Ask holders to present badges.
    PresentationsRequest,
    /// Record what learners let other systems do, and see what those did, for the Academy
    /// alone.
    LearnersConnect,
    /// Be told when the status of a credential changes.
    CredentialsWatch,
    /// Keep the registry of issuers, for the Academy alone.
    TrustWrite,
    /// Have many credentials checked in their own time.
    VerificationsRun,
    /// Read people's core skills, each by their consent.
    CoreSkillsRead,
    /// Send people's core skills, each by their consent.
    CoreSkillsWrite,
    /// See what every client asked and may ask, for the Academy alone.
    UsageRead,
}

/// Not the name of a scope. Whose fault: the writer's of that text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a scope; there are {list}", list = Scope::ALL.map(Scope::as_str).join(", "))]
pub struct ScopeError(String);

impl Scope {
    /// All of them.
    pub const ALL: [Self; 20] = [
        Self::CompletionsWrite,
        Self::CredentialsRevoke,
        Self::CredentialsRenew,
        Self::CredentialsRead,
        Self::LedgerRead,
        Self::LedgerWrite,
        Self::LedgerApprove,
        Self::LearnersErase,
        Self::OutboxRead,
        Self::EndorsementsWrite,
        Self::CredentialsIssue,
        Self::WalletsOffer,
        Self::PresentationsRequest,
        Self::LearnersConnect,
        Self::CredentialsWatch,
        Self::TrustWrite,
        Self::VerificationsRun,
        Self::CoreSkillsRead,
        Self::CoreSkillsWrite,
        Self::UsageRead,
    ];

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CompletionsWrite => "completions:write",
            Self::CredentialsRevoke => "credentials:revoke",
            Self::CredentialsRenew => "credentials:renew",
            Self::CredentialsRead => "credentials:read",
            Self::LedgerRead => "ledger:read",
            Self::LedgerWrite => "ledger:write",
            Self::LedgerApprove => "ledger:approve",
            Self::LearnersErase => "learners:erase",
            Self::OutboxRead => "outbox:read",
            Self::EndorsementsWrite => "endorsements:write",
            Self::CredentialsIssue => "credentials:issue",
            Self::WalletsOffer => "wallets:offer",
            Self::PresentationsRequest => "presentations:request",
            Self::LearnersConnect => "learners:connect",
            Self::CredentialsWatch => "credentials:watch",
            Self::VerificationsRun => "verifications:run",
            Self::TrustWrite => "trust:write",
            Self::CoreSkillsRead => "core-skills:read",
            Self::CoreSkillsWrite => "core-skills:write",
            Self::UsageRead => "usage:read",
        }
    }

    /// What it allows, for the API's description.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::CompletionsWrite => "Post completions",
            Self::CredentialsRevoke => "Revoke credentials of the own provider",
            Self::CredentialsRenew => "Ask for the renewal of credentials of the own provider",
            Self::CredentialsRead => "Read what was issued for the own provider",
            Self::LedgerRead => "Read ledger lines of the own provider",
            Self::LedgerWrite => "Add activities to a ledger and ask for adjustments (the Academy alone)",
            Self::LedgerApprove => "Decide on adjustments that somebody else asked for (the Academy alone)",
            Self::LearnersErase => "Erase learners, for good (the Academy alone)",
            Self::OutboxRead => "Read the outbox",
            Self::EndorsementsWrite => "Endorse in the name of the own body, and withdraw that",
            Self::CredentialsIssue => "Sign any credential through the VC API (the Academy alone)",
            Self::WalletsOffer => "Offer badges of the own provider to wallets",
            Self::PresentationsRequest => "Ask holders to present badges",
            Self::CredentialsWatch => "Be told when the status of a credential changes",
            Self::VerificationsRun => "Have many credentials checked in their own time",
            Self::LearnersConnect => {
                "Record what learners let other systems do, and see what those did (the Academy alone)"
            }
            Self::TrustWrite => {
                "Put issuers on lists of whom to trust, and take them off (the Academy alone)"
            }
            Self::CoreSkillsRead => "Read the core skills of people who consented",
            Self::CoreSkillsWrite => "Send core skills of people who consented",
            Self::UsageRead => "See what every client asked and may ask (the Academy alone)",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Scope {
    type Err = ScopeError;

    fn from_str(text: &str) -> Result<Self, ScopeError> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == text).ok_or_else(|| ScopeError(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scope_is_read_back() {
        for scope in Scope::ALL {
            assert_eq!(scope.to_string().parse(), Ok(scope));
        }
        let error = "completions:read".parse::<Scope>().unwrap_err().to_string();
        assert!(error.contains("completions:write"), "{error}");
    }
}
