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
        if let Some(answer) = self.lasting_permission(&catalogue, provider, achievement, day) {
            return Ok(answer);
        }
        let Some(provider) = provider else { return Ok(Accreditor::NotNamed) };
        let versions = self.registry.accreditation_versions(Some(provider), Some(achievement))?;
        let name = name(&catalogue, provider);
        Ok(match permission(&versions, day, issued, self.clock.now().date_naive()) {
            None => Accreditor::NotHeld { provider: name },
            Some(permission) => held(&catalogue, name, permission),
        })
    }

    /// The same where `catalogue`, of which the caller knows that it is that of this
    /// moment, suffices: what holds to this day needs no history, and that is nearly
    /// everything. `None` where it does not.
    pub fn lasting_permission(
        &self,
        catalogue: &Catalogue,
        provider: Option<&Slug>,
        achievement: &Slug,
        day: NaiveDate,
    ) -> Option<Accreditor> {
        if catalogue.programme_awarding(achievement).is_some() {
            return Some(Accreditor::ByRule);
        }
        let Some(provider) = provider else { return Some(Accreditor::NotNamed) };
        let today = self.clock.now().date_naive();
        let mut of_both = catalogue
            .accreditations
            .iter()
            .filter(|one| one.provider == *provider && one.achievement == *achievement);
        let lasting = of_both.find(|one| one.covers(day) && one.covers(today))?;
        let permission = Permission { accreditation: lasting.clone(), ended: None };
        Some(held(catalogue, name(catalogue, provider), permission))
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

fn held(catalogue: &Catalogue, provider: String, permission: Permission) -> Accreditor {
    let by = name(catalogue, &permission.accreditation.accredited_by);
    Accreditor::Held { provider, by, permission }
}

fn name(catalogue: &Catalogue, slug: &Slug) -> String {
    catalogue.organisations.get(slug).map_or_else(|| slug.to_string(), |known| known.name.clone())
}
