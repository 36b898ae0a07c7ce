//! What verification asks of the outside, and how it may fail.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::{Accredited, Asked, Awarding, Known, Listed, Recorded};

/// An answer of a host, whatever its status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// The HTTP status code. Redirects are never followed, so a 3xx is an answer.
    pub status: u16,
    /// The `Content-Type` header, as sent.
    pub content_type: Option<String>,
    /// The body, at most as long as the caller's limit.
    pub body: Bytes,
    /// The `Link` header, as sent.
    pub link: Option<String>,
    /// What the host says of keeping it.
    pub keeping: Keeping,
    /// When it was fetched, if that was not just now.
    pub kept: Option<Kept>,
}

impl Fetched {
    /// An answer that came just now, of whose keeping nothing is said.
    pub fn new(status: u16, content_type: Option<String>, body: impl Into<Bytes>) -> Self {
        Self { status, content_type, body: body.into(), link: None, keeping: Keeping::default(), kept: None }
    }
}

/// What a host says of keeping its answer (RFC 9111, and RFC 5861 for stale answers).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keeping {
    /// Whether it may not be kept at all (`no-store`, `private`).
    pub never: bool,
    /// For how long from now it is as good as new; `None` if the host does not say.
    pub lifetime: Option<Duration>,
    /// For how long after that it may stand in for a host that fails; `None` if the
    /// host does not say, nothing with `must-revalidate`.
    pub stale: Option<Duration>,
    /// The `ETag`, by which the host can be asked whether it is still the same.
    pub etag: Option<String>,
}

/// An answer out of a cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// When the host gave it, or last said that it is still the same.
    pub since: DateTime<Utc>,
    /// Whether it is older than it should be, because the host does not answer now.
    pub stale: bool,
}

/// Why nothing came back. The words are for people and follow a colon.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// Not an absolute URL, or one with a user name. Whose fault: who wrote it, mostly the issuer.
    #[error("`{0}` is not an absolute URL without credentials in it")]
    NotUrl(String),
    /// Not https (http is for loopback when developing). Whose fault: who wrote the address.
    #[error("`{0}` is not https, and nothing else is followed")]
    NotHttps(String),
    /// Another port than 443. Whose fault: who wrote the address.
    #[error("`{0}` names another port than 443")]
    Port(String),
    /// The address, or what its name resolves to, is not public. Whose fault: who wrote the address.
    #[error("`{host}` stands at {address}, which is not a public address")]
    NotPublic {
        /// The host as the URL names it.
        host: String,
        /// The address refused.
        address: String,
    },
    /// The name is not known to the domain name system. Whose fault: the host's.
    #[error("the name `{0}` does not resolve")]
    NoSuchHost(String),
    /// The host redirects, which is never followed. Whose fault: the host's.
    #[error("`{url}` redirects to `{location}`, and redirects are not followed")]
    Redirected {
        /// What was asked for.
        url: String,
        /// Where the host pointed.
        location: String,
    },
    /// No answer, or not all of it, in time. Whose fault: the host's.
    #[error("`{url}` did not answer within {seconds} seconds")]
    TimedOut {
        /// What was asked for.
        url: String,
        /// The limit.
        seconds: u64,
    },
    /// A longer answer than is read. Whose fault: the host's.
    #[error("`{url}` answers with more than {limit} bytes")]
    TooLarge {
        /// What was asked for.
        url: String,
        /// The limit in bytes.
        limit: usize,
    },
    /// A compressed answer although none was asked for. Whose fault: the host's.
    #[error("`{0}` answers compressed, which was not asked for")]
    Encoded(String),
    /// No connection, a bad certificate, or a broken answer. Whose fault: the host's.
    #[error("`{url}` cannot be reached: {reason}")]
    Unreachable {
        /// What was asked for.
        url: String,
        /// What the connection said.
        reason: String,
    },
    /// One verification asks for too many documents. Whose fault: who made the credential.
    #[error("this credential refers to more than {0} documents, and no more are fetched")]
    TooMany(usize),
    /// This verifier works without a network. Whose fault: nobody's.
    #[error("`{0}` is not reached out to, because this check runs without a network")]
    Offline(String),
    /// The client could not be built. Whose fault: ours.
    #[error("the web client cannot be set up: {0}")]
    SetUp(String),
}

impl FetchError {
    /// Whether it was our decision not to reach out, rather than a host's failure to answer.
    pub fn is_refusal(&self) -> bool {
        matches!(
            self,
            Self::NotUrl(_)
                | Self::NotHttps(_)
                | Self::Port(_)
                | Self::NotPublic { .. }
                | Self::TooMany(_)
                | Self::Offline(_)
        )
    }
}

/// Gets documents. Implementations compose: a cache or a bundle for offline
/// use wraps another `Fetch`.
#[async_trait]
pub trait Fetch: Send + Sync {
    /// The document at `url`, asked for with the `Accept` header `accept`, its
    /// body at most `limit` bytes.
    async fn fetch(&self, url: &str, accept: &str, limit: usize) -> Result<Fetched, FetchError>;

