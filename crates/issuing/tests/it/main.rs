//! Issuing on both databases, from one body each.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests fail as tests do"
)]

mod badge;
mod batch;
mod corrections;
mod erasing;
mod histories;
mod idempotency;
mod learner_records;
mod log;
mod maintenance;
mod programmes;
mod recovery;
mod revocation;
mod rules;
mod support;
mod tampering;
mod together;
mod unsignable;
mod withdrawals;
