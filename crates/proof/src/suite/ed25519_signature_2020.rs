//! `Ed25519Signature2020` (Credentials Community Group, before Data Integrity
//! 1.0): read, never written. The type names the suite, and the value is that
//! of `eddsa-rdfc-2022`.

use super::Suite;
use super::signing::Transformation;
use super::verifying::Algorithm;

/// The `type` of such a proof.
pub(super) const NAME: &str = "Ed25519Signature2020";

/// The suite; not public, so that nothing is signed by it.
pub(super) const SUITE: Suite =
    Suite { name: NAME, transformation: Transformation::Rdfc, algorithm: Algorithm::Ed25519 };
