//! Suspension of credentials that are signed for others and not kept: those of the
//! VC API. Unlike a revocation it can be taken back, so what befell an entry is kept
//! as a line of its own each time.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use model::{
    chance::Entropy,
    id::{Slug, StatusListId},
};

use crate::{
    Registry, RegistryError, StatusEntry, StatusListState, WhichEntry,
    db::{Db, each, stored},
    error::parsed,
    log,
    permutation::Permutation,
    place::LENGTH,
    schema::{suspension_changes, suspension_entries, suspension_lists},
    vc_status::credential_digest,
};

/// The purpose of the lists.
const PURPOSE: &str = "suspension";

impl Registry {
    /// Takes a place in a suspension list of `issuer` for a credential, which may
    /// have an id.
    pub fn add_vc_suspension(
        &self,
        issuer: &Slug,
        credential: Option<&str>,
        now: DateTime<Utc>,
        entropy: &dyn Entropy,
    ) -> Result<StatusEntry, RegistryError> {
        let digest = credential.map(|id| credential_digest(self.digests(), id));
        self.write(|db| {
            let (list, place) = reserve(db, issuer, now, entropy)?;
            let name = list.to_string();
            let place = Permutation::new(self.digests(), &name, LENGTH).index(place);
            let index = i32::try_from(place).unwrap_or(i32::MAX);
            let row = (
                suspension_entries::list_id.eq(&name),
                suspension_entries::list_index.eq(index),
                suspension_entries::credential_digest.eq(&digest),
                suspension_entries::created_at.eq(stored(now)),
            );
            diesel::insert_into(suspension_entries::table).values(row).execute(db)?;
            log::suspension_taken(self.digests(), &name, index, digest.as_deref(), stored(now))
                .store(db, stored(now))?;
            Ok(StatusEntry { list, index: place })
        })
    }

    /// Suspends entries, or takes that back. `None` if there is no such entry; else
    /// whether that changed any.
    pub fn suspend_vc_status(
        &self,
        which: WhichEntry<'_>,
        suspended: bool,
        now: DateTime<Utc>,
    ) -> Result<Option<bool>, RegistryError> {
        self.write(|db| {
            let mut found = suspension_entries::table
                .select((suspension_entries::list_id, suspension_entries::list_index))
                .into_boxed();
            found = match which {
                WhichEntry::At(StatusEntry { list, index }) => found.filter(
                    suspension_entries::list_id
                        .eq(list.to_string())
                        .and(suspension_entries::list_index.eq(i32::try_from(index).unwrap_or(i32::MAX))),
                ),
                WhichEntry::Of(id) => found
                    .filter(suspension_entries::credential_digest.eq(credential_digest(self.digests(), id))),
            };
            let entries: Vec<(String, i32)> = found.load(db)?;
            if entries.is_empty() {
                return Ok(None);
            }
            let mut changed = Vec::new();
            for (list, index) in entries {
                let last: Option<i32> = suspension_changes::table
                    .filter(suspension_changes::list_id.eq(&list))
                    .filter(suspension_changes::list_index.eq(index))
                    .order(suspension_changes::number.desc())
                    .select(suspension_changes::number)
                    .first(db)
                    .optional()?;
                let last = last.unwrap_or(0);
                if is_suspended(last) == suspended {
                    continue;
                }
                let number = last + 1;
                let change = (
                    suspension_changes::list_id.eq(&list),
                    suspension_changes::list_index.eq(index),
                    suspension_changes::number.eq(number),
                    suspension_changes::change.eq(word(number)),
                    suspension_changes::changed_at.eq(stored(now)),
                );
                // Of two that ask at the same time, one writes the line.
                let rows = each!(db, connection => diesel::insert_into(suspension_changes::table)
                    .values(change)
                    .on_conflict_do_nothing()
                    .execute(connection))?;
                if rows > 0 {
                    changed.push((log::change_of(&list, index, number), word(number)));
                }
            }
            let any = !changed.is_empty();
            log::suspension_changed(self.digests(), &changed, stored(now)).store(db, stored(now))?;
            Ok(Some(any))
        })
    }
}

