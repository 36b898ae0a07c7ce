//! From a completion to an issued credential, in two transactions
//! (docs/architecture.md): [`Registry::begin_issuance`] stores the intent,
//! [`Registry::complete_issuance`] stores what was signed, with its ledger entry.
//!
//! [`Registry::begin_issuance`]: crate::Registry::begin_issuance
//! [`Registry::complete_issuance`]: crate::Registry::complete_issuance

pub use draft::Drafts;
pub use intake::{
    Allocation, BeginOutcome, Builder, Completed, Condition, Corrected, Finished, Grant, Idempotency, Intake,
    IntentFields, Issued, Source, Validity,
};
pub use pending::Pending;

pub(crate) use batch::intent_row;
pub(crate) use complete::{Open, message};
pub(crate) use correction::gone;
pub(crate) use facts::{erased_occasion, former_reference_key, identifier_digest, reference_key};
pub(crate) use hold::{lock, take_turn};
pub(crate) use lock::alone_with;
pub(crate) use lock::wait_for;

mod batch;
mod begin;
mod complete;
mod correction;
mod countable;
mod draft;
mod facts;
mod hold;
mod intake;
mod known;
mod lock;
mod pending;
mod resolve;
mod supersession;
mod vet;
