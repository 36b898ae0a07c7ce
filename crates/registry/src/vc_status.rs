//! Status entries of credentials that have no row of their own among the badges: those
//! of the VC API, which are not kept, and endorsements.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use model::{
    chance::Entropy,
    id::{Slug, StatusListId},
};

use crate::{
    Registry, RegistryError,
    db::{Db, stored},
    digest::Digests,
    log,
    schema::{status_lists, vc_status_entries},
};

/// A place in a status list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatusEntry {
    /// The list.
    pub list: StatusListId,
    /// The bit.
    pub index: u32,
}

/// How an entry is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhichEntry<'a> {
    /// By its place.
    At(StatusEntry),
    /// By the id of its credential, of which there may be several.
    Of(&'a str),
}

impl Registry {
    /// Takes a place in a list of `issuer` for a credential, which may have an id.
    pub fn add_vc_status(
        &self,
        issuer: &Slug,
        credential: Option<&str>,
        now: DateTime<Utc>,
        entropy: &dyn Entropy,
    ) -> Result<StatusEntry, RegistryError> {
        let place = self.take_places(issuer, 1, now, entropy)?.pop();
        let place = place
            .ok_or_else(|| RegistryError::corrupt("status_lists", issuer.as_str(), "no place was given"))?;
        let (list, index) = (place.list.to_string(), i32::try_from(place.index).unwrap_or(i32::MAX));
        let digest = credential.map(|id| credential_digest(self.digests(), id));
        let row = (
            vc_status_entries::status_list_id.eq(&list),
            vc_status_entries::status_index.eq(index),
            vc_status_entries::credential_digest.eq(&digest),
            vc_status_entries::created_at.eq(stored(now)),
        );
        self.write(|db| {
            diesel::insert_into(vc_status_entries::table).values(row).execute(db)?;
            log::status_taken(self.digests(), &list, index, digest.as_deref(), stored(now))
                .store(db, stored(now))?;
            Ok(StatusEntry { list: place.list, index: place.index })
        })
    }

    /// Marks entries as revoked. `None` if there is no such entry; else whether
    /// any was not revoked before.
    pub fn revoke_vc_status(
        &self,
        which: WhichEntry<'_>,
        now: DateTime<Utc>,
    ) -> Result<Option<bool>, RegistryError> {
        self.write(|db| revoke(db, self.digests(), which, now))
    }
}

/// Marks entries as revoked, as [`Registry::revoke_vc_status`] does.
pub(crate) fn revoke(
    db: &mut Db,
    digests: &Digests,
    which: WhichEntry<'_>,
    now: DateTime<Utc>,
) -> Result<Option<bool>, RegistryError> {
    let mut found = vc_status_entries::table
        .select((
            vc_status_entries::status_list_id,
            vc_status_entries::status_index,
            vc_status_entries::revoked_at.is_not_null(),
        ))
        .into_boxed();
    found = match which {
        WhichEntry::At(StatusEntry { list, index }) => found.filter(
            vc_status_entries::status_list_id
                .eq(list.to_string())
                .and(vc_status_entries::status_index.eq(i32::try_from(index).unwrap_or(i32::MAX))),
        ),
        WhichEntry::Of(id) => {
            found.filter(vc_status_entries::credential_digest.eq(credential_digest(digests, id)))
        }
    };
    let entries: Vec<(String, i32, bool)> = found.load(db)?;
    if entries.is_empty() {
        return Ok(None);
    }
    let mut changed = Vec::new();
    for (list, index, was_already) in entries {
        if was_already {
            continue;
        }
        // Of two that ask at the same time, one changes the row.
        let rows = diesel::update(vc_status_entries::table.find((&list, index)))
            .filter(vc_status_entries::revoked_at.is_null())
            .set(vc_status_entries::revoked_at.eq(stored(now)))
            .execute(db)?;
        if rows > 0 {
            changed.push(log::place_of(&list, index));
            diesel::update(status_lists::table.find(&list))
                .set(status_lists::revision.eq(status_lists::revision + 1))
                .execute(db)?;
        }
    }
    let any = !changed.is_empty();
    log::status_revoked(digests, &changed, stored(now)).store(db, stored(now))?;
    Ok(Some(any))
}

/// What stands for the id of a credential that is not kept.
pub(crate) fn credential_digest(digests: &Digests, credential: &str) -> String {
    digests.text("vc-api-credential", &[credential.as_bytes()])
}
