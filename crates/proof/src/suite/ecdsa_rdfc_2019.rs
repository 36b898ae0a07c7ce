//! `ecdsa-rdfc-2019` (VC Data Integrity ECDSA Cryptosuites 1.0, section 3.2):
//! P-256 with SHA-256, P-384 with SHA-384, in the canonicalisation too.

use super::Suite;
use super::signing::Transformation;
use super::verifying::Algorithm;

/// The suite's `cryptosuite` name.
pub const NAME: &str = "ecdsa-rdfc-2019";

/// The suite: statements are signed, by ECDSA.
pub const SUITE: Suite =
    Suite { name: NAME, transformation: Transformation::Rdfc, algorithm: Algorithm::Ecdsa };