    /// The same, if it is no longer the one with the `ETag` `etag`; else status 304.
    async fn fetch_changed(
        &self,
        url: &str,
        accept: &str,
        limit: usize,
        _etag: &str,
    ) -> Result<Fetched, FetchError> {
        self.fetch(url, accept, limit).await
    }

    /// What is known at this moment of those of the credentials with these ids that are
    /// the service's own, asked for all at once: it answers before this does.
    async fn moment(&self, _credentials: &[&str]) -> Option<Arc<dyn Own>> {
        None
    }

    /// Since when the key that is its own name (did:key, did:jwk) is known to
    /// be revoked. Such a name has no document in which its issuer could say so.
    fn revoked(&self, _did: &str) -> Option<DateTime<Utc>> {
        None
    }

    /// What is known of the credential with this id and issuer, if it is the service's own;
    /// `listed` is how it stands by its lists, as they are at this moment.
    async fn known(&self, _credential: &str, _issuer: &str, _listed: Listed) -> Known {
        Known::default()
    }

    /// Whether the provider of an award was accredited for it; `None` where no register
    /// of its issuer's is known.
    async fn accredited(&self, _awarding: &Awarding<'_>) -> Option<Accredited> {
        None
    }

    /// What the service has recorded of `credential`, if it is its own by id and issuer.
    async fn recorded(&self, _credential: &Value, _issuer: &str, _asked: Asked) -> Option<Recorded> {
        None
    }
}

#[async_trait]
impl<F: Fetch + ?Sized> Fetch for Arc<F> {
    async fn fetch(&self, url: &str, accept: &str, limit: usize) -> Result<Fetched, FetchError> {
        (**self).fetch(url, accept, limit).await
    }

    async fn fetch_changed(
        &self,
        url: &str,
        accept: &str,
        limit: usize,
        etag: &str,
    ) -> Result<Fetched, FetchError> {
        (**self).fetch_changed(url, accept, limit, etag).await
    }

    async fn moment(&self, credentials: &[&str]) -> Option<Arc<dyn Own>> {
        (**self).moment(credentials).await
    }

    fn revoked(&self, did: &str) -> Option<DateTime<Utc>> {
        (**self).revoked(did)
    }

    async fn known(&self, credential: &str, issuer: &str, listed: Listed) -> Known {
        (**self).known(credential, issuer, listed).await
    }

    async fn accredited(&self, awarding: &Awarding<'_>) -> Option<Accredited> {
        (**self).accredited(awarding).await
    }

    async fn recorded(&self, credential: &Value, issuer: &str, asked: Asked) -> Option<Recorded> {
        (**self).recorded(credential, issuer, asked).await
    }
}

/// Answers addresses that are the service's own, so that checking our own
/// badges needs no network and sees a revocation at once.
#[async_trait]
pub trait Own: Send + Sync {
    /// The document at `url`, or `None` if the address is not ours. An address
    /// of ours where nothing stands is `Some` with status 404.
    async fn answer(&self, url: &str, accept: &str) -> Option<Fetched>;

    /// As [`Fetch::moment`].
    async fn moment(&self, _credentials: &[&str]) -> Option<Arc<dyn Own>> {
        None
    }

    /// As [`Fetch::revoked`], of the service's own keys.
    fn revoked(&self, did: &str) -> Option<DateTime<Utc>>;

    /// As [`Fetch::known`].
    async fn known(&self, _credential: &str, _issuer: &str, _listed: Listed) -> Known {
        Known::default()
    }

    /// As [`Fetch::accredited`], of the service's own register.
    async fn accredited(&self, _awarding: &Awarding<'_>) -> Option<Accredited> {
        None
    }

    /// As [`Fetch::recorded`].
    async fn recorded(&self, _credential: &Value, _issuer: &str, _asked: Asked) -> Option<Recorded> {
        None
    }
}

/// Asks the first, and only if the address is not its own, the second.
#[derive(Debug, Clone)]
pub struct FirstOf<L, R>(pub L, pub R);

#[async_trait]
impl<L: Own, R: Fetch> Fetch for FirstOf<L, R> {
    async fn fetch(&self, url: &str, accept: &str, limit: usize) -> Result<Fetched, FetchError> {
        match self.0.answer(url, accept).await {
            Some(own) => Ok(own),
            None => self.1.fetch(url, accept, limit).await,
        }
    }

    async fn moment(&self, credentials: &[&str]) -> Option<Arc<dyn Own>> {
        self.0.moment(credentials).await
    }

    fn revoked(&self, did: &str) -> Option<DateTime<Utc>> {
        self.0.revoked(did).or_else(|| self.1.revoked(did))
    }

    async fn known(&self, credential: &str, issuer: &str, listed: Listed) -> Known {
        self.0.known(credential, issuer, listed).await
    }

    async fn accredited(&self, awarding: &Awarding<'_>) -> Option<Accredited> {
        match self.0.accredited(awarding).await {
            None => self.1.accredited(awarding).await,
            found => found,
        }
    }

    async fn recorded(&self, credential: &Value, issuer: &str, asked: Asked) -> Option<Recorded> {
        match self.0.recorded(credential, issuer, asked).await {
            None => self.1.recorded(credential, issuer, asked).await,
            found => found,
        }
    }
}
