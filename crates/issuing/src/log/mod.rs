//! The log of the registry as a transparency log (`docs/log.md`): what makes its
//! tree, signs it with the log's own key, and proves what is in it.

mod audit;
mod cosign;
mod grow;
mod keys;
mod proofs;
mod sequence;

pub use audit::LogAudit;
pub use cosign::CosignError;
pub use proofs::{CredentialLog, InLog, ProvedEntry};

use proof::log::{Hash, LogError, Tile};
use registry::{RegistryError, StoredTile};

/// A fault of what is stored of the log.
#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn broken(error: LogError) -> RegistryError {
    RegistryError::Log(error.to_string())
}

/// The hashes of `tile`, which is the beginning of what is stored in its place.
fn hashes(tile: Tile, stored: Option<StoredTile>) -> Result<Vec<Hash>, RegistryError> {
    let absent = || RegistryError::Log(format!("{tile} is not there"));
    let stored = stored.ok_or_else(absent)?;
    let bytes = stored.hashes.get(..usize::from(tile.width) * 32).ok_or_else(absent)?;
    tile.read(bytes).map_err(broken)
}
