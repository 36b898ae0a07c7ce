//! What one transaction has to tell the log.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{
    columns::Columns,
    entry::{EntryKind, LogEntry},
    tables::{PendingRow, log_pending},
};
use crate::{RegistryError, db::Db, digest::Digests};

/// Entries that are written together, to wait for their places.
pub(crate) struct Parcel<'a> {
    digests: &'a Digests,
    bundle: Vec<u8>,
    entries: i32,
}

impl<'a> Parcel<'a> {
    pub(super) fn new(digests: &'a Digests) -> Self {
        Self { digests, bundle: Vec::new(), entries: 0 }
    }

    pub(super) fn add(&mut self, kind: EntryKind, row_id: &str, columns: &Columns) {
        self.add_entry(&columns.entry(self.digests, kind, row_id));
    }

    pub(super) fn add_entry(&mut self, entry: &LogEntry) {
        let entry = entry.to_bytes();
        // Ids and slugs are short: no entry comes near the limit.
        self.bundle.extend(u16::try_from(entry.len()).unwrap_or(u16::MAX).to_be_bytes());
        self.bundle.extend(entry);
        self.entries += 1;
    }

    /// Writes them; `at` is the time that their rows bear, by which they are found.
    pub(crate) fn store(self, db: &mut Db, at: NaiveDateTime) -> Result<(), RegistryError> {
        self.store_spanning(db, at, at)
    }

    /// The row that [`store`](Self::store) would write, if there is an entry.
    pub(crate) fn row(self, at: NaiveDateTime) -> Option<PendingRow> {
        self.row_spanning(at, at)
    }

    pub(super) fn store_spanning(
        self,
        db: &mut Db,
        earliest: NaiveDateTime,
        latest: NaiveDateTime,
    ) -> Result<(), RegistryError> {
        if let Some(row) = self.row_spanning(earliest, latest) {
            diesel::insert_into(log_pending::table).values(row).execute(db)?;
        }
        Ok(())
    }

    fn row_spanning(self, earliest: NaiveDateTime, latest: NaiveDateTime) -> Option<PendingRow> {
        let Self { bundle, entries, .. } = self;
        (entries > 0).then_some(PendingRow { earliest, latest, entries, bundle })
    }
}

/// The entries of a bundle (C2SP tlog-tiles): each after its length in two
/// bytes, big-endian. `None` if it ends within one.
pub(super) fn split(bundle: &[u8]) -> Option<Vec<&[u8]>> {
    let mut entries = Vec::new();
    let mut rest = bundle;
    while !rest.is_empty() {
        let (length, after) = rest.split_first_chunk()?;
        let (entry, after) = after.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        entries.push(entry);
        rest = after;
    }
    Some(entries)
}
