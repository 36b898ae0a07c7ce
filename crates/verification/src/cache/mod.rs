//! What other hosts said, remembered for as long as they allow.

pub(crate) mod lasting;
mod shelf;

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::{BoxFuture, FutureExt as _, Shared};
use model::clock::Clock;
use serde_json::Value;

use crate::{Accredited, Asked, Awarding, Fetch, FetchError, Fetched, Known, Listed, Recorded};
use shelf::{Entry, Shelf};

/// How much a [`Cache`] may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// Bytes of all answers together.
    pub bytes: usize,
    /// Answers.
    pub answers: usize,
}

impl Default for Room {
    /// 64 MiB, 4,096 answers.
    fn default() -> Self {
        Self { bytes: 67_108_864, answers: 4096 }
    }
}

/// How long an answer without success, and a failure, stands for the next who ask:
/// a host that is down is not asked ten thousand times.
const FAILED: TimeDelta = TimeDelta::seconds(5);
/// The same where an older answer can stand in meanwhile.
const RETRY: TimeDelta = TimeDelta::seconds(30);
/// How long an answer may stand in for a host that fails, at most.
const STALE: TimeDelta = TimeDelta::hours(24);

/// Remembers answers in front of another [`Fetch`] (RFC 9111), so that ten thousand
/// badges of one issuer cost its host one request.
///
/// It honours `Cache-Control`, `Age` and `ETag`, and of a status list its own `ttl` and
/// its end, whichever is the least; a host that says nothing is believed for five
/// minutes, none for longer than a day. Who asks for what is being fetched already waits
/// for that. When the host fails, an older answer stands in for up to a day, and says
/// so ([`Fetched::kept`]): not where the host forbids it, and not where we refuse to
/// reach out. Its clones share what they remember.
pub struct Cache<F> {
    inner: Arc<F>,
    clock: Arc<dyn Clock>,
    shelf: Arc<Mutex<Shelf>>,
}

impl<F> Clone for Cache<F> {
    fn clone(&self) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
            clock: Arc::clone(&self.clock),
            shelf: Arc::clone(&self.shelf),
        }
    }
}

/// What is asked for. The limit belongs to it: a longer answer is a failure.
type Question = (String, String, usize);
type Answer = Result<Fetched, FetchError>;
/// A question that is being asked, and who waits for the answer.
type Flight = Shared<BoxFuture<'static, Answer>>;

impl<F: Fetch + 'static> Cache<F> {
    /// An empty cache in front of `inner`.
    pub fn new(inner: F, clock: Arc<dyn Clock>, room: Room) -> Self {
        Self { inner: Arc::new(inner), clock, shelf: Arc::new(Mutex::new(Shelf::new(room))) }
    }

    /// What is remembered, or the flight that brings it.
    fn look(&self, question: &Question) -> Result<Answer, Flight> {
        let now = self.clock.now();
        let mut shelf = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        let old = shelf.get(question);
        match old {
            Some(entry) if entry.is_fresh(now) => return Ok(entry.told(false)),
            Some(entry) if entry.rests(now) => return Ok(entry.told(true)),
            _ => {}
        }
        let old = old.cloned();
        if let Some(flight) = shelf.flight(question) {
            return Err(flight);
        }
        let (cache, asked) = (self.clone(), question.clone());
        let flight = async move { cache.ask(asked, old).await }.boxed().shared();
        shelf.departs(question, &flight);
        Err(flight)
    }

    /// Asks the host, and remembers what it says.
    async fn ask(self, question: Question, old: Option<Entry>) -> Answer {
        let (url, accept, limit) = &question;
        let etag = old.as_ref().and_then(Entry::etag);
        let answer = match etag {
            Some(etag) => self.inner.fetch_changed(url, accept, *limit, etag).await,
            None => self.inner.fetch(url, accept, *limit).await,
        };
        let now = self.clock.now();
        let entry = remembered(answer, old, now);
        let told = entry.told_at(now);
        let mut shelf = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        shelf.keep(question, entry, now);
        told
    }
}

/// What is to be remembered of an answer that came `now`, after `old`.
fn remembered(answer: Answer, old: Option<Entry>, now: DateTime<Utc>) -> Entry {
    if let (Ok(Fetched { status: 304, keeping, .. }), Some(old)) = (&answer, &old)
        && let Some(again) = old.confirmed(keeping, now)
    {
        return again;
    }
    let failed = match &answer {
        Ok(fetched) => fetched.status >= 500 || fetched.status == 429,
        Err(error) => !error.is_refusal(),
    };
    if failed && let Some(standing_in) = old.and_then(|old| old.standing_in(now)) {
        return standing_in;
    }
    Entry::new(answer, now)
}

#[async_trait]
impl<F: Fetch + 'static> Fetch for Cache<F> {
    async fn fetch(&self, url: &str, accept: &str, limit: usize) -> Answer {
        match self.look(&(url.to_owned(), accept.to_owned(), limit)) {
            Ok(answer) => answer,
            Err(flight) => flight.await,
        }
    }

    fn revoked(&self, did: &str) -> Option<DateTime<Utc>> {
        self.inner.revoked(did)
    }

    async fn known(&self, credential: &str, issuer: &str, listed: Listed) -> Known {
        self.inner.known(credential, issuer, listed).await
    }

    async fn accredited(&self, awarding: &Awarding<'_>) -> Option<Accredited> {
        self.inner.accredited(awarding).await
    }

    async fn recorded(&self, credential: &Value, issuer: &str, asked: Asked) -> Option<Recorded> {
        self.inner.recorded(credential, issuer, asked).await
    }
}

#[cfg(test)]
mod tests;
