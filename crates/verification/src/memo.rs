//! What one verification fetched: every document once, with a budget.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::{Fetch, FetchError, Fetched};

/// Documents that one verification fetches at most, so that a credential
/// cannot make us ask the world.
const DOCUMENTS: usize = 16;
/// How long one verification waits for other hosts altogether.
const PATIENCE: Duration = Duration::from_secs(20);

/// Remembers the answers within one verification. A cache that lasts longer
/// and honours `max-age` and a list's `ttl` wraps the inner [`Fetch`].
pub(crate) struct Memo {
    inner: Arc<dyn Fetch>,
    seen: Mutex<HashMap<(String, String), Result<Fetched, FetchError>>>,
    deadline: Instant,
}

impl Memo {
    pub fn new(inner: Arc<dyn Fetch>) -> Self {
        Self { inner, seen: Mutex::default(), deadline: Instant::now() + PATIENCE }
    }
}

#[async_trait]
impl Fetch for Memo {
    async fn fetch(&self, url: &str, accept: &str, limit: usize) -> Result<Fetched, FetchError> {
        // Held while fetching: one verification asks one host at a time.
        let mut seen = self.seen.lock().await;
        let key = (url.to_owned(), accept.to_owned());
        if let Some(answer) = seen.get(&key) {
            return answer.clone();
        }
        if seen.len() >= DOCUMENTS {
            return Err(FetchError::TooMany(DOCUMENTS));
        }
        let fetching = tokio::time::timeout_at(self.deadline, self.inner.fetch(url, accept, limit));
        let late = || FetchError::TimedOut { url: url.to_owned(), seconds: PATIENCE.as_secs() };
        let answer = fetching.await.unwrap_or_else(|_| Err(late()));
        seen.insert(key, answer.clone());
        answer
    }

    fn revoked(&self, did: &str) -> Option<DateTime<Utc>> {
        self.inner.revoked(did)
    }
}
