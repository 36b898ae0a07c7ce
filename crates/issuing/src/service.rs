//! The service: what it needs to issue, and the catalogue as it stands.

use std::sync::{Arc, Mutex, PoisonError};

use model::{catalogue::Catalogue, chance::Entropy, clock::Clock, site::Site};
use registry::{Registry, RegistryError};
use signing::Vault;

use crate::{
    accept::{Answer, Row},
    status::StatusCache,
    together::Together,
};

/// What the service is made of.
pub struct Parts {
    /// Where everything is kept.
    pub registry: Registry,
    /// The keys.
    pub vault: Arc<Vault>,
    /// Where the service stands on the web.
    pub site: Site,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
}

/// Issues badges.
pub struct Service {
    pub(crate) registry: Registry,
    pub(crate) vault: Arc<Vault>,
    pub(crate) site: Site,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) status_cache: StatusCache,
    pub(crate) together: Together<Row, Answer>,
    catalogue: Mutex<Option<(i64, Arc<Catalogue>)>>,
}

impl Service {
    /// A service of `parts`.
    pub fn new(parts: Parts) -> Self {
        let Parts { registry, vault, site, clock, entropy } = parts;
        Self {
            registry,
            vault,
            site,
            clock,
            entropy,
            status_cache: StatusCache::default(),
            together: Together::default(),
            catalogue: Mutex::new(None),
        }
    }

    /// The catalogue as last loaded. Read from the registry only when its
    /// revision has changed, so a load by another process is seen at once.
    pub fn catalogue(&self) -> Result<Arc<Catalogue>, RegistryError> {
        let revision = self.registry.catalogue_revision()?;
        let mut held = self.catalogue.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, catalogue)) = held.as_ref()
            && *at == revision
        {
            return Ok(Arc::clone(catalogue));
        }
        let catalogue = Arc::new(self.registry.catalogue()?);
        *held = Some((revision, Arc::clone(&catalogue)));
        Ok(catalogue)
    }

    /// Where the service stands on the web.
    pub fn site(&self) -> &Site {
        &self.site
    }
}
