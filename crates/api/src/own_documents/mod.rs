//! The service's own documents, answered to its own verifier without a
//! network, and as they stand at that moment: a revocation is seen at once.

use std::{str::FromStr, sync::Arc};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use issuing::{Accreditor, InLog, IssuingError, Service, StatusListDocument};
use model::{
    clock::Clock,
    id::{CredentialId, Slug, StatusListId},
    site::Site,
};
use registry::{Backend, CredentialRecord, CredentialState, Credited, Registry, RegistryError};
use serde_json::Value;
use verification::{
    Accredited, Asked, Awarding, Entered, Fetched, Known, Listed, Logged, Maintained, Own, Recorded,
    StoodThen,
};

use crate::asking::Asking;

mod moment;
mod present;

use moment::Moment;
use present::Present;

/// Answers every address below the service's own origin.
#[derive(Clone)]
pub struct OwnDocuments {
    registry: Registry,
    service: Arc<Service>,
    site: Site,
    clock: Arc<dyn Clock>,
    asking: Asking,
}

/// A document and its media type.
type Document = (&'static str, String);

impl OwnDocuments {
    /// The documents of a service.
    pub fn new(
        registry: Registry,
        service: Arc<Service>,
        site: Site,
        clock: Arc<dyn Clock>,
        asking: Asking,
    ) -> Self {
        Self { registry, service, site, clock, asking }
    }

    /// The same for a verifier whose threads may wait for the database.
    pub fn answered_here(&self) -> Self {
        Self { asking: Asking::Here, ..self.clone() }
    }
}

impl OwnDocuments {
    /// What an address of the service's names.
    fn place(&self, url: &str) -> Option<Place> {
        url.strip_prefix(self.site.base()).and_then(Place::of)
    }

    fn credential(&self, url: &str) -> Option<CredentialId> {
        match self.place(url) {
            Some(Place::Credential(id)) => Some(id),
            _ => None,
        }
    }

    /// The provider and the achievement of an award, if an issuer of the service's made it.
    fn awarded(&self, awarding: &Awarding<'_>) -> Option<(Option<Slug>, Slug)> {
        self.award(awarding).filter(|_| self.service.signs_as(awarding.issuer))
    }

    /// The same, whoever made it.
    fn award(&self, awarding: &Awarding<'_>) -> Option<(Option<Slug>, Slug)> {
        let Some(Place::Achievement(achievement, _)) = self.place(awarding.achievement) else { return None };
        match awarding.provider.map(|provider| self.place(provider)) {
            Some(Some(Place::Issuer(provider))) => Some((Some(provider), achievement)),
            _ => Some((None, achievement)),
        }
    }
}

#[async_trait]
impl Own for OwnDocuments {
    async fn moment(&self, credentials: &[&str]) -> Option<Arc<dyn Own>> {
        let ids: Vec<CredentialId> = credentials.iter().filter_map(|id| self.credential(id)).collect();
        if ids.is_empty() {
            return None;
        }
        // A file is looked at when a question comes up: to wake a thread costs more.
        if self.registry.backend() == Backend::Sqlite {
            return Some(Arc::new(Present::new(self.clone())));
        }
        let own = self.clone();
        match self.asking.ask(move || Moment::ask(own, &ids)).await {
            Ok(Ok(moment)) => moment.map(|moment| -> Arc<dyn Own> { Arc::new(moment) }),
            // Each question is asked again when it comes up, and its answer then says so.
            Ok(Err(error)) => {
                tracing::debug!(error.message = %error, "what stands behind credentials was not told");
                None
            }
            Err(error) => {
                tracing::error!(error.message = %error, "asking what stands behind credentials panicked");
                None
            }
        }
    }

    async fn answer(&self, url: &str, accept: &str) -> Option<Fetched> {
        let path = url.strip_prefix(self.site.base())?;
        // `https://badges.example.org.evil.example` is not ours.
        if !(path.is_empty() || path.starts_with(['/', '?', '#'])) {
            return None;
        }
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let Some(place) = Place::of(path) else { return Some(nothing(404)) };
        let (registry, service) = (self.registry.clone(), Arc::clone(&self.service));
        let wanted = Wanted::of(accept);
        let root = self.site.root_issuer().clone();
        let asking = if place.is_in_memory() { &Asking::Here } else { &self.asking };
        let found = asking.ask(move || place.document(&registry, &service, &root, wanted)).await;
        Some(match found {
            Ok(Ok(Some((content_type, body)))) => Fetched::new(200, Some(content_type.to_owned()), body),
            Ok(Ok(None)) => nothing(404),
            Ok(Err(IssuingError::Registry(RegistryError::Erased))) => nothing(410),
            Ok(Err(error)) => {
                tracing::error!(error.message = %error, "an own document could not be made");
                nothing(503)
            }
            Err(error) => {
                tracing::error!(error.message = %error, "making an own document panicked");
                nothing(500)
            }
        })
    }

    fn revoked(&self, did: &str) -> Option<DateTime<Utc>> {
        self.service.compromised_since(did)
    }

    async fn known(&self, credential: &str, issuer: &str, _: Listed) -> Known {
        let Some(id) = self.credential(credential) else { return Known::default() };
        let (own, issuer) = (self.clone(), issuer.to_owned());
        let question = move || {
            let Some(moment) = Moment::ask(own, &[id])? else { return Ok(Known::default()) };
            moment.known_of(id, &issuer)
        };
        let answer: Result<Result<Known, IssuingError>, _> = self.asking.ask(question).await;
        let answer = answer.map_err(|error| error.to_string());
        answer.and_then(|answer| answer.map_err(|error| error.to_string())).unwrap_or_else(|error| {
            tracing::error!(error.message = %error, "what is known of an own credential cannot be told");
            Known::default()
        })
    }

    async fn recorded(&self, credential: &Value, issuer: &str, asked: Asked) -> Option<Recorded> {
        let id = self.credential(credential.get("id").and_then(Value::as_str)?)?;
        if !self.service.signs_as(issuer) {
            return None;
        }
        let (registry, service) = (self.registry.clone(), Arc::clone(&self.service));
        let credential = credential.clone();
        let asked = move || recorded(&registry, &service, id, &credential, asked);
        let answer = tokio::task::spawn_blocking(asked).await.map_err(|error| error.to_string());
        let answer = answer.and_then(|answer| answer.map_err(|error| error.to_string()));
        Some(answer.unwrap_or_else(|error| {
            tracing::error!(error.message = %error, "what is recorded of an own credential cannot be told");
            Recorded {
                log: Some(Logged::Unanswered),
                ledger: Some(Entered::Unanswered),
                ..Recorded::default()
            }
        }))
    }

    async fn accredited(&self, awarding: &Awarding<'_>) -> Option<Accredited> {
        let (provider, achievement) = self.awarded(awarding)?;
        let (on, issued, service) = (awarding.on, awarding.issued, Arc::clone(&self.service));
        let question = move || service.permission(provider.as_ref(), &achievement, on, issued);
        let answer = self.asking.ask(question).await.map_err(|error| error.to_string());
        let answer = answer.and_then(|answer| answer.map_err(|error| error.to_string()));
        Some(answer.map_or_else(
            |error| {
                tracing::error!(error.message = %error, "the register of accreditations could not be read");
                Accredited::Unanswered
            },
            told,
        ))
    }
}

/// What is recorded of the credential `id`, of which `credential` claims to be a copy.
fn recorded(
    registry: &Registry,
    service: &Service,
    id: CredentialId,
    credential: &Value,
    asked: Asked,
) -> Result<Recorded, IssuingError> {
    let Some(record) = registry.credential(id)? else {
        return Ok(Recorded {
            log: asked.log.then_some(Logged::Absent),
            ledger: asked.ledger.then_some(Entered::Absent),
            stood: asked.as_of.map(|_| StoodThen::NotIssued),
            maintenance: None,
        });
    };
    let log = if asked.log { Some(logged(service, &record, credential)?) } else { None };
    let ledger = if asked.ledger { Some(entered(registry.credited(id)?, asked.as_of)) } else { None };
    let maintenance = if asked.maintenance {
        let kept =
            service.maintenance_of_record(&record, asked.as_of)?.and_then(|mut kept| kept.awards.pop());
        kept.map(|kept| Maintained {
            state: kept.standing.state,
            since: kept.standing.since,
            until: kept.standing.until,
        })
    } else {
        None
    };
    let stood = asked.as_of.map(|at| match record.state {
        _ if at < record.issued_at => StoodThen::NotIssued,
        CredentialState::Revoked { at: since, .. } if since <= at => StoodThen::Revoked { since },
        _ => StoodThen::Stood,
    });
    Ok(Recorded { log, ledger, maintenance, stood })
}

/// What the ledger held of a credential at that moment, or holds now.
fn entered(credited: Option<Credited>, as_of: Option<DateTime<Utc>>) -> Entered {
    let by_then = |at: &DateTime<Utc>| as_of.is_none_or(|as_of| *at <= as_of);
    match credited.filter(|credited| by_then(&credited.at)) {
        None => Entered::Absent,
        Some(Credited { at, reversed }) => match reversed.filter(by_then) {
            Some(since) => Entered::Reversed { at, since },
            None => Entered::Stands { at },
        },
    }
}

/// Whether the log holds `credential`, by a proof that is verified here once more.
fn logged(service: &Service, record: &CredentialRecord, credential: &Value) -> Result<Logged, IssuingError> {
    let proved = match service.log_proof(record.id)? {
        None => return Ok(Logged::Absent),
        Some(InLog::Waiting) => return Ok(Logged::Waiting),
        Some(InLog::Proved(proved)) => proved,
    };
    let stored: Option<Value> = serde_json::from_str(&record.data_integrity).ok();
    if stored.as_ref() != Some(credential) {
        return Ok(Logged::Other);
    }
    let (index, size) = (proved.issued.entry.index, proved.stated.size);
    let leaf = proof::log::leaf_hash(&proved.issued.entry.entry.to_bytes());
    let holds = proof::log::verify_inclusion(index, size, &leaf, &proved.issued.path, &proved.stated.root);
    Ok(match holds {
        Ok(()) => Logged::In { index, size, at: record.issued_at },
        Err(_) => Logged::Unanswered,
    })
}

fn told(answer: Accreditor) -> Accredited {
    match answer {
        Accreditor::Held { provider, by, permission } => Accredited::Held {
            provider,
            by,
            from: permission.accreditation.from,
            until: permission.accreditation.until,
            ended: permission.ended,
        },
        Accreditor::ByRule => Accredited::ByRule,
        Accreditor::NotHeld { provider } => Accredited::NotHeld { provider },
        Accreditor::NotNamed => Accredited::NotNamed,
    }
}

/// The form that the verifier asks for first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    DataIntegrity,
    Jwt,
    StatusToken,
}

