//! Documents about the service itself: who issues, with which keys, what can be
//! earned.

use chrono::{DateTime, Utc};
use model::{catalogue::AchievementDefinition, id::Slug};
use serde_json::Value;
use signing::Identity;

use crate::{IssuingError, Service, describe};

impl Service {
    /// An organisation's OB 3.0 Profile. `None` when the catalogue has none such.
    pub fn issuer_profile(&self, slug: &Slug) -> Result<Option<Value>, IssuingError> {
        let (catalogue, endorsements) = self.catalogue_and_endorsements()?;
        let Some(organisation) = catalogue.organisations.get(slug) else { return Ok(None) };
        let mut profile = describe::profile(&self.site, organisation);
        profile.endorsement = endorsements.of_organisation(slug, self.clock.now());
        Ok(Some(to_value(&profile)?))
    }

    /// The controlled document (Controlled Identifiers 1.0) of an organisation
    /// that signs, with every key it ever signed with. `None` for an organisation
    /// without keys.
    pub fn controlled_document(&self, slug: &Slug) -> Result<Option<Value>, IssuingError> {
        let keys = self.vault.keys();
        let signs = keys.of_issuer(slug).next().is_some();
        Ok(signs.then(|| signing::controlled_document(&self.site, slug, &keys)))
    }

    /// The JWK Set of every organisation's JWS keys.
    pub fn jwks(&self) -> Value {
        signing::jwks(&self.site, None, &self.vault.keys())
    }

    /// Since when the key whose own name (did:key, did:jwk) is `did` may have
    /// been somebody else's. With did:web the controlled document says it.
    pub fn compromised_since(&self, did: &str) -> Option<DateTime<Utc>> {
        signing::compromised_since(&self.site, &self.vault.keys(), did)
    }

    /// How an organisation is named in its credentials. An error when it has no
    /// key in force.
    pub fn identity(&self, slug: &Slug) -> Result<Identity, IssuingError> {
        Ok(Identity::of(&self.site, slug, &self.vault.keys())?)
    }

    /// Whether `id` is how an organisation is named in its credentials, in either form.
    pub fn is_named(&self, slug: &Slug, id: &str) -> bool {
        Identity::is_named(&self.site, slug, &self.vault.keys(), id)
    }

    /// The name under which the service asks wallets for presentations (OID4VP 1.0, 5.9.3).
    pub fn verifier_name(&self) -> Result<String, IssuingError> {
        Ok(signing::verifier_name(&self.site, &self.vault.keys())?)
    }

    /// Signs a request for a presentation under that name.
    pub fn sign_request(&self, claims: &Value) -> Result<String, IssuingError> {
        Ok(signing::sign_request(claims, &self.site, &self.vault.keys(), self.clock.now())?)
    }

    /// An achievement in one version, as the catalogue defined it.
    pub fn achievement(
        &self,
        slug: &Slug,
        version: &str,
    ) -> Result<Option<AchievementDefinition>, IssuingError> {
        Ok(self.registry.achievement_version(slug, version)?)
    }

    /// An achievement in one version as an OB 3.0 Achievement.
    pub fn achievement_document(&self, slug: &Slug, version: &str) -> Result<Option<Value>, IssuingError> {
        let Some(definition) = self.achievement(slug, version)? else { return Ok(None) };
        let (catalogue, endorsements) = self.catalogue_and_endorsements()?;
        let mut achievement = describe::achievement(&self.site, &catalogue, &definition);
        achievement.endorsement = endorsements.of_achievement(slug, version, self.clock.now());
        Ok(Some(to_value(&achievement)?))
    }
}

pub(crate) fn to_value(document: &impl serde::Serialize) -> Result<Value, IssuingError> {
    serde_json::to_value(document)
        .map_err(|error| IssuingError::Catalogue(format!("cannot be written as JSON: {error}")))
}
