//! Watchers are told: others' lists are looked at, and messages delivered.

mod message;
pub(crate) mod secret;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use actix_web::web;
use chrono::{DateTime, TimeDelta, Utc};
use model::chance::Entropy;
use registry::{Attempt, Due, Ended, Registry, RegistryError, WatchStatus};
use tokio::{sync::Semaphore, time::Instant};
use verification::{Standing, Statement};

use crate::state::AppState;

/// Credentials looked at in one round.
const AT_ONCE: u32 = 500;
/// Messages on their way at the same time: altogether, so that half of the places of the client
/// that reaches out are left to whoever verifies, and of one client.
const ON_THE_WAY: usize = 32;
const OF_ONE_CLIENT: usize = 16;
/// Taken on at once.
const TAKEN: u32 = 16;

/// After how many seconds a message is sent again, each time with up to a tenth more. The
/// schedule that the specification gives as its example: three days and some hours.
const AGAIN: [i64; 9] = [5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600];

/// Looks at what is watched and tells watchers.
#[derive(Clone)]
pub struct Watcher {
    state: web::Data<AppState>,
    room: Arc<Semaphore>,
    busy: Arc<Mutex<HashMap<String, usize>>>,
}

impl Watcher {
    /// The watcher of a service.
    pub fn new(state: web::Data<AppState>) -> Self {
        Self { state, room: Arc::new(Semaphore::new(ON_THE_WAY)), busy: Arc::default() }
    }

    /// Looks at what is to be looked at, and has watchers told of what changed; gives how
    /// many changed. A list is asked for once, however many watches name it.
    pub async fn look(&self) -> Result<usize, String> {
        let (now, next) = (self.state.clock.now(), self.next_look(self.state.clock.now()));
        let entropy = Arc::clone(&self.state.entropy);
        let pending =
            self.ask(move |registry| registry.watches_to_look_at(now, next, AT_ONCE, &*entropy)).await?;
        let read = |text: &str| serde_json::from_str::<Statement>(text).ok();
        let (ids, statements): (Vec<_>, Vec<_>) =
            pending.iter().filter_map(|one| Some((one.id, read(&one.statement)?))).unzip();
        let found = self.state.verifier.standing(&statements).await;
        let seen: Vec<_> =
            ids.into_iter().zip(found).filter_map(|(id, stands)| Some((id, status(stands?)))).collect();
        let (now, entropy) = (self.state.clock.now(), Arc::clone(&self.state.entropy));
        self.ask(move |registry| {
            let mut changed = 0;
            for (id, status) in seen {
                changed += usize::from(registry.watch_seen(id, status, now, &*entropy)?);
            }
            Ok(changed)
        })
        .await
    }

    /// When what was looked at at `now` is looked at again: all at the same time, so that
    /// those with one list share it.
    fn next_look(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        next_look(now, self.state.limits.look)
    }

    /// Takes on messages that are to be sent, and sends each on its own; gives how many.
    pub async fn deliver(&self) -> Result<usize, String> {
        let now = self.state.clock.now();
        let room = u32::try_from(self.room.available_permits()).unwrap_or(TAKEN).min(TAKEN);
        let busy = self.busy_clients();
        let due = self.ask(move |registry| registry.due_events(now, room, &busy)).await?;
        let count = due.len();
        for due in due {
            let Ok(place) = Arc::clone(&self.room).acquire_owned().await else { break };
            let (watcher, client) = (self.clone(), due.watch.client.clone());
            watcher.count(&client, true);
            tokio::spawn(async move {
                if let Err(error) = watcher.send(due).await {
                    tracing::warn!(error, "what came of a delivery was not kept; it is made again");
                }
                watcher.count(&client, false);
                drop(place);
            });
        }
        Ok(count)
    }

    fn busy_clients(&self) -> Vec<String> {
        let busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        busy.iter().filter(|(_, count)| **count >= OF_ONE_CLIENT).map(|(client, _)| client.clone()).collect()
    }

    fn count(&self, client: &str, begins: bool) {
        let mut busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        let count = busy.entry(client.to_owned()).or_default();
        *count = if begins { count.saturating_add(1) } else { count.saturating_sub(1) };
        if *count == 0 {
            busy.remove(client);
        }
    }

