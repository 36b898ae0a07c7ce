//! The catalogue as published.
use chrono::{DateTime, Utc};
use model::{
    catalogue::{AchievementDefinition, Catalogue},
    id::Slug,
};

use crate::{Registry, RegistryError};

/// What loading a catalogue changed, counted over all its parts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CatalogueChange {
    /// Entries that were not there, new achievement versions among them.
    pub added: usize,
    /// Entries whose content changed, or that are no longer in the catalogue.
    pub revised: usize,
    /// Entries that stayed as they were.
    pub unchanged: usize,
}

impl Registry {
    /// Publishes `catalogue` in place of what was published before, in one
    /// transaction. A published achievement version never changes: other content
    /// under it is refused ([`RegistryError::PublishedVersionChanged`]); only its
    /// last day (`withdrawn_on`) may be set.
    pub fn load_catalogue(
        &self,
        catalogue: &Catalogue,
        now: DateTime<Utc>,
    ) -> Result<CatalogueChange, RegistryError> {
        let _ = (catalogue, now);
        todo!()
    }

    /// The catalogue as last published.
    pub fn catalogue(&self) -> Result<Catalogue, RegistryError> {
        todo!()
    }

    /// Grows with every load that changed something; 0 before the first.
    pub fn catalogue_revision(&self) -> Result<i64, RegistryError> {
        todo!()
    }

    /// An achievement in one version, current or not.
    pub fn achievement_version(
        &self,
        slug: &Slug,
        version: &str,
    ) -> Result<Option<AchievementDefinition>, RegistryError> {
        let _ = (slug, version);
        todo!()
    }
}
