//! Sign and verify.
fn main() {}
