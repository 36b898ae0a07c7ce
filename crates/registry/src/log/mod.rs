//! The log that makes the registry tamper-evident (`docs/log.md`): what is
//! written in the tables that matter is also an entry of a Merkle tree.
//!
//! The transaction that writes such rows adds their entries as one
//! [`Parcel`](parcel::Parcel) that waits. [`Registry::sequence_log`] gives waiting
//! entries their places; what the tree is and who signs it, its caller knows.
//!
//! [`Registry::sequence_log`]: crate::Registry::sequence_log

mod accreditations;
mod audit;
mod awards;
mod backfill;
mod columns;
mod cosign;
mod cpd;
mod credentials;
mod endorsements;
mod entry;
mod find;
mod keys;
mod parcel;
mod publications;
mod reviews;
mod rows;
mod sequence;
mod serve;
mod standing;
mod statuses;
mod successions;
pub(crate) mod tables;
mod trust;

pub use audit::LogComparison;
pub use entry::{EntryKind as LogEntryKind, LogEntry};
pub use find::{CredentialInLog, LoggedEntry, Opening};
pub use keys::{KeyEvent, KeyEventKind};
pub use sequence::{GrownBundle, GrownTile, Growth, LogHead, LogView};
pub use serve::{StoredBundle, StoredCheckpoint, StoredTile};

pub(crate) use accreditations::accredited;
pub(crate) use backfill::take_up;
pub(crate) use columns::sha256;
pub(crate) use publications::version_of;
pub(crate) use rows::{
    SignedForms, begun, change_of, completed, corrected, erased, place_of, reversed, seat_of, seated, stated,
    status_revoked, status_taken, suspension_changed, suspension_taken, withdrawn,
};
pub(crate) use standing::tell;
pub(crate) use successions::succeeded;
