//! Places in status lists: handed out in blocks, never twice (promise 9).

use std::{collections::HashMap, sync::Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use model::{
    chance::Entropy,
    id::{Slug, StatusListId},
};

use crate::{
    Registry, RegistryError,
    db::{Db, each, stored},
    error::parsed,
    open::{TURN, busy, held},
    permutation::Permutation,
    schema::status_lists,
};

/// The bits of a list (Bitstring Status List 1.0, section 6.1: at least 131,072,
/// so that a list is a crowd).
pub(crate) const LENGTH: u32 = 131_072;

/// The purpose of the lists with badges in them; see [`crate::suspension`].
pub(crate) const PURPOSE: &str = "revocation";

/// How many places are taken from the counter at once. The counter's row is
/// locked until its transaction is durable, so single posts share a block; a
/// process that dies wastes the rest of one.
const BLOCK: u32 = 32;

/// Where a block does not last this long, the next one has twice as many places.
const LASTS: TimeDelta = TimeDelta::seconds(5);

/// The most places of a block for single posts, which a process that dies wastes at most.
const LARGEST: u32 = 512;

/// Who takes more than a block at once will want as many again: this many times what is
/// wanted is taken then, so that the counter is waited for only now and then.
const AHEAD: u32 = 4;

/// A bit of a list that belongs to nobody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub list: StatusListId,
    pub index: u32,
}

/// Places taken from the counter and not yet used, by issuer.
#[derive(Default)]
pub(crate) struct Stock {
    shelves: Mutex<HashMap<Slug, Shelf>>,
    /// One fetches at a time: who finds nothing meanwhile waits for what it brings.
    fetching: parking_lot::Mutex<()>,
}

#[derive(Default)]
struct Shelf {
    places: Vec<Place>,
    /// How many the last block had, and when it was taken.
    last: Option<(u32, DateTime<Utc>)>,
}

impl Stock {
    fn take(&self, issuer: &Slug, count: usize) -> Option<Vec<Place>> {
        let mut stock = held(&self.shelves);
        let places = &mut stock.get_mut(issuer)?.places;
        let rest = places.len().checked_sub(count)?;
        Some(places.split_off(rest))
    }

    /// How many places to take for somebody who is without `missing`.
    fn block(&self, issuer: &Slug, missing: u32, now: DateTime<Utc>) -> u32 {
        let mut stock = held(&self.shelves);
        let last = &mut stock.entry(issuer.clone()).or_default().last;
        let single = match *last {
            Some((block, at)) if now - at < LASTS => block.saturating_mul(2).min(LARGEST),
            _ => BLOCK,
        };
        *last = Some((single, now));
        if missing > single { missing.saturating_mul(AHEAD).min(LENGTH) } else { single }
    }

    /// Puts back places that were not used. Places of a transaction that may
    /// have been kept must not come back.
    pub(crate) fn put_back(&self, issuer: &Slug, places: impl IntoIterator<Item = Place>) {
        held(&self.shelves).entry(issuer.clone()).or_default().places.extend(places);
    }
}

impl Registry {
    /// Takes `count` places in the issuer's lists. The issuer must be a published
    /// organisation.
    pub(crate) fn take_places(
        &self,
        issuer: &Slug,
        count: usize,
        now: DateTime<Utc>,
        entropy: &dyn Entropy,
    ) -> Result<Vec<Place>, RegistryError> {
        if let Some(taken) = self.stock().take(issuer, count) {
            return Ok(taken);
        }
        let _fetching = self.stock().fetching.try_lock_for(TURN).ok_or_else(busy)?;
        let mut taken = self.stock().take(issuer, count).unwrap_or_default();
        while taken.len() < count {
            let missing = u32::try_from(count - taken.len()).unwrap_or(LENGTH);
            let block = self.stock().block(issuer, missing, now);
            let (list, first) = self.write(|db| reserve(db, issuer, block, now, entropy))?;
            let name = list.to_string();
            let permutation = Permutation::new(self.digests(), &name, LENGTH);
            taken.extend((first..first + block).map(|place| Place { list, index: permutation.index(place) }));
        }
        self.stock().put_back(issuer, taken.split_off(count));
        Ok(taken)
    }
}

/// Advances the counter of the issuer's newest list, or of a new list when that
/// one is full, and gives the list and its first free place.
fn reserve(
    db: &mut Db,
    issuer: &Slug,
    count: u32,
    now: DateTime<Utc>,
    entropy: &dyn Entropy,
) -> Result<(StatusListId, u32), RegistryError> {
    let wanted = i32::try_from(count).unwrap_or(i32::MAX);
    loop {
        let newest: Option<(String, i32)> = status_lists::table
            .filter(status_lists::issuer.eq(issuer.as_str()).and(status_lists::purpose.eq(PURPOSE)))
            .order(status_lists::ordinal.desc())
            .select((status_lists::id, status_lists::ordinal))
            .first(db)
            .optional()?;
        if let Some((id, _)) = &newest {
            let advanced: Option<i32> = diesel::update(status_lists::table.find(id))
                .filter((status_lists::next_place + wanted).le(status_lists::length))
                .set(status_lists::next_place.eq(status_lists::next_place + wanted))
                .returning(status_lists::next_place)
                .get_result(db)
                .optional()?;
            if let Some(next) = advanced {
                let first = u32::try_from(next - wanted).unwrap_or_default();
                return Ok((parsed("status_lists", id, id)?, first));
            }
        }
        let ordinal = newest.map_or(1, |(_, ordinal)| ordinal + 1);
        let row = (
            status_lists::id.eq(StatusListId::random(entropy).to_string()),
            status_lists::issuer.eq(issuer.as_str()),
            status_lists::purpose.eq(PURPOSE),
            status_lists::ordinal.eq(ordinal),
            status_lists::length.eq(i32::try_from(LENGTH).unwrap_or(i32::MAX)),
            status_lists::next_place.eq(0),
            status_lists::revision.eq(0_i64),
            status_lists::created_at.eq(stored(now)),
        );
        // Two processes may see the same full list; one new list is enough.
        each!(db, connection => diesel::insert_into(status_lists::table)
            .values(row)
            .on_conflict_do_nothing()
            .execute(connection))?;
    }
}
