//! What one verification fetched: every document once, with a budget.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::Value;
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::{Accredited, Asked, Awarding, Fetch, FetchError, Fetched, Known, Listed, Own, Recorded};

/// Documents that one verification asks for at most, so that a credential
/// cannot make us ask the world.
const DOCUMENTS: usize = 16;
/// How long one verification waits for other hosts altogether.
const PATIENCE: Duration = Duration::from_secs(20);
/// Bytes of documents that are remembered for all verifications of one call;
/// those of one alone are never more.
const KEPT: usize = 33_554_432;

/// An address, and what was asked for as.
type Question = (String, String);

/// Remembers the answers within one verification, or within several made in
/// one call. A cache that lasts longer and honours `max-age` and a list's `ttl`
/// wraps the inner [`Fetch`].
pub(crate) struct Memo {
    inner: Arc<dyn Fetch>,
    /// What was asked of the service's own credentials before.
    moment: Option<Arc<dyn Own>>,
    seen: Arc<Mutex<Seen>>,
    /// What this verification asked for, whoever fetched it.
    asked: Mutex<HashSet<Question>>,
    deadline: Instant,
}

#[derive(Default)]
struct Seen {
    answers: HashMap<Question, Result<Fetched, FetchError>>,
    bytes: usize,
}

impl Memo {
    pub fn new(inner: Arc<dyn Fetch>) -> Self {
        Self {
            inner,
            moment: None,
            seen: Arc::default(),
            asked: Mutex::default(),
            deadline: Instant::now() + PATIENCE,
        }
    }

    /// Asks at once what is known of the credentials with these ids.
    pub async fn ask_of(&mut self, credentials: &[&str]) {
        self.moment = self.inner.moment(credentials).await;
    }

    /// For the next verification of the same call: its budget is its own, so
    /// that it gets the answer it would get alone.
    pub fn next(&self) -> Self {
        Self {
            moment: self.moment.clone(),
            seen: Arc::clone(&self.seen),
            ..Self::new(Arc::clone(&self.inner))
        }
    }
}

impl Memo {
    async fn look(&self, url: &str, accept: &str, limit: usize) -> Result<Fetched, FetchError> {
        if let Some(moment) = &self.moment
            && let Some(own) = moment.answer(url, accept).await
        {
            return Ok(own);
        }
        self.inner.fetch(url, accept, limit).await
    }
}

#[async_trait]
impl Fetch for Memo {
    async fn fetch(&self, url: &str, accept: &str, limit: usize) -> Result<Fetched, FetchError> {
        // Held while fetching: one verification asks one host at a time.
        let mut seen = self.seen.lock().await;
        let mut asked = self.asked.lock().await;
        let question = (url.to_owned(), accept.to_owned());
        if !asked.contains(&question) {
            if asked.len() >= DOCUMENTS {
                return Err(FetchError::TooMany(DOCUMENTS));
            }
            asked.insert(question.clone());
        }
        if let Some(answer) = seen.answers.get(&question) {
            return answer.clone();
        }
        let fetching = tokio::time::timeout_at(self.deadline, self.look(url, accept, limit));
        let (answer, in_time) = match fetching.await {
            Ok(answer) => (answer, true),
            Err(_) => (Err(FetchError::TimedOut { url: url.to_owned(), seconds: PATIENCE.as_secs() }), false),
        };
        let bytes = seen.bytes + answer.as_ref().map_or(0, |fetched| fetched.body.len());
        // A host that was left no time by the others of this verification has
        // said nothing to the next.
        if bytes <= KEPT && (in_time || asked.len() == 1) {
            seen.bytes = bytes;
            seen.answers.insert(question, answer.clone());
        }
        answer
    }

    fn revoked(&self, did: &str) -> Option<DateTime<Utc>> {
        self.inner.revoked(did)
    }

    async fn known(&self, credential: &str, issuer: &str, listed: Listed) -> Known {
        match &self.moment {
            Some(moment) => moment.known(credential, issuer, listed).await,
            None => self.inner.known(credential, issuer, listed).await,
        }
    }

    async fn accredited(&self, awarding: &Awarding<'_>) -> Option<Accredited> {
        if let Some(moment) = &self.moment
            && let Some(answer) = moment.accredited(awarding).await
        {
            return Some(answer);
        }
        self.inner.accredited(awarding).await
    }

    async fn recorded(&self, credential: &Value, issuer: &str, asked: Asked) -> Option<Recorded> {
        self.inner.recorded(credential, issuer, asked).await
    }
}
