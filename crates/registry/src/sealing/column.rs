//! The columns that are sealed.

/// A column. What is sealed in one row of it opens nowhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Column {
    pub table: &'static str,
    pub name: &'static str,
}

/// A completion as it was stated.
pub(crate) const COMPLETION: Column = Column { table: "completions", name: "body" };
/// What a line of the ledger is about.
pub(crate) const DETAILS: Column = Column { table: "ledger_entries", name: "details" };
/// What an adjustment of the ledger is to say.
pub(crate) const ADJUSTMENT: Column = Column { table: "ledger_adjustments", name: "body" };

/// What of a badge is signed.
pub(crate) const UNSIGNED: Column = Column { table: "credentials", name: "unsigned" };
/// Its proof. The mark stands for the badge with its proof.
pub(crate) const PROOF: Column = Column { table: "credentials", name: "proof" };
/// Its VC-JWT, where that is stored.
pub(crate) const VC_JWT: Column = Column { table: "credentials", name: "vc_jwt" };

/// Why it was taken back, in somebody's words.
pub(crate) const REASON: Column = Column { table: "credentials", name: "revoked_reason" };

/// What a learner wrote of a period.
pub(crate) const STATEMENT: Column = Column { table: "cpd_statements", name: "body" };
/// Why a completion was withdrawn.
pub(crate) const WITHDRAWAL: Column = Column { table: "completion_withdrawals", name: "reason" };

/// The key of the wallet that took a badge.
pub(crate) const WALLET_KEY: Column = Column { table: "wallet_offers", name: "holder" };
/// What a verifier is told of what was presented; under a key of its own.
pub(crate) const ANSWER: Column = Column { table: "presentation_requests", name: "answer" };

/// What is needed to look at a credential of another's that is watched; under a key of the
/// watch's own.
pub(crate) const WATCHED: Column = Column { table: "watches", name: "statement" };
/// What a watch's messages are signed with; under the same key.
pub(crate) const WATCH_SECRET: Column = Column { table: "watches", name: "secret" };

/// What is to be checked for a client, and what was found; under a key of the job's own.
pub(crate) const JOB_LINES: Column = Column { table: "verification_job_groups", name: "lines" };
pub(crate) const JOB_RESULTS: Column = Column { table: "verification_job_groups", name: "results" };

/// Another's credential in a learner's passport.
pub(crate) const PASSPORT: Column = Column { table: "passport_credentials", name: "body" };
/// What a learner says of themselves to other systems.
pub(crate) const PROFILE: Column = Column { table: "passport_profiles", name: "body" };
/// For what, and which subjects, a holder lets a client read or send core skills.
pub(crate) const CONSENT: Column = Column { table: "passport_consents", name: "body" };
/// What somebody read or sent, and for what.
pub(crate) const ACCESS: Column = Column { table: "passport_accesses", name: "body" };
/// A core skill that another system sent.
pub(crate) const CLAIM: Column = Column { table: "passport_claims", name: "body" };

/// Another host at which a learner keeps badges, with the tokens for it.
pub(crate) const HOST: Column = Column { table: "passport_hosts", name: "details" };

impl Column {
    /// What names one value of the column.
    pub(super) fn parts<'a>(&self, row: &'a str) -> [&'a [u8]; 3] {
        [self.table.as_bytes(), self.name.as_bytes(), row.as_bytes()]
    }
}
