//! The registry: the only crate that speaks to a database, and the only user of
//! diesel. It keeps the catalogue, learners, completions, awards, credentials,
//! status lists, the CPD ledger, its log, idempotency records, clients and the outbox, on
//! `SQLite` or PostgreSQL from one set of queries.
//!
//! Every method blocks: async callers go through `spawn_blocking`. What must
//! hold is a constraint or trigger in the database first (`migrations/`), and
//! code second.

mod accreditation;
mod audit;
mod behind;
mod bulk;
mod catalogue;
mod checkpoint;
mod client;
mod client_limits;
mod cpd;
mod credential;
mod db;
mod difference;
mod digest;
mod endorsement;
mod erasure;
mod error;
mod group;
mod issuance;
mod job;
mod learner;
mod ledger;
mod lineage;
mod log;
mod maintenance;
mod migration;
mod moment;
mod open;
mod outbox;
mod passport;
mod permutation;
mod place;
mod pool;
mod pulse;
mod review;
mod revisions;
mod revocation;
mod rules;
mod schema;
mod sealing;
mod seat;
mod statement;
mod status;
mod succession;
mod suspension;
mod sweep;
mod token;
mod transfer;
mod trust;
mod usage;
mod vc_status;
mod verification_job;
mod wallet;
mod watch;
mod withdrawal;
mod words;

pub use audit::{AuditFinding, AuditReport, PendingAge};
pub use behind::{Backing, Behind};
pub use catalogue::CatalogueChange;
pub use client::{ApiKeyRecord, ClientRecord, NewApiKey, NewClient};
pub use client_limits::{ClientLimits, LimitChange};
pub use cpd::{AdjustmentRecord, Decision, Undecided};
pub use credential::{CredentialRecord, CredentialState};
pub use endorsement::{EndorsementRecord, Kept};
pub use erasure::Erasure;
pub use error::RegistryError;
pub use issuance::{
    Allocation, BeginOutcome, Builder, Completed, Condition, Corrected, Drafts, Finished, Grant, Idempotency,
    Intake, IntentFields, Issued, Pending, Source, Validity,
};
pub use job::{Job, Rules, Unknown};
pub use learner::{AwardSummary, LearnerRecord};
pub use ledger::{Credited, EntryKind, LedgerEntry, LedgerPage, Origin};
pub use lineage::{Lineage, Relative};
pub use log::{
    CredentialInLog, GrownBundle, GrownTile, Growth, KeyEvent, KeyEventKind, LogComparison, LogEntry,
    LogEntryKind, LogHead, LogView, LoggedEntry, Opening, StoredBundle, StoredCheckpoint, StoredTile,
};
pub use maintenance::{Looked, MaintenanceHistory, Renewable, RenewalOutcome, Told, WakingAward};
pub use open::{Backend, Options, Registry};
pub use outbox::OutboxMessage;
pub use passport::{
    AccessRecord, ClaimKept, ClaimRecord, Connection, ConsentRecord, CoreSkillsRequest, Granted,
    NewPassportClient, NewPassportHost, PassportClient, PassportEntry, PassportGrant, PassportHost,
    PassportTokens, Reach, Received, Upserted,
};
pub use review::Review;
pub use revisions::Revisions;
pub use revocation::Revocation;
pub use status::StatusListState;
pub use succession::Successor;
pub use token::{NewToken, TokenRecord};
pub use transfer::{Transfer, Transferred};
pub use trust::{Decided, TrustRecord};
pub use usage::Usage;
pub use vc_status::{StatusEntry, WhichEntry};
pub use verification_job::{
    Found, JobBegun, JobGroup, JobKey, JobResults, JobState, JobTally, NewJobGroup, NewVerificationJob,
    VerificationJobRecord,
};
pub use wallet::{
    ExchangeState, Issue, NewAnswer, NewOffer, NewPresentationRequest, NewWalletToken, OfferExchange,
    OfferRecord, OfferSummary, PresentationRequestRecord, Read, Taken,
};
pub use watch::{
    Attempt, Delivery, DeliveryFilter, Due, Ended, NewWatch, ToLookAt, WatchEvent, WatchRecord, WatchStatus,
    Watched,
};
pub use withdrawal::WithdrawalOutcome;
