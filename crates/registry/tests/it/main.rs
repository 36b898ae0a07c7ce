//! The registry on both databases, from one body each.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests fail as tests do"
)]

mod audit;
mod catalogue;
mod clients;
mod concurrency;
mod core_skills;
mod cpd;
mod erasure;
mod exchanges;
mod idempotency;
mod issuance;
mod learners;
mod migrations;
mod passports;
mod programmes;
mod refusals;
mod revocation;
mod support;
mod trust;
mod usage;
mod verification_jobs;
mod wallets;
mod watches;
