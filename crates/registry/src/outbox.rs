//! What is to be told to somebody later, written in the transaction that made it true.
use chrono::{DateTime, Utc};
use model::id::OutboxId;
use serde_json::Value;

use crate::{Registry, RegistryError};

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
        let _ = limit;
        todo!()
    }

    /// Marks a message delivered; `false` when there is none or it was marked before.
    pub fn outbox_done(&self, id: OutboxId, now: DateTime<Utc>) -> Result<bool, RegistryError> {
        let _ = (id, now);
        todo!()
    }
}
