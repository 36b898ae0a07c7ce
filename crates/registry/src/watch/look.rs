//! Watches that are to be looked at, and what was seen.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use model::{chance::Entropy, id::WatchId};

use super::{
    keep::{WatchRow, WatchStatus},
    watch_events, watches,
};
use crate::{
    Registry, RegistryError,
    db::{Db, stored},
};

/// Another's credential that is to be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToLookAt {
    /// The watch.
    pub id: WatchId,
    /// What is needed to look at it.
    pub statement: String,
}

impl Registry {
    /// Tells of credentials of our own that ended, and takes on those of others that are to
    /// be looked at: nobody else is given them before `next`.
    pub fn watches_to_look_at(
        &self,
        now: DateTime<Utc>,
        next: DateTime<Utc>,
        limit: u32,
        entropy: &dyn Entropy,
    ) -> Result<Vec<ToLookAt>, RegistryError> {
        let due = |db: &mut Db| -> Result<i64, RegistryError> {
            Ok(watches::table.filter(watches::look_at.lt(stored(now))).count().get_result(db)?)
        };
        // Mostly there is nothing, and nobody need wait for their turn to learn that.
        if self.read(due)? == 0 {
            return Ok(Vec::new());
        }
        let rows = self.write(|db| {
            let due: Vec<String> = watches::table
                .filter(watches::look_at.lt(stored(now)))
                .order(watches::look_at)
                .limit(i64::from(limit))
                .select(watches::id)
                .load(db)?;
            // Of two processes that found the same one, the second finds it changed.
            let found: Vec<String> = diesel::update(watches::table)
                .filter(watches::id.eq_any(due).and(watches::look_at.lt(stored(now))))
                .set(watches::look_at.eq(stored(next)))
                .returning(watches::id)
                .get_results(db)?;
            let rows: Vec<WatchRow> =
                watches::table.filter(watches::id.eq_any(&found)).select(WatchRow::as_select()).load(db)?;
            let own = watches::table.filter(watches::id.eq_any(&found).and(watches::award_id.is_not_null()));
            for id in own.select(watches::id).load::<String>(db)? {
                see(db, &id, WatchStatus::Expired, now, entropy)?;
            }
            Ok(rows)
        })?;
        let mut pending = Vec::new();
        for row in rows {
            let record = row.read(self)?;
            let is_on = record.disabled.is_none() && record.expires.is_none_or(|end| end > now);
            if let Some(statement) = record.statement.filter(|_| is_on) {
                pending.push(ToLookAt { id: record.id, statement });
            }
        }
        Ok(pending)
    }

    /// Keeps how a watched credential of another's stands, and has its watcher told if that
    /// is another way than before.
    pub fn watch_seen(
        &self,
        id: WatchId,
        status: WatchStatus,
        now: DateTime<Utc>,
        entropy: &dyn Entropy,
    ) -> Result<bool, RegistryError> {
        self.write(|db| see(db, &id.to_string(), status, now, entropy))
    }
}

fn see(
    db: &mut Db,
    id: &str,
    status: WatchStatus,
    now: DateTime<Utc>,
    entropy: &dyn Entropy,
) -> Result<bool, RegistryError> {
    // What changed it first changed the row, so that of two that saw it one tells.
    let before: Option<String> = watches::table.find(id).select(watches::status).first(db).optional()?;
    let Some(before) = before else { return Ok(false) };
    let changed = diesel::update(watches::table.find(id))
        .filter(watches::status.eq(&before).and(watches::status.ne(status.as_str())))
        .set(watches::status.eq(status.as_str()))
        .execute(db)?;
    let ended = status == WatchStatus::Expired;
    if ended {
        // Nothing new is to come but what the outbox tells.
        diesel::update(watches::table.find(id))
            .filter(watches::award_id.is_not_null())
            .set(watches::look_at.eq(None::<NaiveDateTime>))
            .execute(db)?;
    }
    let kind = match status {
        WatchStatus::Active => "credential.reinstated",
        WatchStatus::Suspended => "credential.suspended",
        WatchStatus::Revoked => "credential.revoked",
        WatchStatus::Superseded => "credential.superseded",
        WatchStatus::Expired => "credential.expired",
    };
    if changed == 1 {
        event(db, id, kind, now, entropy)?;
    }
    Ok(changed == 1)
}

/// Writes an event; gives its id.
pub(super) fn event(
    db: &mut Db,
    watch: &str,
    kind: &str,
    now: DateTime<Utc>,
    entropy: &dyn Entropy,
) -> Result<String, RegistryError> {
    let id = format!("evt_{}", entropy.uuid().simple());
    let row = (
        watch_events::id.eq(&id),
        watch_events::watch_id.eq(watch),
        watch_events::kind.eq(kind),
        watch_events::occurred_at.eq(stored(now)),
        watch_events::due_at.eq(stored(now)),
    );
    diesel::insert_into(watch_events::table).values(row).execute(db)?;
    Ok(id)
}
