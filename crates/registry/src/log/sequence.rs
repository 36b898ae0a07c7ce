//! Entries that wait get their places. One at a time does so, in one
//! transaction: what is killed in between leaves nothing behind.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::{
    serve::{StoredBundle, StoredTile, bundle, tile},
    tables::{ParcelRow, log_bundles, log_checkpoints, log_parcels, log_pending, log_state, log_tiles},
};
use crate::{
    Registry, RegistryError,
    db::{Db, each, insert_all, stored},
};

/// Parcels that are looked at together.
const PARCELS: i64 = 4096;

/// The log as it was last signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogHead {
    /// How many entries it has.
    pub size: u64,
    /// The last checkpoint as it was signed; none before the first.
    pub note: Option<String>,
}

/// Tiles and bundles as they are stored, while the log is held.
pub struct LogView<'a>(&'a mut Db);

impl LogView<'_> {
    /// A tile, whatever its width is by now.
    pub fn tile(&mut self, level: u8, place: u64) -> Result<Option<StoredTile>, RegistryError> {
        tile(self.0, level, place)
    }

    /// A bundle of entries.
    pub fn bundle(&mut self, place: u64) -> Result<Option<StoredBundle>, RegistryError> {
        bundle(self.0, place)
    }
}

/// A tile that is new or has grown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrownTile {
    /// Its level.
    pub level: u8,
    /// Its place in the level.
    pub place: u64,
    /// How many hashes it has.
    pub width: u16,
    /// All of them.
    pub hashes: Vec<u8>,
}

/// A bundle that is new or has grown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrownBundle {
    /// Its place.
    pub place: u64,
    /// How many entries it has.
    pub width: u16,
    /// All of them, each after its length.
    pub entries: Vec<u8>,
}

/// What became of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Growth {
    /// How many entries it has now.
    pub size: u64,
    /// The root of the tree, base64.
    pub root: String,
    /// The checkpoint that was signed of it.
    pub note: String,
    /// The tiles.
    pub tiles: Vec<GrownTile>,
    /// The bundles.
    pub bundles: Vec<GrownBundle>,
}

/// Makes the tree grow: is given the log as it stands and the entries to add, a bundle.
type Grow<'a> = dyn FnMut(&LogHead, &mut LogView<'_>, &[u8]) -> Result<Growth, RegistryError> + 'a;

impl Registry {
    /// Gives at least one waiting transaction's entries their places, and about
    /// `most` entries at most; `grow` says what the tree is then and signs it.
    /// The size of the log afterwards; `None` if nothing waits or somebody else is
    /// at it.
    pub fn sequence_log(
        &self,
        most: u64,
        now: DateTime<Utc>,
        grow: &mut Grow<'_>,
    ) -> Result<Option<u64>, RegistryError> {
        if !self.read(anything_waits)? {
            return Ok(None);
        }
        self.write(|db| {
            let Some(size) = hold(db)? else { return Ok(None) };
            let waiting = waiting(db, most)?;
            if waiting.is_empty() {
                return Ok(None);
            }
            let head = head(db, size)?;
            let entries: Vec<u8> = waiting.iter().flat_map(|parcel| &parcel.bundle).copied().collect();
            let growth = grow(&head, &mut LogView(db), &entries)?;
            place(db, size, &growth, &waiting)?;
            keep(db, growth, stored(now))?;
            let ids: Vec<i64> = waiting.iter().map(|parcel| parcel.id).collect();
            diesel::delete(log_pending::table.filter(log_pending::id.eq_any(ids))).execute(db)?;
            Ok(Some(number(log_state::table.select(log_state::size).first(db)?)?))
        })
    }
}

/// Whether an entry waits for its place.
pub(super) fn anything_waits(db: &mut Db) -> Result<bool, RegistryError> {
    Ok(log_pending::table.select(log_pending::id).first::<i64>(db).optional()?.is_some())
}

/// Holds the log until the transaction ends; its size, or `None` if somebody else
/// holds it. On `SQLite` the transaction itself was the waiting.
pub(super) fn hold(db: &mut Db) -> Result<Option<u64>, RegistryError> {
    let size: Option<i64> = match db {
        Db::Postgres(connection) => log_state::table
            .select(log_state::size)
            .for_update()
            .skip_locked()
            .first(connection)
            .optional()?,
        Db::Sqlite(connection) => log_state::table.select(log_state::size).first(connection).optional()?,
    };
    size.map(number).transpose()
}

