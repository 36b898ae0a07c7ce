//! What is read of the log to serve it.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::{
    sequence::number,
    tables::{log_bundles, log_checkpoints, log_cosignatures, log_pending, log_tiles},
};
use crate::{Registry, RegistryError, db::Db};

/// A tile, as wide as it is by now; a narrower one is its beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredTile {
    /// How many hashes.
    pub width: u16,
    /// The hashes, 32 bytes each.
    pub hashes: Vec<u8>,
}

/// A bundle, as wide as it is by now; a narrower one is its beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredBundle {
    /// How many entries.
    pub width: u16,
    /// The entries, each after its length in two bytes, big-endian.
    pub entries: Vec<u8>,
}

/// A checkpoint that was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCheckpoint {
    /// How many entries the log had.
    pub size: u64,
    /// The root of its tree, base64.
    pub root: String,
    /// The checkpoint with the log's signature (C2SP tlog-checkpoint).
    pub note: String,
    /// The signatures of witnesses, a line each.
    pub cosignatures: Vec<String>,
    /// When it was signed, by the clock of whoever did.
    pub signed_at: DateTime<Utc>,
}

impl Registry {
    /// A tile of the log.
    pub fn log_tile(&self, level: u8, place: u64) -> Result<Option<StoredTile>, RegistryError> {
        self.read(|db| tile(db, level, place))
    }

    /// A bundle of the log's entries.
    pub fn log_bundle(&self, place: u64) -> Result<Option<StoredBundle>, RegistryError> {
        self.read(|db| bundle(db, place))
    }

    /// The last checkpoint, or that of `size` entries.
    pub fn log_checkpoint(&self, size: Option<u64>) -> Result<Option<StoredCheckpoint>, RegistryError> {
        let size = match size.map(i64::try_from) {
            None => None,
            Some(Ok(size)) => Some(size),
            // No log is as large.
            Some(Err(_)) => return Ok(None),
        };
        self.snapshot(|db| {
            let mut query = log_checkpoints::table
                .order(log_checkpoints::size.desc())
                .select(log_checkpoints::all_columns)
                .into_boxed();
            if let Some(size) = size {
                query = query.filter(log_checkpoints::size.eq(size));
            }
            let found: Option<CheckpointRow> = query.first(db).optional()?;
            let Some(found) = found else { return Ok(None) };
            Ok(with_cosignatures(db, vec![found])?.pop())
        })
    }

    /// Checkpoints of more than `after` entries, smallest first.
    pub fn log_checkpoints(&self, after: u64, limit: u32) -> Result<Vec<StoredCheckpoint>, RegistryError> {
        let Ok(after) = i64::try_from(after) else { return Ok(Vec::new()) };
        self.snapshot(|db| {
            let found: Vec<CheckpointRow> = log_checkpoints::table
                .filter(log_checkpoints::size.gt(after))
                .order(log_checkpoints::size)
                .limit(i64::from(limit))
                .select(log_checkpoints::all_columns)
                .load(db)?;
            with_cosignatures(db, found)
        })
    }

    /// How many entries wait for their places.
    pub fn log_waiting(&self) -> Result<u64, RegistryError> {
        self.read(|db| {
            let waiting: Option<i64> =
                log_pending::table.select(diesel::dsl::sum(log_pending::entries)).first(db)?;
            number(waiting.unwrap_or(0))
        })
    }
}

type CheckpointRow = (i64, String, String, NaiveDateTime);

fn with_cosignatures(db: &mut Db, rows: Vec<CheckpointRow>) -> Result<Vec<StoredCheckpoint>, RegistryError> {
    let sizes: Vec<i64> = rows.iter().map(|(size, ..)| *size).collect();
    let lines: Vec<(i64, String)> = log_cosignatures::table
        .filter(log_cosignatures::size.eq_any(sizes))
        .order((log_cosignatures::size, log_cosignatures::witness, log_cosignatures::key_id))
        .select((log_cosignatures::size, log_cosignatures::line))
        .load(db)?;
    let each = |(size, root, note, signed_at): CheckpointRow| {
        let of_it = lines.iter().filter(|(of, _)| *of == size).map(|(_, line)| line.clone());
        Ok(StoredCheckpoint {
            size: number(size)?,
            root,
            note,
            cosignatures: of_it.collect(),
            signed_at: signed_at.and_utc(),
        })
    };
    rows.into_iter().map(each).collect()
}

pub(super) fn tile(db: &mut Db, level: u8, place: u64) -> Result<Option<StoredTile>, RegistryError> {
    let Ok(place) = i64::try_from(place) else { return Ok(None) };
    let found: Option<(i32, Vec<u8>)> = log_tiles::table
        .find((i32::from(level), place))
        .select((log_tiles::width, log_tiles::hashes))
        .first(db)
        .optional()?;
    Ok(found.map(|(wide, hashes)| StoredTile { width: width(wide), hashes }))
}

pub(super) fn bundle(db: &mut Db, place: u64) -> Result<Option<StoredBundle>, RegistryError> {
    let Ok(place) = i64::try_from(place) else { return Ok(None) };
    let found: Option<(i32, Vec<u8>)> = log_bundles::table
        .find(place)
        .select((log_bundles::width, log_bundles::entries))
        .first(db)
        .optional()?;
    Ok(found.map(|(wide, entries)| StoredBundle { width: width(wide), entries }))
}

fn width(stored: i32) -> u16 {
    u16::try_from(stored).unwrap_or(0)
}
