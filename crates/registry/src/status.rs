//! Bitstring status lists as the registry keeps them.

use diesel::prelude::*;
use model::id::{Slug, StatusListId};

use crate::{
    Registry, RegistryError,
    error::parsed,
    schema::{credentials, status_lists, suspension_lists, vc_status_entries},
    suspension,
    words::Revoked,
};

/// A status list at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusListState {
    /// The list.
    pub id: StatusListId,
    /// Whose credentials it covers.
    pub issuer: Slug,
    /// Grows by one with every change of a bit.
    pub revision: i64,
    /// `revocation` or `suspension`.
    pub purpose: String,
    /// The bits that are set, ascending.
    pub set: Vec<u32>,
    /// How many bits the list has.
    pub length: u32,
}

impl Registry {
    /// Every status list, for revocation and for suspension, with its issuer; in the order of
    /// their ids, which never changes.
    pub fn status_lists(&self) -> Result<Vec<(StatusListId, Slug)>, RegistryError> {
        let named: Vec<(String, String)> = self.snapshot(|db| {
            let mut found: Vec<(String, String)> =
                status_lists::table.select((status_lists::id, status_lists::issuer)).load(db)?;
            let columns = (suspension_lists::id, suspension_lists::issuer);
            let suspending: Vec<(String, String)> = suspension_lists::table.select(columns).load(db)?;
            found.extend(suspending);
            Ok(found)
        })?;
        let read = |(id, issuer): &(String, String)| {
            Ok((parsed("status_lists", id, id)?, parsed("status_lists", id, issuer)?))
        };
        let mut lists: Vec<(StatusListId, Slug)> =
            named.iter().map(read).collect::<Result<_, RegistryError>>()?;
        lists.sort();
        Ok(lists)
    }

    /// Whose a status list is, and its revision, which grows with every bit that changes.
    pub fn status_list_revision(&self, id: StatusListId) -> Result<Option<(Slug, i64)>, RegistryError> {
        let name = id.to_string();
        let found = self.read(|db| {
            let columns = (status_lists::issuer, status_lists::revision);
            match status_lists::table.find(&name).select(columns).first(db).optional()? {
                Some(found) => Ok(Some(found)),
                None => suspension::revision(db, &name),
            }
        })?;
        let read =
            |(issuer, revision): (String, i64)| Ok((parsed("status_lists", &name, &issuer)?, revision));
        found.map(read).transpose()
    }

    /// A status list with its set bits, as of one moment. The bits are read from
    /// the credentials themselves: there is no second copy that could differ.
    pub fn status_list(&self, id: StatusListId) -> Result<Option<StatusListState>, RegistryError> {
        let name = id.to_string();
        self.snapshot(|db| {
            let list: Option<(String, i64, String, i32)> = status_lists::table
                .find(&name)
                .select((
                    status_lists::issuer,
                    status_lists::revision,
                    status_lists::purpose,
                    status_lists::length,
                ))
                .first(db)
                .optional()?;
            let Some((issuer, revision, purpose, length)) = list else { return suspension::list(db, id) };
            let set: Vec<i32> = credentials::table
                .filter(credentials::status_list_id.eq(&name).and(credentials::state.eq(Revoked)))
                .order(credentials::status_index)
                .select(credentials::status_index)
                .load(db)?;
            let of_others: Vec<i32> = vc_status_entries::table
                .filter(
                    vc_status_entries::status_list_id
                        .eq(&name)
                        .and(vc_status_entries::revoked_at.is_not_null()),
                )
                .select(vc_status_entries::status_index)
                .load(db)?;
            let number = |value| {
                u32::try_from(value).map_err(|error| RegistryError::corrupt("status_lists", &name, error))
            };
            Ok(Some(StatusListState {
                id,
                issuer: parsed("status_lists", &name, &issuer)?,
                revision,
                purpose,
                set: {
                    let mut set: Vec<u32> =
                        set.into_iter().chain(of_others).map(number).collect::<Result<_, _>>()?;
                    set.sort_unstable();
                    set
                },
                length: number(length)?,
            }))
        })
    }
}