#[derive(Queryable)]
struct Waiting {
    id: i64,
    entries: i32,
    earliest: NaiveDateTime,
    latest: NaiveDateTime,
    bundle: Vec<u8>,
}

/// The parcels that have waited longest. What is committed later with a lower
/// number comes the next time.
fn waiting(db: &mut Db, most: u64) -> Result<Vec<Waiting>, RegistryError> {
    let counts: Vec<(i64, i32)> = log_pending::table
        .order(log_pending::id)
        .limit(PARCELS)
        .select((log_pending::id, log_pending::entries))
        .load(db)?;
    let mut sum = 0;
    let mut ids = Vec::new();
    for (id, entries) in counts {
        sum += u64::try_from(entries).unwrap_or(0);
        if sum > most && !ids.is_empty() {
            break;
        }
        ids.push(id);
    }
    Ok(log_pending::table
        .filter(log_pending::id.eq_any(ids))
        .order(log_pending::id)
        .select((
            log_pending::id,
            log_pending::entries,
            log_pending::earliest,
            log_pending::latest,
            log_pending::bundle,
        ))
        .load(db)?)
}

fn head(db: &mut Db, size: u64) -> Result<LogHead, RegistryError> {
    let last: Option<(i64, String)> = log_checkpoints::table
        .order(log_checkpoints::size.desc())
        .select((log_checkpoints::size, log_checkpoints::note))
        .first(db)
        .optional()?;
    let signed = last.as_ref().map_or(Ok(0), |(size, _)| number(*size))?;
    if signed != size {
        return Err(RegistryError::Log(format!(
            "it has {size} entries and its last checkpoint is of {signed}: its tables were changed"
        )));
    }
    Ok(LogHead { size, note: last.map(|(_, note)| note) })
}

/// Notes where each parcel came to lie.
fn place(db: &mut Db, size: u64, growth: &Growth, waiting: &[Waiting]) -> Result<(), RegistryError> {
    let mut next = signed(size)?;
    let parcels: Vec<ParcelRow> = waiting
        .iter()
        .map(|parcel| {
            let first_index = next;
            next += i64::from(parcel.entries);
            ParcelRow {
                first_index,
                entries: parcel.entries,
                earliest: parcel.earliest,
                latest: parcel.latest,
            }
        })
        .collect();
    if next != signed(growth.size)? {
        return Err(RegistryError::Log("what waits has not as many entries as it says".to_owned()));
    }
    insert_all!(db, log_parcels, parcels);
    Ok(())
}

fn keep(db: &mut Db, growth: Growth, at: NaiveDateTime) -> Result<(), RegistryError> {
    for tile in growth.tiles {
        let grown = (log_tiles::width.eq(i32::from(tile.width)), log_tiles::hashes.eq(tile.hashes));
        let key = (log_tiles::level.eq(i32::from(tile.level)), log_tiles::place.eq(signed(tile.place)?));
        each!(db, connection => diesel::insert_into(log_tiles::table)
            .values((key, grown.clone()))
            .on_conflict((log_tiles::level, log_tiles::place))
            .do_update()
            .set(grown)
            .execute(connection))?;
    }
    for bundle in growth.bundles {
        let grown = (log_bundles::width.eq(i32::from(bundle.width)), log_bundles::entries.eq(bundle.entries));
        let key = log_bundles::place.eq(signed(bundle.place)?);
        each!(db, connection => diesel::insert_into(log_bundles::table)
            .values((key, grown.clone()))
            .on_conflict(log_bundles::place)
            .do_update()
            .set(grown)
            .execute(connection))?;
    }
    let size = signed(growth.size)?;
    let checkpoint = (
        log_checkpoints::size.eq(size),
        log_checkpoints::root.eq(growth.root),
        log_checkpoints::note.eq(growth.note),
        log_checkpoints::signed_at.eq(at),
    );
    diesel::insert_into(log_checkpoints::table).values(checkpoint).execute(db)?;
    diesel::update(log_state::table).set(log_state::size.eq(size)).execute(db)?;
    Ok(())
}

pub(super) fn number(value: i64) -> Result<u64, RegistryError> {
    u64::try_from(value).map_err(|_| RegistryError::Log(format!("{value} is no size of it")))
}

pub(super) fn signed(value: u64) -> Result<i64, RegistryError> {
    i64::try_from(value).map_err(|_| RegistryError::Log(format!("{value} is no size of it")))
}
