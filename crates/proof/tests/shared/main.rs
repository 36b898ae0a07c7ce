//! What is checked against the published data beside the project.

#![expect(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "a test target")]

mod badge;
mod citizenship;
mod contexts;
mod ecdsa_sd;
mod eddsa;
mod examples;
mod rdfc10;
mod suites;

use std::path::PathBuf;

/// A file of the shared folder: `LANYARD_SHARED`, else beside the project.
pub(crate) fn read(path: &str) -> String {
    let file = root().join(path);
    std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

pub(crate) fn json(path: &str) -> serde_json::Value {
    serde_json::from_str(&read(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[expect(clippy::disallowed_methods, reason = "a test finds its data by the environment")]
fn root() -> PathBuf {
    std::env::var("LANYARD_SHARED")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared").into())
        .into()
}
