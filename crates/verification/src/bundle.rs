//! A service's documents out of one file: what they do not answer is not checked, and
//! nothing is fetched.

use std::{collections::HashMap, sync::Arc};

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use jose::VerifyingKey;
use model::{
    bundle::{Listed, Manifest, OfflineBundle},
    clock::Clock,
};

use crate::{
    Fetch, FetchError, Fetched, Kept,
    cache::lasting,
    checks::binding::{self, Relationship},
    issuer::{self, Documents},
};

/// How far ahead of this machine's the clock of whoever made the bundle may be.
const SKEW: TimeDelta = TimeDelta::minutes(5);

/// Whom a bundle must come from. A bundle says itself who made it, and anybody can make
/// one that says so: what is named here was learned in another way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Anchor {
    /// An issuer whose name is its key: did:key or did:jwk.
    Name(String),
    /// The issuer's document (did:web or https), as it was fetched and kept earlier.
    Document(Vec<u8>),
}

/// Why a bundle is not used. The words are for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// It is not a bundle. Whose fault: who made the file, or cut it.
    #[error("it is not an offline bundle: {0}")]
    Unreadable(String),
    /// The anchor cannot name anybody. Whose fault: who asks.
    #[error("`{0}` is neither a did:key or did:jwk nor a document with the keys of an issuer")]
    Anchor(String),
    /// Somebody else made it. Whose fault: who made it, or who asks.
    #[error("it is signed by `{found}`, not by `{expected}`")]
    OtherIssuer {
        /// Who it says signed it.
        found: String,
        /// Who must have.
        expected: String,
    },
    /// Its signature does not verify, or not by a key of the issuer's. Whose fault: who made
    /// it, or changed it.
    #[error("its signature is not the issuer's: {0}")]
    Signature(String),
    /// A document in it is not the one that was signed for. Whose fault: who changed it.
    #[error("the document of `{0}` in it was changed")]
    Changed(String),
    /// It is dated ahead. Whose fault: who made it, or this machine's clock.
    #[error("it is dated {0}, which is still to come")]
    Ahead(String),
}

/// Answers from an offline bundle, and from nothing else.
///
/// The bundle is proved to be of the [`Anchor`] before anything of it is used. Documents in
/// it are as old as it: whatever rests on one says so, and is a warning once that is longer
/// than the document allows (a status list's `ttl` and end), or than a day.
pub struct Bundle {
    issuer: String,
    made: DateTime<Utc>,
    documents: HashMap<String, Vec<Held>>,
    revoked: HashMap<String, DateTime<Utc>>,
    clock: Arc<dyn Clock>,
}

/// A document in one form.
struct Held {
    media_type: String,
    body: Bytes,
    /// Until when it is as good as new.
    fresh: DateTime<Utc>,
}

impl Bundle {
    /// Reads the bundle in `bytes`, which must be signed by `anchor`.
    pub async fn open(bytes: &[u8], anchor: &Anchor, clock: Arc<dyn Clock>) -> Result<Self, BundleError> {
        let unreadable = |error: &dyn std::fmt::Display| BundleError::Unreadable(error.to_string());
        let bundle: OfflineBundle = serde_json::from_slice(bytes).map_err(|error| unreadable(&error))?;
        let token = jose::read_manifest(&bundle.manifest).map_err(|error| unreadable(&error))?;
        let manifest: Manifest =
            serde_json::from_slice(&token.payload).map_err(|error| unreadable(&error))?;
        verify(&token, &manifest.iss, anchor).await?;
        if manifest.documents.len() != bundle.documents.len() {
            return Err(unreadable(&"it does not hold as many documents as it lists"));
        }
        let made = DateTime::from_timestamp(manifest.iat, 0).ok_or_else(|| unreadable(&"it has no date"))?;
        if made > clock.now() + SKEW {
            return Err(BundleError::Ahead(made.to_rfc3339()));
        }
        let mut documents: HashMap<String, Vec<Held>> = HashMap::new();
        for (listed, document) in manifest.documents.into_iter().zip(bundle.documents) {
            if !listed.is(&document) {
                return Err(BundleError::Changed(listed.url));
            }
            let Listed { url, media_type, .. } = listed;
            let fresh = made + lasting::unasked(document.as_bytes(), made);
            documents.entry(url).or_default().push(Held { media_type, body: document.into(), fresh });
        }
        let revoked = manifest.revoked.into_iter().map(|revoked| (revoked.id, revoked.since)).collect();
        Ok(Self { issuer: manifest.iss, made, documents, revoked, clock })
    }