    async fn send(&self, due: Due) -> Result<(), String> {
        let begun = self.state.clock.now();
        let message = message::of(&self.state.site, &due, begun);
        let started = Instant::now();
        let sent = self.state.client.deliver(&due.watch.endpoint, &message.headers, message.body).await;
        let milliseconds = i32::try_from(started.elapsed().as_millis()).unwrap_or(i32::MAX);
        let (status, failure) = match sent {
            Ok(status) => (Some(status), None),
            Err(error) => (None, Some(error.to_string())),
        };
        let is_test = due.event.kind == "watch.test";
        let again = if is_test { None } else { again(due.event.tries, begun, &*self.state.entropy) };
        let (ended, next) = match status {
            Some(200..=299) => (Ended::Delivered, None),
            Some(410) => (Ended::Gone, None),
            _ if again.is_some() => (Ended::NotYet, again),
            _ if is_test => (Ended::Untaken, None),
            _ => (Ended::Failing, None),
        };
        let outcome = if ended == Ended::Delivered { "delivered" } else { "failed" };
        metrics::counter!("lanyard_webhooks_total", "outcome" => outcome).increment(1);
        if matches!(ended, Ended::Gone | Ended::Failing) {
            tracing::warn!(watch.id = %due.watch.id, watch.client = due.watch.client, "a watch was disabled: its endpoint takes nothing");
        }
        let attempt = Attempt { begun, milliseconds, status, failure, next };
        self.ask(move |registry| registry.event_attempted(&due, &attempt, ended)).await
    }

    async fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Registry) -> Result<T, RegistryError> + Send + 'static,
    ) -> Result<T, String> {
        let registry = self.state.registry.clone();
        let done = tokio::task::spawn_blocking(move || work(&registry)).await;
        done.map_err(|error| error.to_string())?.map_err(|error| error.to_string())
    }
}

/// The next full period after `now`.
pub(crate) fn next_look(now: DateTime<Utc>, period: Duration) -> DateTime<Utc> {
    let period = i64::try_from(period.as_secs()).unwrap_or(i64::MAX).max(1);
    let into = now.timestamp().rem_euclid(period);
    now + TimeDelta::seconds(period.saturating_sub(into))
}

pub(crate) fn status(standing: Standing) -> WatchStatus {
    match standing {
        Standing::Active => WatchStatus::Active,
        Standing::Suspended => WatchStatus::Suspended,
        Standing::Revoked => WatchStatus::Revoked,
        Standing::Expired => WatchStatus::Expired,
    }
}

/// When a message is sent again that was sent `tries` times before this one; `None` after
/// the last.
fn again(tries: u32, now: DateTime<Utc>, entropy: &dyn Entropy) -> Option<DateTime<Utc>> {
    let seconds = AGAIN.get(usize::try_from(tries).ok()?)?;
    let share = i64::from(u16::from_be_bytes(entropy.array()));
    // Up to a tenth more, so that those that failed together do not come together.
    let jitter = seconds.saturating_mul(100).saturating_mul(share) / i64::from(u16::MAX);
    Some(now + TimeDelta::seconds(*seconds) + TimeDelta::milliseconds(jitter))
}

#[cfg(test)]
mod tests {
    use testkit::SeededEntropy;

    use super::*;

    #[test]
    fn a_message_is_sent_again_ever_later_over_days_and_then_no_more() {
        let (now, entropy) = (testkit::noon(), SeededEntropy::new(1));
        let mut last = TimeDelta::zero();
        for (tries, seconds) in (0..).zip(AGAIN) {
            let wait = again(tries, now, &entropy).unwrap() - now;
            let least = TimeDelta::seconds(seconds);
            assert!(wait >= least && wait <= least * 11 / 10 && wait > last, "{tries}: {wait}");
            last = wait;
        }
        assert_eq!(again(9, now, &entropy), None);
        assert!(AGAIN.iter().sum::<i64>() > 3 * 24 * 3600);
    }

    #[test]
    fn all_are_looked_at_at_the_same_time() {
        let period = Duration::from_mins(5);
        let at = |text: &str| next_look(testkit::at(text), period);
        assert_eq!(at("2026-07-01T12:00:00Z"), testkit::at("2026-07-01T12:05:00Z"));
        assert_eq!(at("2026-07-01T12:04:59Z"), testkit::at("2026-07-01T12:05:00Z"));
    }
}
