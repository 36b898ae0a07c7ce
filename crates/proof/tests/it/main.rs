//! The canonical form from outside: documents made from the vocabulary tables
//! and from the model, read by us and by two general JSON-LD processors.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "what goes wrong in a test must fail it"
)]

mod active;
mod agreement;
mod documents;
mod general;
mod jsonld_js;
mod log;
mod proofs;
#[path = "../../../model/tests/shared/sample.rs"]
#[expect(dead_code, reason = "what is spoiled there is of no use here")]
mod sample;
mod values;
