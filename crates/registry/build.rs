//! A migration that is added or changed is built in: the macro that embeds them
//! names no file to cargo.

#![expect(clippy::print_stdout, reason = "how a build script speaks to cargo")]

fn main() {
    println!("cargo:rerun-if-changed=../../migrations");
}
