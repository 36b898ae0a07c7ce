//! Bitstring status lists as the registry keeps them.
use model::id::{Slug, StatusListId};

use crate::{Registry, RegistryError};

/// A status list at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusListState {
    /// The list.
    pub id: StatusListId,
    /// Whose credentials it covers.
    pub issuer: Slug,
    /// Grows by one with every change of a bit.
    pub revision: i64,
    /// `revocation`.
    pub purpose: String,
    /// The bits that are set, ascending.
    pub set: Vec<u32>,
    /// How many bits the list has.
    pub length: u32,
}

impl Registry {
    /// A status list with its set bits.
    pub fn status_list(&self, id: StatusListId) -> Result<Option<StatusListState>, RegistryError> {
        let _ = id;
        todo!()
    }
}
