//! What a line of the ledger is about that no completion made.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{Credit, Unit};
use crate::id::{LedgerEntryId, Slug};

/// A learner's own activity as it is declared: nobody vouches for it but who states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activity {
    /// What was done, on one line.
    pub title: String,
    /// The credit claimed.
    pub credit: Credit,
    /// When it was finished.
    pub finished_at: DateTime<Utc>,
    /// The category of a scheme, where one is meant.
    pub category: Option<Slug>,
    /// What was learned by it.
    pub reflection: Option<String>,
    /// Where it can be seen, https.
    pub evidence: Option<String>,
}

/// A correction of the ledger, to be asked for by one person and approved by another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Adjustment {
    /// The exact amount to add; below zero to take away.
    pub amount: Decimal,
    /// Its unit.
    pub unit: Unit,
    /// The day to whose period it belongs.
    pub earned_on: NaiveDate,
    /// The category of a scheme, where one is meant.
    pub category: Option<Slug>,
    /// Why.
    pub reason: String,
}

/// What is kept beside such a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Details {
    /// What was done, or why the line was added.
    pub title: String,
    /// The category of a scheme, where one is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<Slug>,
    /// What was learned by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reflection: Option<String>,
    /// Where it can be seen, https.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
    /// The client through which it was stated or asked for.
    pub stated_by: String,
    /// The client that approved it, of an adjustment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<String>,
    /// The credential that it comes from, of a transfer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<TransferOrigin>,
}

/// A credential of somebody else's whose credit was brought into the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TransferOrigin {
    /// The id of who issued it.
    pub issuer: String,
    /// The name that it gives its issuer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer_name: Option<String>,
    /// The id of the credential.
    pub credential: String,
    /// The id of the achievement.
    pub achievement: String,
    /// SHA-256 of its content without proofs, in canonical form (RFC 8785), hexadecimal.
    pub digest: String,
    /// Why it is worth the credit, where it does not state it itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub equivalence: Option<String>,
}

/// What is asked for a credential of somebody else's.
#[derive(Debug, Clone, PartialEq)]
pub struct TransferRequest {
    /// The credential: an object, or a token.
    pub credential: serde_json::Value,
    /// The credit that it is worth, where it does not state that itself.
    pub credit: Option<Credit>,
    /// Why it is worth that, on one line.
    pub equivalence: Option<String>,
    /// The category of a scheme, where one is meant.
    pub category: Option<Slug>,
}

/// A decision: a badge that was brought in is accepted as prior learning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriorLearning {
    /// The line of the ledger with which it was brought in.
    pub transfer: LedgerEntryId,
    /// The prior learning as which it is accepted, an achievement of that kind.
    pub achievement: Slug,
    /// Why, on one line.
    pub reason: String,
}