/// What the change of that number is: they take turns.
fn word(number: i32) -> &'static str {
    if is_suspended(number) { "suspended" } else { "restored" }
}

/// Whether an entry is suspended after its change of that number, 0 before the first.
fn is_suspended(number: i32) -> bool {
    number % 2 == 1
}

/// Whose the list of that name is, and its revision: how often one of its bits changed.
pub(crate) fn revision(db: &mut Db, name: &str) -> Result<Option<(String, i64)>, RegistryError> {
    let issuer: Option<String> =
        suspension_lists::table.find(name).select(suspension_lists::issuer).first(db).optional()?;
    let Some(issuer) = issuer else { return Ok(None) };
    let changes = suspension_changes::table.filter(suspension_changes::list_id.eq(name));
    Ok(Some((issuer, changes.count().get_result(db)?)))
}

/// The suspension list of that id, as it stands.
pub(crate) fn list(db: &mut Db, id: StatusListId) -> Result<Option<StatusListState>, RegistryError> {
    let name = id.to_string();
    let list: Option<(String, i32)> = suspension_lists::table
        .find(&name)
        .select((suspension_lists::issuer, suspension_lists::length))
        .first(db)
        .optional()?;
    let Some((issuer, length)) = list else { return Ok(None) };
    let changes: Vec<(i32, i32)> = suspension_changes::table
        .filter(suspension_changes::list_id.eq(&name))
        .order((suspension_changes::list_index, suspension_changes::number))
        .select((suspension_changes::list_index, suspension_changes::number))
        .load(db)?;
    let corrupt = |error| RegistryError::corrupt("suspension_lists", &name, error);
    let number = |value: i32| u32::try_from(value).map_err(corrupt);
    let revision = i64::try_from(changes.len()).map_err(corrupt)?;
    let last: BTreeMap<i32, i32> = changes.into_iter().collect();
    let set = last.into_iter().filter(|(_, last)| is_suspended(*last)).map(|(index, _)| number(index));
    Ok(Some(StatusListState {
        id,
        issuer: parsed("suspension_lists", &name, &issuer)?,
        revision,
        purpose: PURPOSE.to_owned(),
        set: set.collect::<Result<_, _>>()?,
        length: number(length)?,
    }))
}

/// Advances the counter of the issuer's newest list, or of a new one when that one
/// is full, and gives the list and the place.
fn reserve(
    db: &mut Db,
    issuer: &Slug,
    now: DateTime<Utc>,
    entropy: &dyn Entropy,
) -> Result<(StatusListId, u32), RegistryError> {
    loop {
        let newest: Option<(String, i32)> = suspension_lists::table
            .filter(suspension_lists::issuer.eq(issuer.as_str()))
            .order(suspension_lists::ordinal.desc())
            .select((suspension_lists::id, suspension_lists::ordinal))
            .first(db)
            .optional()?;
        if let Some((id, _)) = &newest {
            let advanced: Option<i32> = diesel::update(suspension_lists::table.find(id))
                .filter(suspension_lists::next_place.lt(suspension_lists::length))
                .set(suspension_lists::next_place.eq(suspension_lists::next_place + 1))
                .returning(suspension_lists::next_place)
                .get_result(db)
                .optional()?;
            if let Some(next) = advanced {
                let place = u32::try_from(next - 1).unwrap_or_default();
                return Ok((parsed("suspension_lists", id, id)?, place));
            }
        }
        let row = (
            suspension_lists::id.eq(StatusListId::random(entropy).to_string()),
            suspension_lists::issuer.eq(issuer.as_str()),
            suspension_lists::ordinal.eq(newest.map_or(1, |(_, ordinal)| ordinal + 1)),
            suspension_lists::length.eq(i32::try_from(LENGTH).unwrap_or(i32::MAX)),
            suspension_lists::next_place.eq(0),
            suspension_lists::created_at.eq(stored(now)),
        );
        // Two processes may see the same full list; one new list is enough.
        each!(db, connection => diesel::insert_into(suspension_lists::table)
            .values(row)
            .on_conflict_do_nothing()
            .execute(connection))?;
    }
}
