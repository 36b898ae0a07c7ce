//! The API as its clients meet it, over both databases.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "what goes wrong in a test must fail it"
)]

mod access;
mod accreditations;
mod batch;
mod completions;
mod core_skills;
mod corrections;
mod cpd;
mod credentials;
mod documents;
mod endorsements;
mod erasing;
mod exchanges;
mod jobs;
mod live;
mod log;
mod maintenance;
mod oauth;
mod passports;
mod problems;
mod programmes;
mod transfers;
mod trust;
mod vc_api;
mod verification;
mod wallets;
mod watches;
mod world;
