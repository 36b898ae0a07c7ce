//! What the log proves to whoever asks.

use model::id::CredentialId;
use proof::log::{
    Checkpoint, Hash, LogError, NoteSignature, Resource, SignedNote, Tile, TileReader, entries_of,
};
use registry::{LoggedEntry, Opening, RegistryError, StoredCheckpoint};

use super::{broken, hashes};
use crate::{IssuingError, Service};

/// An entry and the proof that it is in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvedEntry {
    /// The entry.
    pub entry: LoggedEntry,
    /// The inclusion proof (RFC 9162, 2.1.3).
    pub path: Vec<Hash>,
}

/// What the log proves of a credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredentialLog {
    /// That it was issued.
    pub issued: ProvedEntry,
    /// What opens the digest of that.
    pub opening: Opening,
    /// That it was revoked, if it was and the log holds it by now.
    pub revoked: Option<ProvedEntry>,
    /// The checkpoint that the proofs lead to, with what witnesses say of it.
    pub checkpoint: SignedNote,
    /// What it states.
    pub stated: Checkpoint,
}

/// What is there to be told of a credential's place in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InLog {
    /// Proofs.
    Proved(Box<CredentialLog>),
    /// It is issued and waits for its place: ask again in a second.
    Waiting,
}

impl Service {
    /// The last checkpoint, or that of `size` entries, with what witnesses say of it.
    pub fn log_checkpoint(&self, size: Option<u64>) -> Result<Option<SignedNote>, IssuingError> {
        let stored = self.registry.log_checkpoint(size)?;
        Ok(stored.as_ref().map(whole).transpose()?)
    }

    /// Checkpoints of more than `after` entries, smallest first.
    pub fn log_checkpoints(
        &self,
        after: u64,
        limit: u32,
    ) -> Result<Vec<(StoredCheckpoint, SignedNote)>, IssuingError> {
        let stored = self.registry.log_checkpoints(after, limit)?;
        let each = |stored: StoredCheckpoint| whole(&stored).map(|note| (stored, note));
        Ok(stored.into_iter().map(each).collect::<Result<_, _>>()?)
    }

    /// The bytes of a tile or a bundle; `None` if no checkpoint was of a tree that has it.
    pub fn log_resource(&self, resource: Resource) -> Result<Option<Vec<u8>>, IssuingError> {
        match resource {
            Resource::Tile(tile) => {
                let stored = self.registry.log_tile(tile.level, tile.index)?;
                Ok(stored
                    .and_then(|stored| Some(stored.hashes.get(..usize::from(tile.width) * 32)?.to_vec())))
            }
            Resource::Entries { index, width } => {
                let stored = self.registry.log_bundle(index)?;
                let Some(stored) = stored.filter(|stored| stored.width >= width) else { return Ok(None) };
                let entries = entries_of(&stored.entries).map_err(broken)?;
                let length = entries.iter().take(usize::from(width)).map(|entry| entry.len() + 2).sum();
                Ok(stored.entries.get(..length).map(<[u8]>::to_vec))
            }
        }
    }

    /// The proof that the tree of `to` entries begins with that of `from`, with the
    /// roots of both. [`None`] unless `from` ≤ `to` ≤ the size of the log.
    pub fn log_consistency(
        &self,
        from: u64,
        to: u64,
    ) -> Result<Option<(Hash, Hash, Vec<Hash>)>, IssuingError> {
        let Some(last) = self.registry.log_checkpoint(None)? else { return Ok(None) };
        if from > to || to > last.size {
            return Ok(None);
        }
        let mut reader = self.reader(last.size);
        Ok(Some((reader.root(from)?, reader.root(to)?, reader.consistency(from, to)?)))
    }

    /// What the log holds of a credential, and the proof; `None` if there is no such
    /// credential that is issued or revoked.
    pub fn log_proof(&self, id: CredentialId) -> Result<Option<InLog>, IssuingError> {
        let Some(found) = self.registry.credential_in_log(id)? else { return Ok(None) };
        let (Some(issued), Some(checkpoint)) = (found.issued, self.log_checkpoint(None)?) else {
            return Ok(Some(InLog::Waiting));
        };
        let stated = Checkpoint::of(&checkpoint).map_err(broken)?;
        let mut reader = self.reader(stated.size);
        let mut prove = |entry: LoggedEntry| {
            let path = reader.inclusion(entry.index, stated.size)?;
            Ok::<_, IssuingError>(ProvedEntry { entry, path })
        };
        let issued = prove(issued)?;
        let revoked = found.revoked.map(prove).transpose()?;
        Ok(Some(InLog::Proved(Box::new(CredentialLog {
            issued,
            opening: found.opening,
            revoked,
            checkpoint,
            stated,
        }))))
    }

    fn reader(&self, size: u64) -> TileReader<impl FnMut(Tile) -> Result<Vec<Hash>, IssuingError>> {
        TileReader::new(size, |tile: Tile| Ok(hashes(tile, self.registry.log_tile(tile.level, tile.index)?)?))
    }
}

impl From<LogError> for IssuingError {
    fn from(error: LogError) -> Self {
        Self::Registry(broken(error))
    }
}

/// A checkpoint with what witnesses say of it.
pub(super) fn whole(stored: &StoredCheckpoint) -> Result<SignedNote, RegistryError> {
    let note: SignedNote = stored.note.parse().map_err(broken)?;
    stored.cosignatures.iter().try_fold(note, |note, line| {
        let signature: NoteSignature = line.parse().map_err(broken)?;
        Ok(note.with(signature))
    })
}
