//! The service: what it needs to issue, and the catalogue as it stands.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use model::{
    catalogue::Catalogue, chance::Entropy, clock::Clock, maintenance::Policies, programme::Programmes,
    site::Site,
};
use registry::{Registry, RegistryError};
use signing::Vault;

use crate::{
    accept::{Answer, Row},
    bundle::BundleCache,
    endorse::Endorsements,
    status::StatusCache,
    together::Together,
};

/// The most completions that are accepted together: enough to make the shared price small,
/// few enough that the last is answered soon.
const MOST_TOGETHER: usize = 32;

/// How many groups are accepted at a time: one is signed while another is written.
const GROUPS: usize = 2;

/// How long a group waits to be full while another is at work: about as long as it takes those
/// who were just answered to post again.
const MOMENT: Duration = Duration::from_millis(8);

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
    pub(crate) bundle: BundleCache,
    pub(crate) together: Together<Row, Answer>,
    held: Mutex<Option<Held>>,
}

/// The catalogue of one revision, its rules ready to be evaluated, and what is endorsed.
struct Held {
    revision: i64,
    catalogue: Arc<Catalogue>,
    programmes: Arc<Programmes>,
    endorsements: Arc<Endorsements>,
    policies: Arc<Policies>,
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
            bundle: BundleCache::default(),
            together: Together::new(MOST_TOGETHER, GROUPS, MOMENT),
            held: Mutex::new(None),
        }
    }

    /// The catalogue as last loaded. Read from the registry only when its
    /// revision has changed, so a load by another process is seen at once.
    pub fn catalogue(&self) -> Result<Arc<Catalogue>, RegistryError> {
        Ok(self.catalogue_and_endorsements()?.0)
    }

    /// The same, with the endorsements of the same moment.
    pub(crate) fn catalogue_and_endorsements(
        &self,
    ) -> Result<(Arc<Catalogue>, Arc<Endorsements>), RegistryError> {
        self.as_of_revision(self.registry.catalogue_revision()?)
    }

    /// The catalogue, of which the caller knows that it has this `revision`.
    pub fn catalogue_of_revision(&self, revision: i64) -> Result<Arc<Catalogue>, RegistryError> {
        Ok(self.as_of_revision(revision)?.0)
    }

    /// The catalogue as last loaded, if it has this `revision`: without a look at the
    /// database.
    pub fn catalogue_held(&self, revision: i64) -> Option<Arc<Catalogue>> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.as_ref().filter(|held| held.revision == revision).map(|held| Arc::clone(&held.catalogue))
    }

    fn as_of_revision(&self, revision: i64) -> Result<(Arc<Catalogue>, Arc<Endorsements>), RegistryError> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(held) = held.as_ref()
            && held.revision == revision
        {
            return Ok((Arc::clone(&held.catalogue), Arc::clone(&held.endorsements)));
        }
        let catalogue = Arc::new(self.registry.catalogue()?);
        let versions = self.registry.programme_versions()?;
        let programmes = Arc::new(Programmes::new(&catalogue, versions));
        let endorsements = Arc::new(Endorsements::new(self.registry.endorsements(self.clock.now())?)?);
        let policies = Arc::new(self.registry.maintenance_policies()?);
        *held = Some(Held {
            revision,
            catalogue: Arc::clone(&catalogue),
            programmes,
            endorsements: Arc::clone(&endorsements),
            policies,
        });
        Ok((catalogue, endorsements))
    }

    /// The rules of the catalogue as [`catalogue`](Self::catalogue) last gave it.
    pub fn programmes(&self) -> Result<Arc<Programmes>, RegistryError> {
        if let Some(held) = self.held.lock().unwrap_or_else(PoisonError::into_inner).as_ref() {
            return Ok(Arc::clone(&held.programmes));
        }
        let catalogue = self.catalogue()?;
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(match held.as_ref() {
            Some(held) => Arc::clone(&held.programmes),
            None => Arc::new(Programmes::new(&catalogue, self.registry.programme_versions()?)),
        })
    }

    /// The maintenance policies as they were ever published, up to the catalogue as
    /// [`catalogue`](Self::catalogue) last gave it.
    pub fn policies(&self) -> Result<Arc<Policies>, RegistryError> {
        if let Some(held) = self.held.lock().unwrap_or_else(PoisonError::into_inner).as_ref() {
            return Ok(Arc::clone(&held.policies));
        }
        self.catalogue()?;
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        match held.as_ref() {
            Some(held) => Ok(Arc::clone(&held.policies)),
            None => Ok(Arc::new(self.registry.maintenance_policies()?)),
        }
    }

    /// Where the service stands on the web.
    pub fn site(&self) -> &Site {
        &self.site
    }
}
