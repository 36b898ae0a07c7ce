//! Events on their way to watchers. Each is taken on for a while by one process; one that
//! dies leaves it to the next.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use model::{
    chance::Entropy,
    id::{CredentialId, WatchId},
};
use zeroize::Zeroizing;

use super::{
    events::{EventRow, WatchEvent},
    keep::{WatchRecord, WatchRow},
    look, watch_attempts, watch_events, watches,
};
use crate::{
    Registry, RegistryError,
    db::{Db, stored},
    error::parsed,
    schema::api_clients,
};

/// How long one process may be at an event: longer than any attempt takes.
const LEASE: TimeDelta = TimeDelta::seconds(30);

/// The kind of event that says nothing of the credential.
const TEST: &str = "watch.test";

/// An event that is to be sent.
#[derive(Debug, Clone)]
pub struct Due {
    /// The event.
    pub event: WatchEvent,
    /// Its watch.
    pub watch: WatchRecord,
    /// What it is signed with, the newest first.
    pub secrets: Vec<Zeroizing<String>>,
    /// The credential that it is about, if that is another of ours than the watched one.
    pub about: Option<CredentialId>,
    lease: DateTime<Utc>,
}

/// What came of one attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// When it began.
    pub begun: DateTime<Utc>,
    /// How long it took, in milliseconds.
    pub milliseconds: i32,
    /// The status of the answer, if there was one.
    pub status: Option<u16>,
    /// Why there was none, for people.
    pub failure: Option<String>,
    /// When the event is sent again.
    pub next: Option<DateTime<Utc>>,
}

/// How the attempts end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// It is tried again.
    NotYet,
    /// It was taken.
    Delivered,
    /// It is not tried again, and that says nothing of the watch.
    Untaken,
    /// The endpoint wants nothing more: the watch is disabled.
    Gone,
    /// Every attempt failed: the watch is disabled.
    Failing,
}

impl Registry {
    /// Takes on events that are to be sent, the oldest first; of a watch one at a time, in
    /// order, but tests at once. None of the clients in `busy`.
    pub fn due_events(
        &self,
        now: DateTime<Utc>,
        limit: u32,
        busy: &[String],
    ) -> Result<Vec<Due>, RegistryError> {
        let waiting = |db: &mut Db| -> Result<i64, RegistryError> {
            Ok(watch_events::table
                .filter(watch_events::done_at.is_null().and(watch_events::due_at.le(stored(now))))
                .count()
                .get_result(db)?)
        };
        if limit == 0 || self.read(waiting)? == 0 {
            return Ok(Vec::new());
        }
        let lease = stored(now + LEASE).and_utc();
        let (events, rows) = self.write(|db| {
            let earlier = diesel::alias!(watch_events as earlier);
            let held_up = earlier
                .filter(earlier.field(watch_events::watch_id).eq(watch_events::watch_id))
                .filter(earlier.field(watch_events::sequence).lt(watch_events::sequence))
                .filter(earlier.field(watch_events::done_at).is_null())
                .filter(earlier.field(watch_events::kind).ne(TEST));
            let enabled =
                api_clients::table.filter(api_clients::disabled_at.is_null()).select(api_clients::id);
            let open = watches::table
                .filter(watches::disabled_at.is_null())
                .filter(watches::client.eq_any(enabled))
                .filter(watches::client.ne_all(busy))
                .select(watches::id);
            let found = watch_events::table
                .filter(watch_events::done_at.is_null().and(watch_events::due_at.le(stored(now))))
                .filter(watch_events::leased_until.is_null().or(watch_events::leased_until.le(stored(now))))
                .filter(watch_events::watch_id.eq_any(open))
                .filter(watch_events::kind.eq(TEST).or(diesel::dsl::not(diesel::dsl::exists(held_up))))
                .order(watch_events::sequence)
                .limit(i64::from(limit))
                .select(watch_events::id);
            let found: Vec<String> = found.load(db)?;
            // Of two processes that found the same one, the second finds it taken.
            let taken: Vec<String> = diesel::update(watch_events::table)
                .filter(watch_events::id.eq_any(found).and(watch_events::done_at.is_null()))
                .filter(watch_events::leased_until.is_null().or(watch_events::leased_until.le(stored(now))))
                .set(watch_events::leased_until.eq(stored(lease)))
                .returning(watch_events::id)
                .get_results(db)?;
            let events: Vec<EventRow> = watch_events::table
                .filter(watch_events::id.eq_any(taken))
                .order(watch_events::sequence)
                .select(EventRow::as_select())
                .load(db)?;
            let of: Vec<&str> = events.iter().map(|event| event.watch_id.as_str()).collect();
            let rows: Vec<WatchRow> =
                watches::table.filter(watches::id.eq_any(of)).select(WatchRow::as_select()).load(db)?;
            Ok((events, rows))
        })?;
        let mut known = HashMap::new();
        for row in rows {
            let (id, secrets) = (row.id.clone(), row.secrets(self, now)?);
            known.insert(id, (row.read(self)?, secrets));
        }
        let due = events.into_iter().filter_map(|row| {
            let (watch, secrets) = known.get(&row.watch_id)?.clone();
            let about = row.credential_id.as_ref().map(|id| parsed("watch_events", &row.id, id)).transpose();
            Some(about.and_then(|about| Ok(Due { event: row.read()?, watch, secrets, about, lease })))
        });
        due.collect()
    }

