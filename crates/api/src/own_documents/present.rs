//! What stands behind the service's own credentials, where the database is a file: asked
//! when it comes up, and of many credentials once.

use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use model::{catalogue::Catalogue, id::StatusListId};
use registry::Revisions;
use serde_json::Value;
use verification::{Accredited, Asked, Awarding, Fetched, Known, Listed, Own, Recorded};

use super::{OwnDocuments, Place, Wanted, of_list, told};

/// Answers from the catalogue and the lists as they stand; what these do not hold, as at any
/// other time.
pub(super) struct Present {
    own: OwnDocuments,
    catalogue: OnceLock<Option<Arc<Catalogue>>>,
}

impl Present {
    pub fn new(own: OwnDocuments) -> Self {
        Self { own, catalogue: OnceLock::new() }
    }

    /// The revisions of this moment, of which the first also says which catalogue holds.
    fn revisions(&self, list: Option<StatusListId>) -> Option<Revisions> {
        let revisions = self.own.registry.revisions_at_once(list)?;
        self.catalogue.get_or_init(|| self.own.service.catalogue_held(revisions.catalogue));
        Some(revisions)
    }

    fn catalogue(&self) -> Option<&Arc<Catalogue>> {
        if self.catalogue.get().is_none() {
            self.revisions(None);
        }
        self.catalogue.get()?.as_ref()
    }

    fn list(&self, url: &str, accept: &str) -> Option<Fetched> {
        let Place::StatusList(id, keys) = self.own.place(url)? else { return None };
        let (issuer, revision) = self.revisions(Some(id))?.list?;
        let keys = keys.as_ref().map(|(first, second)| (first.as_str(), second.as_str()));
        let list = self.own.service.status_list_held(id, keys, &issuer, revision)?;
        let (content_type, body) = of_list(&list, Wanted::of(accept));
        Some(Fetched::new(200, Some(content_type.to_owned()), body))
    }

    /// Whether nobody who stands behind any credential has come to an end.
    fn all_go_on(&self) -> bool {
        let today = self.own.clock.now().date_naive();
        self.catalogue().is_some_and(|catalogue| !catalogue.has_successions(today))
    }
}

#[async_trait]
impl Own for Present {
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
        // What was corrected was revoked in the same transaction: of one that stands there is
        // nothing to be told but the ends of organisations.
        if listed == Listed::Clear && self.all_go_on() {
            return Known::default();
        }
        self.own.known(credential, issuer, listed).await
    }

    async fn accredited(&self, awarding: &Awarding<'_>) -> Option<Accredited> {
        let (provider, achievement) = self.own.awarded(awarding)?;
        let lasting = self.catalogue().and_then(|catalogue| {
            self.own.service.lasting_permission(catalogue, provider.as_ref(), &achievement, awarding.on)
        });
        match lasting {
            Some(answer) => Some(told(answer)),
            None => self.own.accredited(awarding).await,
        }
    }

    async fn recorded(&self, credential: &Value, issuer: &str, asked: Asked) -> Option<Recorded> {
        self.own.recorded(credential, issuer, asked).await
    }
}
