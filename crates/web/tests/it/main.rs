//! Every page, in both languages, with ordinary and with nasty content.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test may stop where its page is not as it should be"
)]

mod html;
mod pages;
mod samples;
