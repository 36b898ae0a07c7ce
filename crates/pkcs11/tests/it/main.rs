//! Against Debian's SoftHSM. Each test has a process and tokens of its own.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod faults;
mod keys;
mod lost;
mod vault;

use std::path::PathBuf;

use pkcs11::{Access, Pkcs11Token};
use testkit::SoftHsm;

const LABEL: &str = "lanyard-sample";

fn access(label: &str, pin: &str) -> Access {
    Access { module: PathBuf::from(SoftHsm::MODULE), label: label.to_owned(), pin: pin.to_owned().into() }
}

fn token() -> Pkcs11Token {
    Pkcs11Token::new(access(LABEL, SoftHsm::PIN))
}
