//! The answers in memory, and what makes room for more of them.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::{BoxFuture, WeakShared};

use super::{Answer, FAILED, Flight, Question, RETRY, Room, STALE, lasting};
use crate::{Fetched, Keeping, Kept};

/// Bytes that an answer takes beside its words.
const OVERHEAD: usize = 512;

/// An answer and how long it stands.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    answer: Answer,
    /// When it came, or was last confirmed.
    since: DateTime<Utc>,
    fresh_until: DateTime<Utc>,
    /// Until when it may stand in for a host that fails.
    stale_until: DateTime<Utc>,
    /// The host failed: it is not asked again before then.
    rests_until: Option<DateTime<Utc>>,
}

impl Entry {
    /// An answer that came `now`.
    pub fn new(answer: Answer, now: DateTime<Utc>) -> Self {
        let mut entry = Self { answer, since: now, fresh_until: now, stale_until: now, rests_until: None };
        let lasts = match &entry.answer {
            Ok(fetched) if fetched.keeping.never => TimeDelta::zero(),
            Ok(fetched) if fetched.status == 200 => lasting::of(fetched, now),
            Ok(_) | Err(_) => FAILED,
        };
        entry.last(lasts);
        entry
    }

    fn last(&mut self, lasts: TimeDelta) {
        self.fresh_until = later(self.since, lasts);
        let may_stand_in = match &self.answer {
            Ok(fetched) if fetched.status == 200 && !fetched.keeping.never => {
                let stated = fetched.keeping.stale.and_then(|stale| TimeDelta::from_std(stale).ok());
                stated.unwrap_or(STALE).min(STALE)
            }
            Ok(_) | Err(_) => TimeDelta::zero(),
        };
        self.stale_until = later(self.fresh_until, may_stand_in);
    }

    /// Whether it is as good as new. A clock that was set back makes it old.
    pub fn is_fresh(&self, now: DateTime<Utc>) -> bool {
        self.since <= now && now < self.fresh_until
    }

    /// Whether the host failed a moment ago, so that this stands in without asking it.
    pub fn rests(&self, now: DateTime<Utc>) -> bool {
        self.since <= now && self.rests_until.is_some_and(|until| now < until)
    }

    /// The same confirmed by the host, if it was there to be confirmed.
    pub fn confirmed(&self, keeping: &Keeping, now: DateTime<Utc>) -> Option<Self> {
        let Ok(fetched) = &self.answer else { return None };
        let mut fetched = fetched.clone();
        if keeping.lifetime.is_some() || keeping.never {
            let etag = keeping.etag.clone().or(fetched.keeping.etag);
            fetched.keeping = Keeping { etag, ..keeping.clone() };
        }
        (fetched.status == 200).then(|| Self::new(Ok(fetched), now))
    }

    /// The same in place of a failure, if it may.
    pub fn standing_in(self, now: DateTime<Utc>) -> Option<Self> {
        (self.since <= now && now < self.stale_until)
            .then(|| Self { rests_until: Some(later(now, RETRY).min(self.stale_until)), ..self })
    }

    pub fn etag(&self) -> Option<&str> {
        self.answer.as_ref().ok().filter(|fetched| fetched.status == 200)?.keeping.etag.as_deref()
    }

    /// The answer out of the cache.
    pub fn told(&self, stale: bool) -> Answer {
        let mut answer = self.answer.clone();
        if let Ok(fetched) = &mut answer {
            fetched.kept = Some(Kept { since: self.since, stale });
        }
        answer
    }

    /// The answer to whoever waited for it.
    pub fn told_at(&self, now: DateTime<Utc>) -> Answer {
        if self.since == now && self.rests_until.is_none() {
            return self.answer.clone();
        }
        self.told(self.rests_until.is_some())
    }

    fn bytes(&self, question: &Question) -> usize {
        let body = self.answer.as_ref().map_or(0, |fetched: &Fetched| fetched.body.len());
        body + question.0.len() + question.1.len() + OVERHEAD
    }
}

fn later(moment: DateTime<Utc>, by: TimeDelta) -> DateTime<Utc> {
    moment.checked_add_signed(by).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// The answers, each with when it was last used, and the questions under way.
pub(super) struct Shelf {
    room: Room,
    entries: HashMap<Question, (Entry, u64)>,
    flights: HashMap<Question, WeakShared<BoxFuture<'static, Answer>>>,
    bytes: usize,
    uses: u64,
}

impl Shelf {
    pub fn new(room: Room) -> Self {
        Self { room, entries: HashMap::new(), flights: HashMap::new(), bytes: 0, uses: 0 }
    }

    pub fn get(&mut self, question: &Question) -> Option<&Entry> {
        self.uses += 1;
        let (entry, used) = self.entries.get_mut(question)?;
        *used = self.uses;
        Some(entry)
    }

    /// The flight that asks this, if somebody still waits for it.
    pub fn flight(&mut self, question: &Question) -> Option<Flight> {
        self.flights.get(question).and_then(WeakShared::upgrade)
    }

    pub fn departs(&mut self, question: &Question, flight: &Flight) {
        // Those that everybody gave up waiting for.
        self.flights.retain(|_, flight| flight.upgrade().is_some());
        self.flights.extend(flight.downgrade().map(|weak| (question.clone(), weak)));
    }

    /// Keeps an answer, in place of the one before it and of those that were not used
    /// for longest.
    pub fn keep(&mut self, question: Question, entry: Entry, now: DateTime<Utc>) {
        self.flights.remove(&question);
        self.forget(&question);
        let bytes = entry.bytes(&question);
        let is_of_use = now < entry.stale_until.max(entry.fresh_until) || entry.etag().is_some();
        let forbidden = entry.answer.as_ref().is_ok_and(|fetched| fetched.keeping.never);
        if forbidden || !is_of_use || bytes > self.room.bytes || self.room.answers == 0 {
            return;
        }
        while self.bytes + bytes > self.room.bytes || self.entries.len() >= self.room.answers {
            let oldest = self.entries.iter().min_by_key(|(_, (_, used))| *used);
            let Some(oldest) = oldest.map(|(question, _)| question.clone()) else { break };
            self.forget(&oldest);
        }
        self.uses += 1;
        self.bytes += bytes;
        self.entries.insert(question, (entry, self.uses));
    }

    fn forget(&mut self, question: &Question) {
        if let Some((entry, _)) = self.entries.remove(question) {
            self.bytes = self.bytes.saturating_sub(entry.bytes(question));
        }
    }

    #[cfg(test)]
    pub fn bytes(&self) -> usize {
        self.bytes
    }
}
