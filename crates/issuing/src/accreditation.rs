//! Was a provider accredited on the day of an award?

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use model::{
    catalogue::{Accreditation, AccreditationVersion, Catalogue, Permission, permission},
    id::Slug,
};
use registry::RegistryError;

use crate::Service;

/// What the register says of an award.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Accreditor {
    /// The provider might make it.
    Held {
        /// The provider's name.
        provider: String,
        /// The name of who accredited it.
        by: String,
        /// The accreditation, and its end since, if it has come.
        permission: Permission,
    },
    /// The rule of a programme made it.
    ByRule,
    /// The provider might not make it.
    NotHeld {
        /// The provider's name.
        provider: String,
    },
    /// It is not said who the provider was.
    NotNamed,
}

impl Service {
    /// Whether `provider` might award `achievement` on `day`, in a badge issued at
    /// `issued`: by the register as it stood then, whatever became of it since.
    pub fn permission(
        &self,
        provider: Option<&Slug>,
        achievement: &Slug,
        day: NaiveDate,
        issued: DateTime<Utc>,
    ) -> Result<Accreditor, RegistryError> {
        let catalogue = self.catalogue()?;
        if catalogue.programme_awarding(achievement).is_some() {
            return Ok(Accreditor::ByRule);
        }
        let Some(provider) = provider else { return Ok(Accreditor::NotNamed) };
        let today = self.clock.now().date_naive();
        let is_it = |one: &&Accreditation| {
            one.provider == *provider && one.achievement == *achievement && one.covers(day)
        };
        // What holds to this day needs no history, and that is nearly everything.
        let lasting = catalogue.accreditations.iter().filter(is_it).find(|one| one.covers(today));
        let found = if let Some(accreditation) = lasting {
            Some(Permission { accreditation: accreditation.clone(), ended: None })
        } else {
            let versions = self.registry.accreditation_versions(Some(provider), Some(achievement))?;
            permission(&versions, day, issued, today)
        };
        let provider = name(&catalogue, provider);
        Ok(match found {
            None => Accreditor::NotHeld { provider },
            Some(permission) => {
                let by = name(&catalogue, &permission.accreditation.accredited_by);
                Accreditor::Held { provider, by, permission }
            }
        })
    }

    /// The register of accreditations, of one provider or for one achievement where that is
    /// asked for: each as it stands now, those that were withdrawn too, by its names and
    /// its first day.
    pub fn accreditations(
        &self,
        provider: Option<&Slug>,
        achievement: Option<&Slug>,
    ) -> Result<Vec<AccreditationVersion>, RegistryError> {
        let mut latest = BTreeMap::new();
        for version in self.registry.accreditation_versions(provider, achievement)? {
            let Accreditation { provider, achievement, from, accredited_by, .. } = &version.accreditation;
            let key = (provider.clone(), achievement.clone(), *from, accredited_by.clone());
            latest.insert(key, version);
        }
        Ok(latest.into_values().collect())
    }

    /// Whether `issuer` is the name of an organisation that signs here, now or with a key
    /// that has retired.
    pub fn signs_as(&self, issuer: &str) -> bool {
        signing::is_named(&self.site, &self.vault.keys(), issuer)
    }
}

fn name(catalogue: &Catalogue, slug: &Slug) -> String {
    catalogue.organisations.get(slug).map_or_else(|| slug.to_string(), |known| known.name.clone())
}