    /// Who signed it.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// As of when its documents are.
    pub fn made(&self) -> DateTime<Utc> {
        self.made
    }

    /// How many documents it holds.
    pub fn len(&self) -> usize {
        self.documents.values().map(Vec::len).sum()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.documents.is_empty()
    }
}

/// Whether `token` is signed by `issuer`, and that is whom the anchor names.
async fn verify(token: &jose::Unverified, issuer: &str, anchor: &Anchor) -> Result<(), BundleError> {
    let expected = anchor.issuer()?;
    if expected != issuer {
        return Err(BundleError::OtherIssuer { found: issuer.to_owned(), expected });
    }
    let signature = |why: &dyn std::fmt::Display| BundleError::Signature(why.to_string());
    let found = issuer::resolve(&Pinned(anchor), &Documents::default(), issuer).await;
    let (key, _) = binding::of_header(issuer, &token.header, &found, Relationship::Assertion)
        .map_err(|check| signature(&check.finding))?;
    if let Some(since) = key.revoked {
        return Err(signature(&format!("the key is revoked since {}", since.to_rfc3339())));
    }
    let verified = VerifyingKey::from_jwk(&key.jwk).and_then(|key| token.verify_by(&key));
    verified.map_err(|error| signature(&error))
}

impl Anchor {
    /// Who is meant.
    fn issuer(&self) -> Result<String, BundleError> {
        let addressed = |id: &str| id.starts_with("did:web:") || id.starts_with("https://");
        match self {
            Self::Name(name) if name.starts_with("did:key:") || name.starts_with("did:jwk:") => {
                Ok(name.clone())
            }
            Self::Name(name) => Err(BundleError::Anchor(name.clone())),
            Self::Document(document) => {
                let read = proof::json::parse(document, &proof::json::Limits::default()).ok();
                let id = read.as_ref().and_then(|read| read.get("id")).and_then(serde_json::Value::as_str);
                // A name that is its own key would be resolved by itself, whatever the document says.
                let id = id.filter(|id| addressed(id));
                id.map(str::to_owned).ok_or_else(|| BundleError::Anchor("the file".to_owned()))
            }
        }
    }
}

/// Answers every address with the document that was kept.
struct Pinned<'a>(&'a Anchor);

#[async_trait]
impl Fetch for Pinned<'_> {
    async fn fetch(&self, url: &str, _accept: &str, _limit: usize) -> Result<Fetched, FetchError> {
        match self.0 {
            Anchor::Document(document) => Ok(Fetched::new(200, None, document.clone())),
            Anchor::Name(_) => Err(FetchError::Offline(url.to_owned())),
        }
    }
}

#[async_trait]
impl Fetch for Bundle {
    async fn fetch(&self, url: &str, accept: &str, limit: usize) -> Result<Fetched, FetchError> {
        let offline = || FetchError::Offline(url.to_owned());
        let forms = self.documents.get(url).ok_or_else(offline)?;
        let wanted = accept.split([',', ';']).next().unwrap_or_default().trim();
        let held = match forms.as_slice() {
            [only] => Some(only),
            several => several.iter().find(|held| held.media_type == wanted),
        };
        let held = held.ok_or_else(offline)?;
        if held.body.len() > limit {
            return Err(FetchError::TooLarge { url: url.to_owned(), limit });
        }
        let kept = Kept { since: self.made, stale: self.clock.now() > held.fresh };
        let fetched = Fetched::new(200, Some(held.media_type.clone()), held.body.clone());
        Ok(Fetched { kept: Some(kept), ..fetched })
    }

    fn revoked(&self, did: &str) -> Option<DateTime<Utc>> {
        self.revoked.get(did).copied()
    }
}
