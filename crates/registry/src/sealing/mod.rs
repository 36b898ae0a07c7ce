//! What is known of a person lies in the database sealed under a key of that person's
//! own (`docs/erasure.md`): once the key is deleted, nobody reads it again, wherever
//! copies of the row still lie.

mod column;
mod keys;
mod later;
mod person;
mod pressing;
mod text;

pub(crate) use column::{
    ACCESS, ADJUSTMENT, ANSWER, CLAIM, COMPLETION, CONSENT, Column, DETAILS, HOST, JOB_LINES, JOB_RESULTS,
    PASSPORT, PROFILE, PROOF, REASON, STATEMENT, UNSIGNED, VC_JWT, WALLET_KEY, WATCH_SECRET, WATCHED,
    WITHDRAWAL,
};
pub(crate) use keys::{Wrapping, known, make_missing, of};
pub(crate) use person::PersonKey;
pub(crate) use text::{is_marked, is_plain, mark, read, read_json};
