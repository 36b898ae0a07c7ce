//! Transparency logs, without any IO: a Merkle tree over entries (RFC 6962,
//! section 2.1), its proofs (RFC 9162, section 2.1), the tiles by which it is
//! served (C2SP tlog-tiles), the checkpoints that are signed of it (C2SP
//! signed-note and tlog-checkpoint), and what witnesses say of those (C2SP
//! tlog-cosignature and tlog-witness).
//!
//! A [`Checkpoint`] states a tree. An [`Edge`] is what must be kept of a tree to
//! make it grow; [`inclusion`] and [`consistency`] are made by a [`TileReader`]
//! and checked by [`verify_inclusion`] and [`verify_consistency`].
//!
//! [`inclusion`]: TileReader::inclusion
//! [`consistency`]: TileReader::consistency

mod bundle;
mod checkpoint;
mod cosignature;
mod edge;
mod error;
mod hash;
mod note;
mod range;
mod reader;
#[cfg(test)]
mod tests;
mod text;
mod tile;
mod verify;
mod witness;

pub use bundle::{MOST_ENTRY_BYTES, entries_of, push_entry};
pub use checkpoint::Checkpoint;
pub use cosignature::{Cosignature, cosigned_message};
pub use edge::Edge;
pub use error::LogError;
pub use hash::{Hash, leaf_hash, node_hash};
pub use note::{NoteSignature, SignatureKind, SignedNote, VerifierKey};
pub use reader::TileReader;
pub use text::LogProof;
pub use tile::{Resource, TILE_WIDTH, Tile};
pub use verify::{verify_consistency, verify_inclusion};
pub use witness::{AddCheckpoint, Refusal, judge};
