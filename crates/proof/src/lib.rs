//! The proofs, without any IO: strict JSON, our vocabulary and the context
//! documents generated from it, JSON-LD to RDF in safe mode, RDF Dataset
//! Canonicalization 1.0, cryptosuites, keys and their documents, and status
//! bits, and transparency logs.
//!
//! Nothing here reads a clock, a file, the environment or the network: a
//! context that is not in [`vocab`] is an error, never a download.

pub mod canon;
pub mod context;
pub mod did;
pub mod jcs;
pub mod json;
pub mod log;
pub mod multikey;
mod pointer;
pub mod presentation;
#[cfg(test)]
mod sample;
pub mod status;
pub mod suite;
pub mod vocab;
