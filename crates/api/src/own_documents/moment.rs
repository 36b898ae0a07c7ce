//! What is known of some of the service's own credentials at one moment.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use issuing::IssuingError;
use model::{catalogue::Catalogue, id::CredentialId};
use registry::{Backing, Behind};
use serde_json::Value;
use verification::{Accredited, Asked, Awarding, Ended, Fetched, Known, Listed, Own, Recorded, Superseded};

use super::{OwnDocuments, Place, Wanted, of_list, told};

/// Answers from what was asked once; what that does not hold, as at any other time.
pub(super) struct Moment {
    own: OwnDocuments,
    backing: Backing,
    catalogue: Arc<Catalogue>,
}

impl Moment {
    /// Asks of `ids`; `None` where none of them was issued.
    pub fn ask(own: OwnDocuments, ids: &[CredentialId]) -> Result<Option<Self>, IssuingError> {
        let backing = own.registry.behind(ids)?;
        let Some(revision) = backing.catalogue_revision else { return Ok(None) };
        let catalogue = own.service.catalogue_of_revision(revision)?;
        Ok(Some(Self { own, backing, catalogue }))
    }

    /// What took the place of the credential `id`, and who answers for those behind it,
    /// if `issuer` issued it.
    pub fn known_of(&self, id: CredentialId, issuer: &str) -> Result<Known, IssuingError> {
        let OwnDocuments { registry, site, clock, service, .. } = &self.own;
        let Some(behind) = self.backing.behind.get(&id) else { return Ok(Known::default()) };
        if !service.is_named(&behind.issuer, issuer) {
            return Ok(Known::default());
        }
        let (catalogue, today) = (&self.catalogue, clock.now().date_naive());
        let mut organisations = vec![&behind.issuer, &behind.provider];
        organisations.dedup();
        let ended = organisations.into_iter().filter_map(|slug| {
            let succession = catalogue.succession(slug, today)?;
            let by = catalogue.answering_for(slug, today).into_iter().map(|one| one.name.clone());
            let name =
                catalogue.organisations.get(slug).map_or_else(|| slug.to_string(), |one| one.name.clone());
            Some(Ended { name, on: succession.on, by: by.collect() })
        });
        let ended = ended.collect();
        let later =
            if behind.corrected { registry.lineage(behind.completion_id)?.superseded_by } else { None };
        let superseded = later.map(|later| {
            if later.same_holder {
                Superseded::By(site.credential(later.credential_id))
            } else {
                Superseded::Elsewhere
            }
        });
        Ok(Known { superseded, ended })
    }

    /// A list that one of the credentials is on.
    fn list(&self, url: &str, accept: &str) -> Option<Fetched> {
        let Place::StatusList(id, keys) = self.own.place(url)? else { return None };
        let Behind { issuer, status_revision, .. } =
            self.backing.behind.values().find(|behind| behind.status_list == id)?;
        let keys = keys.as_ref().map(|(first, second)| (first.as_str(), second.as_str()));
        let list = self.own.service.status_list_held(id, keys, issuer, *status_revision)?;
        let (content_type, body) = of_list(&list, Wanted::of(accept));
        Some(Fetched::new(200, Some(content_type.to_owned()), body))
    }
}

#[async_trait]
impl Own for Moment {
    async fn answer(&self, url: &str, accept: &str) -> Option<Fetched> {
        match self.list(url, accept) {
            Some(list) => Some(list),
            None => self.own.answer(url, accept).await,
        }
    }

    fn revoked(&self, did: &str) -> Option<DateTime<Utc>> {
        self.own.revoked(did)
    }

    async fn known(&self, credential: &str, issuer: &str, listed: Listed) -> Known {
        match self.own.credential(credential).map(|id| (id, self.backing.behind.get(&id))) {
            // What took its place is for the database to say.
            Some((id, Some(behind))) if !behind.corrected => self.known_of(id, issuer).unwrap_or_default(),
            _ => self.own.known(credential, issuer, listed).await,
        }
    }

    async fn accredited(&self, awarding: &Awarding<'_>) -> Option<Accredited> {
        let is_named = |behind: &Behind| self.own.service.is_named(&behind.issuer, awarding.issuer);
        let is_named = self.backing.behind.values().any(is_named);
        let (provider, achievement) =
            if is_named { self.own.award(awarding) } else { self.own.awarded(awarding) }?;
        let (catalogue, on) = (&self.catalogue, awarding.on);
        match self.own.service.lasting_permission(catalogue, provider.as_ref(), &achievement, on) {
            Some(answer) => Some(told(answer)),
            None => self.own.accredited(awarding).await,
        }
    }

    async fn recorded(&self, credential: &Value, issuer: &str, asked: Asked) -> Option<Recorded> {
        self.own.recorded(credential, issuer, asked).await
    }
}
