//! The offline bundle: what others need to check the badges of this service without a
//! network.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use model::{
    bundle::{Listed, Manifest, OfflineBundle, Revoked},
    id::{Slug, StatusListId},
};
use signing::{Identity, sign_manifest};

use crate::{IssuingError, Service};

/// Bytes of the documents of a bundle, at most: some thousand status lists.
const MAX_BUNDLE: usize = 67_108_864;
/// A bundle whose documents are unchanged is handed out again, with its date, for so long: it
/// has one entity tag, and is signed once.
const SAME: TimeDelta = TimeDelta::minutes(5);

/// The bundle as last signed, and what it signs for.
#[derive(Default)]
pub(crate) struct BundleCache(Mutex<Option<(Manifest, Arc<str>)>>);

/// The documents of a bundle that is being put together.
struct Gathered {
    listed: Vec<Listed>,
    documents: Vec<String>,
    bytes: usize,
}

impl Gathered {
    fn add(&mut self, url: String, media_type: &str, document: String) -> Result<(), IssuingError> {
        self.bytes = self.bytes.saturating_add(document.len());
        if self.bytes > MAX_BUNDLE {
            return Err(IssuingError::BundleTooLarge(MAX_BUNDLE));
        }
        self.listed.push(Listed::of(url, media_type, &document));
        self.documents.push(document);
        Ok(())
    }
}

impl Service {
    /// The offline bundle as JSON text: every issuer's document, profile and JWK Set, every
    /// status list in all its forms as it stands at this moment, and the log's last
    /// checkpoint, signed by the root issuer's key for tokens.
    pub fn offline_bundle(&self) -> Result<Arc<str>, IssuingError> {
        let gathered = self.gather()?;
        let now = self.clock.now();
        let keys = self.vault.keys();
        let identity = Identity::of(&self.site, self.site.root_issuer(), &keys)?;
        let revoked = signing::compromised(&self.site, &keys).into_iter();
        let manifest = Manifest {
            iss: identity.jwt.issuer_id.clone(),
            iat: now.timestamp(),
            documents: gathered.listed,
            revoked: revoked.map(|(id, since)| Revoked { id, since }).collect(),
        };
        let mut held = self.bundle.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((last, text)) = held.as_ref()
            && is_as_good(last, &manifest, now)
        {
            return Ok(Arc::clone(text));
        }
        let signed = sign_manifest(&manifest, &identity, now, &keys, &self.site)?;
        let bundle = OfflineBundle { manifest: signed, documents: gathered.documents };
        let text: Arc<str> = crate::documents::to_value(&bundle)?.to_string().into();
        *held = Some((manifest, Arc::clone(&text)));
        Ok(text)
    }

    fn gather(&self) -> Result<Gathered, IssuingError> {
        let mut gathered = Gathered { listed: Vec::new(), documents: Vec::new(), bytes: 0 };
        let root = self.site.root_issuer();
        for slug in self.catalogue()?.organisations.keys() {
            let Some(document) = self.controlled_document(slug)? else { continue };
            let path = if slug == root {
                "/.well-known/did.json".to_owned()
            } else {
                format!("/issuers/{slug}/did.json")
            };
            gathered.add(self.site.url(&path), "application/did+ld+json", document.to_string())?;
            if let Some(profile) = self.issuer_profile(slug)? {
                gathered.add(self.site.issuer(slug), "application/json", profile.to_string())?;
            }
        }
        let jwks = self.site.url("/.well-known/jwks.json");
        gathered.add(jwks, "application/jwk-set+json", self.jwks().to_string())?;
        for (id, issuer) in self.registry.status_lists()? {
            self.gather_list(&mut gathered, id, &issuer)?;
        }
        if let Some(checkpoint) = self.log_checkpoint(None)? {
            gathered.add(self.site.url("/log/checkpoint"), "text/plain", checkpoint.to_string())?;
        }
        Ok(gathered)
    }

    /// Adds a list in all its forms. One whose issuer is named by its keys has one address
    /// for each pair of them that may have signed a badge.
    fn gather_list(
        &self,
        gathered: &mut Gathered,
        id: StatusListId,
        issuer: &Slug,
    ) -> Result<(), IssuingError> {
        for pair in self.pairs(issuer) {
            let named = pair.as_ref().map(|(first, second)| (first.as_str(), second.as_str()));
            let Some(list) = self.status_list(id, named)? else { continue };
            let url = match named {
                None => self.site.status_list(id),
                Some((first, second)) => self.site.status_list_by(id, first, second),
            };
            gathered.add(url.clone(), "application/vc+ld+json", list.data_integrity.clone())?;
            gathered.add(url.clone(), "application/vc+jwt", list.vc_jwt.clone())?;
            gathered.add(url, "application/statuslist+jwt", list.token.clone())?;
        }
        Ok(())
    }

    /// The pairs of keys that name `issuer`; one `None` where it is named by did:web.
    fn pairs(&self, issuer: &Slug) -> Vec<Option<(String, String)>> {
        if self.site.uses_did_web() {
            return vec![None];
        }
        let keys = self.vault.keys();
        let of_kind = |embedded: bool| -> Vec<String> {
            let found = keys.of_issuer(issuer).filter(|key| {
                (key.record().algorithm == signing::KeyAlgorithm::Ed25519) == embedded
                    && key.record().compromised.is_none()
            });
            found.map(|key| key.id().to_owned()).collect()
        };
        let (embedded, tokens) = (of_kind(true), of_kind(false));
        let each = |first: String| tokens.iter().map(move |second| Some((first.clone(), second.clone())));
        embedded.into_iter().flat_map(each).collect()
    }
}

/// Whether `last` says what `manifest` would and is not older than it may be.
fn is_as_good(last: &Manifest, manifest: &Manifest, now: DateTime<Utc>) -> bool {
    let age = now.timestamp().saturating_sub(last.iat);
    (0..SAME.num_seconds()).contains(&age)
        && (&last.iss, &last.documents, &last.revoked)
            == (&manifest.iss, &manifest.documents, &manifest.revoked)
}
