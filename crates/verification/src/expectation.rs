//! What the asker wants to know.

use chrono::{DateTime, Utc};
use model::report::Report;

use crate::Trust;

/// What the asker expects of the credential, beyond that it is good.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expectation {
    /// Whose it should be: an email address, a DID, a staff number, or a name.
    pub recipient: Option<String>,
    /// Which achievement it should be: its id, with or without the version, or its name.
    pub achievement: Option<String>,
    /// The moment as of which it is judged, if not now.
    pub as_of: Option<DateTime<Utc>>,
    /// What is looked at besides.
    pub also: Also,
    /// Of a presentation: the challenge that the asker gave to be signed.
    pub challenge: Option<String>,
    /// Of a presentation: the asker's own domain.
    pub domain: Option<String>,
    /// Whom the asker trusts, and what of a report matters to them.
    pub trust: Option<Trust>,
}

/// What is looked at only for whoever asks, because it costs requests or reads.
#[expect(clippy::struct_excessive_bools, reason = "each is asked for by itself")]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Also {
    /// Whether the evidence that it names can be had.
    pub evidence: bool,
    /// What its issuer's log holds of it, where that is known.
    pub log: bool,
    /// What its issuer's ledger holds of it, where that is known.
    pub ledger: bool,
    /// What keeps its award in force, where that is known.
    pub maintenance: bool,
}

impl Expectation {
    /// The report, its verdict made by the policy of whoever asks.
    pub(crate) fn conclude(&self, report: Report) -> Report {
        match &self.trust {
            Some(trust) => report.under(&trust.name, &trust.policy),
            None => report,
        }
    }
}
