//! `ecdsa-jcs-2019` (VC Data Integrity ECDSA Cryptosuites 1.0, section 3.3):
//! P-256 with SHA-256, P-384 with SHA-384.

use super::Suite;
use super::signing::Transformation;
use super::verifying::Algorithm;

/// The suite's `cryptosuite` name.
pub const NAME: &str = "ecdsa-jcs-2019";

/// The suite: JSON is signed as it stands, by ECDSA.
pub const SUITE: Suite =
    Suite { name: NAME, transformation: Transformation::Jcs, algorithm: Algorithm::Ecdsa };
