//! `eddsa-jcs-2022` (VC Data Integrity `EdDSA` Cryptosuites 1.0, section 3.3).

use super::Suite;
use super::signing::Transformation;
use super::verifying::Algorithm;

/// The suite's `cryptosuite` name.
pub const NAME: &str = "eddsa-jcs-2022";

/// The suite: JSON is signed as it stands, by Ed25519.
pub const SUITE: Suite =
    Suite { name: NAME, transformation: Transformation::Jcs, algorithm: Algorithm::Ed25519 };
