//! Verification from outside: badges made here by throw-away keys, and hosts
//! that answer as a test likes.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test that cannot go on fails, which is what these do; how much one does is a setting"
)]

mod support;

mod besides;
mod dates_and_people;
mod endorsements;
mod enveloped;
mod forms;
mod json_badges;
#[path = "../../../proof/tests/it/jsonld_js.rs"]
mod jsonld_js;
mod jwt_badges;
mod learner_records;
mod legacy;
mod many;
mod mutations;
mod offline;
mod photos;
mod presentations;
mod reaching_out;
mod remembering;
#[path = "../../../model/tests/shared/sample.rs"]
#[expect(dead_code, reason = "only its dice are thrown here")]
mod sample;
mod sd_jwt_badges;
mod sd_jwt_issuers;
mod status;
mod suites;
mod trust;
mod watched;
