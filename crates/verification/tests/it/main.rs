//! Verification from outside: badges made here by throw-away keys, and hosts
//! that answer as a test likes.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails, which is what these do"
)]

mod support;

mod dates_and_people;
mod endorsements;
mod forms;
mod json_badges;
mod jwt_badges;
mod reaching_out;
mod sd_jwt_badges;
mod status;
mod suites;