    /// Keeps what came of an attempt. Nothing changes if somebody else took the event on
    /// since.
    pub fn event_attempted(&self, due: &Due, attempt: &Attempt, ended: Ended) -> Result<(), RegistryError> {
        let (id, now) = (
            due.event.id.as_str(),
            stored(attempt.begun + TimeDelta::milliseconds(attempt.milliseconds.into())),
        );
        let number = i32::try_from(due.event.tries).unwrap_or(i32::MAX).saturating_add(1);
        let outcome = match ended {
            Ended::NotYet => None,
            Ended::Delivered => Some("delivered"),
            Ended::Untaken | Ended::Gone | Ended::Failing => Some("given-up"),
        };
        self.write(|db| {
            let held = watch_events::table
                .filter(watch_events::id.eq(id).and(watch_events::leased_until.eq(stored(due.lease))))
                .filter(watch_events::done_at.is_null());
            let kept = diesel::update(held)
                .set((
                    watch_events::tries.eq(number),
                    watch_events::leased_until.eq(None::<chrono::NaiveDateTime>),
                    watch_events::due_at.eq(stored(attempt.next.unwrap_or(attempt.begun))),
                    watch_events::done_at.eq(outcome.map(|_| now)),
                    watch_events::outcome.eq(outcome),
                ))
                .execute(db)?;
            if kept == 0 {
                return Ok(());
            }
            let row = (
                watch_attempts::event_id.eq(id),
                watch_attempts::number.eq(number),
                watch_attempts::begun_at.eq(stored(attempt.begun)),
                watch_attempts::milliseconds.eq(attempt.milliseconds),
                watch_attempts::http_status.eq(attempt.status.map(i32::from)),
                watch_attempts::failure.eq(&attempt.failure),
                watch_attempts::next_at.eq(attempt.next.map(stored)),
            );
            diesel::insert_into(watch_attempts::table).values(row).execute(db)?;
            let reason = match ended {
                Ended::Gone => "gone",
                Ended::Failing => "failing",
                Ended::NotYet | Ended::Delivered | Ended::Untaken => return Ok(()),
            };
            let watch = due.watch.id.to_string();
            diesel::update(watches::table.find(&watch))
                .set((watches::disabled_at.eq(now), watches::disabled_reason.eq(reason)))
                .execute(db)?;
            let rest = watch_events::table.filter(watch_events::watch_id.eq(watch));
            diesel::update(rest.filter(watch_events::done_at.is_null()))
                .set((watch_events::done_at.eq(now), watch_events::outcome.eq("given-up")))
                .execute(db)?;
            Ok(())
        })
    }

    /// Has a test sent to the endpoint of a watch; gives the event's id.
    pub fn test_watch(
        &self,
        watch: WatchId,
        now: DateTime<Utc>,
        entropy: &dyn Entropy,
    ) -> Result<String, RegistryError> {
        self.write(|db| look::event(db, &watch.to_string(), TEST, now, entropy))
    }
}
