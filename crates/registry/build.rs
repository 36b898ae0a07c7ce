//! A migration that is added or changed is built in: the macro that embeds them
//! names no file to cargo.

fn main() {
    println!("cargo:rerun-if-changed=../../migrations");
}
