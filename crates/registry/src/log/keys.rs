//! What befalls keys. They lie in files, so their events are recorded here when
//! they are noticed, each once.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::{connection::SimpleConnection as _, prelude::*};
use model::{chance::Entropy, id::KeyEventId};

use super::{
    entry::EntryKind,
    parcel::Parcel,
    rows,
    tables::{KeyEventRow, key_events},
};
use crate::{
    Registry, RegistryError,
    db::{Db, insert_all, stored},
};

/// What befell a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyEventKind {
    /// It was made.
    Made,
    /// It signs nothing new.
    Retired,
    /// Somebody else may have had it since.
    Compromised,
}

impl KeyEventKind {
    /// `made`, `retired`, `compromised`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Made => "made",
            Self::Retired => "retired",
            Self::Compromised => "compromised",
        }
    }
}

/// One event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyEvent {
    /// The key's name in the vault.
    pub key_id: String,
    /// What befell it.
    pub kind: KeyEventKind,
    /// When.
    pub at: DateTime<Utc>,
    /// Whose key it is.
    pub issuer: String,
    /// What it is for.
    pub algorithm: String,
    /// Its public half, as it is published.
    pub public_key: String,
}

impl Registry {
    /// Records the events that are not recorded yet; how many those were.
    pub fn record_key_events(
        &self,
        events: &[KeyEvent],
        now: DateTime<Utc>,
        entropy: &dyn Entropy,
    ) -> Result<usize, RegistryError> {
        let recorded = self.read(known)?;
        if events.iter().all(|event| recorded.contains(&identity(event))) {
            return Ok(0);
        }
        let at = stored(now);
        self.write(|db| {
            if let Db::Postgres(connection) = db {
                connection.batch_execute("LOCK TABLE key_events IN SHARE ROW EXCLUSIVE MODE")?;
            }
            let recorded = known(db)?;
            let new: Vec<KeyEventRow> = events
                .iter()
                .filter(|event| !recorded.contains(&identity(event)))
                .map(|event| KeyEventRow {
                    id: KeyEventId::random(entropy).to_string(),
                    key_id: event.key_id.clone(),
                    event: event.kind.as_str().to_owned(),
                    happened_at: stored(event.at),
                    issuer: event.issuer.clone(),
                    algorithm: event.algorithm.clone(),
                    public_key: event.public_key.clone(),
                    recorded_at: at,
                })
                .collect();
            insert_all!(db, key_events, new);
            let mut parcel = Parcel::new(self.digests());
            for row in &new {
                parcel.add(EntryKind::Key, &row.id, &rows::key_event(row));
            }
            parcel.store(db, at)?;
            Ok(new.len())
        })
    }
}

type Identity = (String, String, NaiveDateTime);

fn identity(event: &KeyEvent) -> Identity {
    (event.key_id.clone(), event.kind.as_str().to_owned(), stored(event.at))
}

fn known(db: &mut Db) -> Result<HashSet<Identity>, RegistryError> {
    let rows: Vec<Identity> = key_events::table
        .select((key_events::key_id, key_events::event, key_events::happened_at))
        .load(db)?;
    Ok(rows.into_iter().collect())
}
