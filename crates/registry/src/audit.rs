//! The audit: do the tables agree with each other?
use chrono::{DateTime, Utc};
use model::id::CredentialId;

use crate::{Registry, RegistryError};

/// A row that breaks a promise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditFinding {
    /// The table.
    pub table: &'static str,
    /// The row.
    pub id: String,
    /// What is wrong, a sentence for people.
    pub detail: String,
}

/// An intent that is not signed yet: allowed, but not for long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingAge {
    /// The credential.
    pub credential_id: CredentialId,
    /// When its intent was stored.
    pub prepared_at: DateTime<Utc>,
    /// How long ago that was, in seconds.
    pub age_seconds: i64,
}

/// What an audit found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditReport {
    /// Completions.
    pub completions: u64,
    /// Awards.
    pub awards: u64,
    /// Credentials, issued, revoked and pending.
    pub credentials: u64,
    /// Ledger entries.
    pub ledger_entries: u64,
    /// Intents that are not signed yet, oldest first.
    pub pending: Vec<PendingAge>,
    /// Rows that break a promise; empty when all is well.
    pub findings: Vec<AuditFinding>,
}

impl Registry {
    /// Compares the tables (promise 1).
    pub fn audit(&self, now: DateTime<Utc>) -> Result<AuditReport, RegistryError> {
        let _ = now;
        todo!()
    }
}
