//! The road from a draft to a signed badge, through the public interface.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "in a test that is how a fault shows; clippy's own exception reaches only `#[test]` functions"
)]

mod award;
mod badge;
mod document;
mod example;
mod learner_record;
mod request;
mod selective;
mod stranger;