impl Wanted {
    fn of(accept: &str) -> Self {
        match accept.split([',', ';']).next().unwrap_or_default().trim() {
            "application/vc+jwt" => Self::Jwt,
            "application/statuslist+jwt" => Self::StatusToken,
            _ => Self::DataIntegrity,
        }
    }
}

/// A credential in the form that is wanted.
fn secured(data_integrity: &str, jwt: &str, wanted: Wanted) -> Document {
    if wanted == Wanted::Jwt {
        ("application/vc+jwt", jwt.to_owned())
    } else {
        ("application/vc+ld+json", data_integrity.to_owned())
    }
}

/// A status list in the form that is wanted.
fn of_list(list: &StatusListDocument, wanted: Wanted) -> Document {
    match wanted {
        Wanted::StatusToken => ("application/statuslist+jwt", list.token.clone()),
        _ => secured(&list.data_integrity, &list.vc_jwt, wanted),
    }
}

/// Which document an address names.
#[derive(Debug, PartialEq, Eq)]
enum Place {
    Credential(CredentialId),
    StatusList(StatusListId, Option<(String, String)>),
    Issuer(Slug),
    RootController,
    Controller(Slug),
    Keys,
    Achievement(Slug, String),
}

impl Place {
    fn of(path: &str) -> Option<Self> {
        let segments: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        match segments.as_slice() {
            // The page of a badge stands for the badge, so that its address
            // can be pasted as people see it.
            ["v1", "credentials", id] | ["badges", id] => read(id).map(Self::Credential),
            ["status", id] => Some(Self::StatusList(read(id)?, None)),
            ["status", id, first, second] => {
                Some(Self::StatusList(read(id)?, Some(((*first).to_owned(), (*second).to_owned()))))
            }
            ["issuers", slug] => read(slug).map(Self::Issuer),
            ["issuers", slug, "did.json"] => read(slug).map(Self::Controller),
            [".well-known", "did.json"] => Some(Self::RootController),
            [".well-known", "jwks.json"] => Some(Self::Keys),
            ["achievements", slug, version] => Some(Self::Achievement(read(slug)?, (*version).to_owned())),
            _ => None,
        }
    }

