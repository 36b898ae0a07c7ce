//! Single credentials.

use clap::Subcommand;

/// What can be done with a credential that was issued.
#[derive(Debug, Subcommand)]
pub enum Credentials {
    /// Revoke it, for good: every credential of its award, with the reversal in the ledger.
    Revoke {
        /// Its id or address.
        credential: String,
        /// Why. It is recorded, not published.
        #[arg(long)]
        reason: String,
    },
    /// Renew it, or reinstate it, where all is there that its policy asks for.
    Renew {
        /// Its id or address.
        credential: String,
    },
}
