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
    /// Such as `credential.issued` or `maintenance.reminder`.
    pub topic: String,
    /// Identifiers: `credentialId`, `awardId`, `learnerId`; and dates.
    pub payload: Value,
    /// When it was written.
    pub created: DateTime<Utc>,
}

impl Registry {
    /// Messages that wait, oldest first.
    pub fn outbox_pending(&self, limit: u32) -> Result<Vec<OutboxMessage>, RegistryError> {
        self.outbox_page(None, None, limit)
    }

    /// Messages that wait, oldest first: those after one, and of one topic, where they are
    /// given. A topic that ends in a full stop names all that begin with it. None after a
    /// message that there is not.
    pub fn outbox_page(
        &self,
        after: Option<OutboxId>,
        topic: Option<&str>,
        limit: u32,
    ) -> Result<Vec<OutboxMessage>, RegistryError> {
        let rows: Vec<(String, String, String, NaiveDateTime)> = self.read(|db| {
            let mut query = outbox::table
                .filter(outbox::done_at.is_null())
                .order((outbox::created_at, outbox::id))
                .limit(i64::from(limit))
                .select((outbox::id, outbox::topic, outbox::payload, outbox::created_at))
                .into_boxed();
            if let Some(topic) = topic {
                query = if topic.ends_with('.') {
                    query.filter(outbox::topic.like(format!("{topic}%")))
                } else {
                    query.filter(outbox::topic.eq(topic.to_owned()))
                };
            }
            if let Some(after) = after.map(|after| after.to_string()) {
                let written: Option<NaiveDateTime> =
                    outbox::table.find(&after).select(outbox::created_at).first(db).optional()?;
                let Some(written) = written else { return Ok(Vec::new()) };
                let same = outbox::created_at.eq(written).and(outbox::id.gt(after));
                query = query.filter(outbox::created_at.gt(written).or(same));
            }
            Ok(query.load(db)?)
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
