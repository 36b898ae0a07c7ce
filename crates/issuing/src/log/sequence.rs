//! Giving waiting entries their places, again and again.

use proof::log::SignedNote;

use super::{broken, grow::Grower, hashes};
use crate::{IssuingError, Service};

/// Entries that get their places in one transaction: on `SQLite` nobody else
/// writes meanwhile, and this takes some hundredths of a second.
const AT_ONCE: u64 = 8192;

impl Service {
    /// Gives every entry that waits its place and signs what the log is then. To be
    /// called about once a second, by as many processes as there are. How many
    /// entries the log has, if this made it grow.
    pub fn sequence_log(&self) -> Result<Option<u64>, IssuingError> {
        self.ensure_log_key()?;
        self.record_key_events()?;
        let mut size = None;
        while let Some(grown) = self.sequence_some()? {
            size = Some(grown);
        }
        Ok(size)
    }

    fn sequence_some(&self) -> Result<Option<u64>, IssuingError> {
        let keys = self.vault.keys();
        let grower = Grower { keys: &keys, origin: self.log_origin(), kept: self.kept_head()? };
        let mut note = None;
        let size = self.registry.sequence_log(AT_ONCE, self.clock.now(), &mut |head, view, bundle| {
            let growth = grower.grow(head, view, bundle)?;
            note = Some(growth.note.clone());
            Ok(growth)
        })?;
        // Kept after it is stored: what was never stored must not seem to be missing.
        if let (Some(_), Some(note)) = (size, &note) {
            self.vault.keep_log_head(note, self.entropy.as_ref())?;
        }
        Ok(size)
    }

    /// Whether the log in the database is the one that was last signed, or has
    /// grown out of it: not so after an old backup was put in its place. For the
    /// start of the service, when nothing may wait; makes the log's key if there is none.
    pub fn check_log(&self) -> Result<(), IssuingError> {
        self.ensure_log_key()?;
        let keys = self.vault.keys();
        let grower = Grower { keys: &keys, origin: self.log_origin(), kept: self.kept_head()? };
        let size = self.registry.log_checkpoint(None)?.map_or(0, |last| last.size);
        let mut read = |tile: proof::log::Tile| hashes(tile, self.registry.log_tile(tile.level, tile.index)?);
        Ok(grower.expect_kept(size, &mut read)?)
    }

    pub(super) fn kept_head(&self) -> Result<Option<SignedNote>, IssuingError> {
        let kept = self.vault.log_head()?.map(|text| text.parse());
        Ok(kept.transpose().map_err(broken)?)
    }
}
