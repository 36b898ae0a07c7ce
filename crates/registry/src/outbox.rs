//! What is to be told to somebody later, written in the transaction that made it true.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use model::id::OutboxId;
use serde_json::Value;

use crate::{
    Registry, RegistryError,
    db::stored,
    error::{parsed, parsed_json},
    schema::outbox,
};

/// A message that waits. It holds identifiers, never personal data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxMessage {
    /// The message.
    pub id: OutboxId,
    /// `credential.issued` or `credential.revoked`.
    pub topic: String,
    /// Identifiers: `credentialId`, `awardId`, `learnerId`.
    pub payload: Value,
    /// When it was written.
    pub created: DateTime<Utc>,
}

impl Registry {
    /// Messages that wait, oldest first.
    pub fn outbox_pending(&self, limit: u32) -> Result<Vec<OutboxMessage>, RegistryError> {
        let rows: Vec<(String, String, String, NaiveDateTime)> = self.read(|db| {
            Ok(outbox::table
                .filter(outbox::done_at.is_null())
                .order((outbox::created_at, outbox::id))
                .limit(i64::from(limit))
                .select((outbox::id, outbox::topic, outbox::payload, outbox::created_at))
                .load(db)?)
        })?;
        let message = |(id, topic, payload, created): (String, String, String, NaiveDateTime)| {
            Ok(OutboxMessage {
                id: parsed("outbox", &id, &id)?,
                topic,
                payload: parsed_json("outbox", &id, &payload)?,
                created: created.and_utc(),
            })
        };
        rows.into_iter().map(message).collect()
    }

    /// Marks a message delivered; `false` when there is none or it was marked before.
    pub fn outbox_done(&self, id: OutboxId, now: DateTime<Utc>) -> Result<bool, RegistryError> {
        self.write(|db| {
            let waiting = outbox::table.filter(outbox::id.eq(id.to_string()).and(outbox::done_at.is_null()));
            Ok(diesel::update(waiting).set(outbox::done_at.eq(stored(now))).execute(db)? == 1)
        })
    }
}
