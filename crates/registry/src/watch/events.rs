//! What watchers were told, and each attempt to tell them.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use model::id::WatchId;

use super::{Attempt, watch_attempts, watch_events};
use crate::{Registry, RegistryError};

/// Something that a watcher is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchEvent {
    /// Its place among all of them.
    pub sequence: i64,
    /// The `webhook-id`.
    pub id: String,
    /// Such as `credential.revoked`.
    pub kind: String,
    /// When it came about.
    pub occurred: DateTime<Utc>,
    /// How often it was sent in vain, or at last with success.
    pub tries: u32,
}

/// An event and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The event.
    pub event: WatchEvent,
    /// `delivered` or `given-up`, or `None` while it is under way.
    pub outcome: Option<String>,
    /// Each attempt, the first first.
    pub attempts: Vec<Attempt>,
}

/// Which deliveries are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeliveryFilter {
    /// Of which watch.
    pub watch: WatchId,
    /// Only those before this place.
    pub before: Option<i64>,
    /// At most so many.
    pub limit: u32,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = watch_events)]
pub(super) struct EventRow {
    sequence: i64,
    pub id: String,
    pub watch_id: String,
    kind: String,
    pub credential_id: Option<String>,
    occurred_at: NaiveDateTime,
    tries: i32,
    outcome: Option<String>,
}

impl EventRow {
    pub fn read(self) -> Result<WatchEvent, RegistryError> {
        let tries = u32::try_from(self.tries);
        Ok(WatchEvent {
            tries: tries.map_err(|error| RegistryError::corrupt("watch_events", &self.id, error))?,
            sequence: self.sequence,
            id: self.id,
            kind: self.kind,
            occurred: self.occurred_at.and_utc(),
        })
    }
}

type AttemptColumns = (String, NaiveDateTime, i32, Option<i32>, Option<String>, Option<NaiveDateTime>);

impl Registry {
    /// What the watcher was told, the latest first.
    pub fn deliveries(&self, filter: DeliveryFilter) -> Result<Vec<Delivery>, RegistryError> {
        let (events, attempts): (Vec<EventRow>, Vec<AttemptColumns>) = self.snapshot(|db| {
            let events: Vec<EventRow> = watch_events::table
                .filter(watch_events::watch_id.eq(filter.watch.to_string()))
                .filter(watch_events::sequence.lt(filter.before.unwrap_or(i64::MAX)))
                .order(watch_events::sequence.desc())
                .limit(i64::from(filter.limit))
                .select(EventRow::as_select())
                .load(db)?;
            let ids: Vec<&str> = events.iter().map(|event| event.id.as_str()).collect();
            let attempts = watch_attempts::table
                .filter(watch_attempts::event_id.eq_any(ids))
                .order((watch_attempts::event_id, watch_attempts::number))
                .select((
                    watch_attempts::event_id,
                    watch_attempts::begun_at,
                    watch_attempts::milliseconds,
                    watch_attempts::http_status,
                    watch_attempts::failure,
                    watch_attempts::next_at,
                ))
                .load(db)?;
            Ok((events, attempts))
        })?;
        let delivery = |row: EventRow| {
            let of_it = attempts.iter().filter(|(event, ..)| *event == row.id);
            let attempts = of_it.map(|(_, begun, milliseconds, status, failure, next)| Attempt {
                begun: begun.and_utc(),
                milliseconds: *milliseconds,
                status: status.and_then(|status| u16::try_from(status).ok()),
                failure: failure.clone(),
                next: next.map(|at| at.and_utc()),
            });
            let attempts = attempts.collect();
            Ok(Delivery { outcome: row.outcome.clone(), attempts, event: row.read()? })
        };
        events.into_iter().map(delivery).collect()
    }
}
