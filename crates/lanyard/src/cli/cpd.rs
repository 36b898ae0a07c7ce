//! Learners' ledgers and schemes.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Subcommand, ValueEnum};
use model::id::{AdjustmentId, LearnerId, LedgerEntryId, Slug};

/// What can be done with a learner's CPD.
#[derive(Debug, Subcommand)]
pub enum Cpd {
    /// Show a learner's ledger, line by line, and the sums.
    Show {
        /// The learner's id.
        learner: LearnerId,
        /// As it stood then: a day (2026-05-01), which counts whole, or a moment.
        #[arg(long, value_name = "DATE")]
        as_of: Option<String>,
    },
    /// Add what the learner declares, marked so.
    Activity {
        /// The learner's id.
        learner: LearnerId,
        /// What was done, on one line.
        #[arg(long)]
        title: String,
        #[command(flatten)]
        credit: Worth,
        /// When it was finished: a day, or a moment.
        #[arg(long, value_name = "DATE")]
        finished_at: String,
        /// The category of a scheme.
        #[arg(long)]
        category: Option<Slug>,
        /// What was learned by it.
        #[arg(long)]
        reflection: Option<String>,
        /// Where it can be seen, https.
        #[arg(long, value_name = "URL")]
        evidence: Option<String>,
    },
    /// Bring in the credit of a credential that somebody else issued; it is verified first.
    Transfer {
        /// The learner's id.
        learner: LearnerId,
        /// The credential: a file with JSON or a token.
        credential: PathBuf,
        /// What it is worth, where it does not say so.
        #[arg(long, requires = "unit")]
        amount: Option<String>,
        /// In which unit: `hours`, `points` or `credits:SCHEME`.
        #[arg(long, requires = "amount")]
        unit: Option<String>,
        /// Why it is worth that.
        #[arg(long)]
        equivalence: Option<String>,
        /// The category of a scheme.
        #[arg(long)]
        category: Option<Slug>,
    },
    /// Accept such a credential as prior learning. Who brought it in cannot.
    PriorLearning {
        /// The learner's id.
        learner: LearnerId,
        /// The id of the transfer's line in the ledger, as `lanyard cpd show` prints it.
        #[arg(long, value_name = "LINE")]
        transfer: LedgerEntryId,
        /// The prior learning of the catalogue that it is.
        #[arg(long)]
        achievement: Slug,
        /// Why, on one line.
        #[arg(long)]
        reason: String,
    },
    /// Ask for a correction of the ledger. It changes nothing until somebody else approves it.
    Adjust {
        /// The learner's id.
        learner: LearnerId,
        /// How much is added; taken away, with a minus.
        #[arg(long, allow_hyphen_values = true)]
        amount: String,
        /// In which unit: `hours`, `points` or `credits:SCHEME`.
        #[arg(long)]
        unit: String,
        /// The day for which it counts.
        #[arg(long, value_name = "DATE")]
        earned_on: NaiveDate,
        /// The category of a scheme.
        #[arg(long)]
        category: Option<Slug>,
        /// Why, on one line.
        #[arg(long)]
        reason: String,
    },
    /// Approve or refuse an adjustment. Who asked for it cannot.
    Decide {
        /// The adjustment's id.
        adjustment: AdjustmentId,
        /// What is decided.
        decision: DecisionName,
    },
    /// State since when a learner counts under a scheme.
    Join {
        /// The learner's id.
        learner: LearnerId,
        /// The scheme's short name.
        scheme: Slug,
        /// The day.
        #[arg(long, value_name = "DATE")]
        joined_on: NaiveDate,
    },
    /// Keep what the learner wrote of a period.
    Words {
        /// The learner's id.
        learner: LearnerId,
        /// The scheme's short name.
        scheme: Slug,
        /// A day of the period.
        day: NaiveDate,
        /// A file with the text.
        file: PathBuf,
    },
}

/// An amount of credit.
#[derive(Debug, Args)]
pub struct Worth {
    /// How much.
    #[arg(long)]
    pub amount: String,
    /// In which unit: `hours`, `points` or `credits:SCHEME`.
    #[arg(long)]
    pub unit: String,
}

/// What is decided about an adjustment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DecisionName {
    /// It is written into the ledger.
    Approved,
    /// It is not.
    Refused,
}
