//! What one transaction has to tell the log.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{
    columns::Columns,
    entry::{EntryKind, LogEntry},
    tables::log_pending,
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

    pub(super) fn store_spanning(
        self,
        db: &mut Db,
        earliest: NaiveDateTime,
        latest: NaiveDateTime,
    ) -> Result<(), RegistryError> {
        if self.entries == 0 {
            return Ok(());
        }
        let row = (
            log_pending::earliest.eq(earliest),
            log_pending::latest.eq(latest),
            log_pending::entries.eq(self.entries),
            log_pending::bundle.eq(self.bundle),
        );
        diesel::insert_into(log_pending::table).values(row).execute(db)?;
        Ok(())
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