    /// Whether what stands there is made of keys alone, without a look at the database.
    fn is_in_memory(&self) -> bool {
        matches!(self, Self::RootController | Self::Controller(_) | Self::Keys)
    }

    fn document(
        self,
        registry: &Registry,
        service: &Service,
        root: &Slug,
        wanted: Wanted,
    ) -> Result<Option<Document>, IssuingError> {
        let json = |document: Option<Value>| document.map(|value| ("application/json", value.to_string()));
        Ok(match self {
            Self::Credential(id) => {
                let Some(record) = registry.credential(id)? else { return Ok(None) };
                let token = if wanted == Wanted::Jwt { service.vc_jwt(&record)? } else { String::new() };
                Some(secured(&record.data_integrity, &token, wanted))
            }
            Self::StatusList(id, keys) => {
                let keys = keys.as_ref().map(|(first, second)| (first.as_str(), second.as_str()));
                service.status_list(id, keys)?.map(|list| of_list(&list, wanted))
            }
            Self::Issuer(slug) => json(service.issuer_profile(&slug)?),
            Self::RootController => json(service.controlled_document(root)?),
            Self::Controller(slug) => json(service.controlled_document(&slug)?),
            Self::Keys => json(Some(service.jwks())),
            Self::Achievement(slug, version) => json(service.achievement_document(&slug, &version)?),
        })
    }
}

fn read<T: FromStr>(segment: &str) -> Option<T> {
    segment.parse().ok()
}

fn nothing(status: u16) -> Fetched {
    Fetched::new(status, None, bytes::Bytes::new())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_document_or_nothing() {
        let id = "6f1c9f5e-0f6b-4a52-9d4e-2f6f6a9b7c10";
        assert_eq!(Place::of(&format!("/badges/{id}")), Place::of(&format!("/v1/credentials/{id}")));
        assert_eq!(Place::of(&format!("/status/{id}")), Some(Place::StatusList(id.parse().unwrap(), None)));
        assert_eq!(Place::of("/.well-known/did.json"), Some(Place::RootController));
        assert_eq!(
            Place::of("/issuers/imperial/did.json"),
            Some(Place::Controller("imperial".parse().unwrap()))
        );
        for bad in ["", "/", "/badges/1", "/issuers/../x", "/v1/credentials"] {
            assert_eq!(Place::of(bad), None, "{bad}");
        }
    }
}
