//! Making, finding and ending watches.

use std::{fmt, str::FromStr};

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use diesel::prelude::*;
use model::{
    chance::Entropy,
    id::{CredentialId, StatusListId, WatchId},
};
use zeroize::Zeroizing;

use super::{watch_attempts, watch_events, watch_lists, watches};
use crate::{
    Registry, RegistryError,
    client_limits::hold,
    db::{Db, each, stored},
    error::parsed,
    issuance::lock,
    schema::{PersonKeyRow, credentials},
    sealing::{self, PersonKey, WATCH_SECRET, WATCHED},
};

/// How long what is over is kept.
const KEPT: TimeDelta = TimeDelta::days(30);

/// A watch to be kept.
#[derive(Debug, Clone)]
pub struct NewWatch<'a> {
    /// The watch.
    pub id: WatchId,
    /// Whose.
    pub client: &'a str,
    /// What is watched.
    pub watched: Watched,
    /// Where messages go.
    pub endpoint: &'a str,
    /// What they are signed with.
    pub secret: &'a str,
    /// Until when.
    pub expires: Option<DateTime<Utc>>,
    /// How many watches a client may have.
    pub most: u32,
}

/// What a client watches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Watched {
    /// A credential of our own.
    Own(CredentialId),
    /// Another's.
    Other {
        /// What is needed to look at it, as text.
        statement: String,
        /// How it stands now.
        status: WatchStatus,
        /// The lists of our own among those it names.
        lists: Vec<StatusListId>,
        /// When it is to be looked at next.
        look: Option<DateTime<Utc>>,
    },
}

/// How a watched credential stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WatchStatus {
    /// It stands.
    Active,
    /// It is suspended.
    Suspended,
    /// It is revoked.
    Revoked,
    /// It was corrected, and another took its place.
    Superseded,
    /// Its time is over.
    Expired,
}

impl WatchStatus {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Revoked => "revoked",
            Self::Superseded => "superseded",
            Self::Expired => "expired",
        }
    }
}

impl fmt::Display for WatchStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for WatchStatus {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        [Self::Active, Self::Suspended, Self::Revoked, Self::Superseded, Self::Expired]
            .into_iter()
            .find(|status| status.as_str() == text)
            .ok_or_else(|| format!("`{text}` is no status"))
    }
}

/// A watch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchRecord {
    /// The watch.
    pub id: WatchId,
    /// Whose.
    pub client: String,
    /// Which of our credentials is watched; `None` if it is another's.
    pub credential: Option<CredentialId>,
    /// The latest credential of the same award.
    pub current: Option<CredentialId>,
    /// Of another's, what is needed to look at it.
    pub statement: Option<String>,
    /// Where messages go.
    pub endpoint: String,
    /// How it stands.
    pub status: WatchStatus,
    /// Since when it is watched.
    pub created: DateTime<Utc>,
    /// Until when.
    pub expires: Option<DateTime<Utc>>,
    /// Since when nothing is sent any more, and why: `gone` or `failing`.
    pub disabled: Option<(DateTime<Utc>, String)>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = watches)]
pub(super) struct WatchRow {
    pub id: String,
    client: String,
    credential_id: Option<String>,
    current_id: Option<String>,
    key: Vec<u8>,
    statement: Option<String>,
    endpoint: String,
    secret: String,
    previous_secret: Option<String>,
    previous_until: Option<NaiveDateTime>,
    pub status: String,
    created_at: NaiveDateTime,
    expires_at: Option<NaiveDateTime>,
    disabled_at: Option<NaiveDateTime>,
    disabled_reason: Option<String>,
}

impl WatchRow {
    fn key(&self, registry: &Registry) -> Result<PersonKey, RegistryError> {
        let row = PersonKeyRow { learner_id: self.id.clone(), sealed: self.key.clone() };
        registry.wrapping().open(&row)
    }

    /// The secrets that are good at `now`, the newest first.
    pub fn secrets(
        &self,
        registry: &Registry,
        now: DateTime<Utc>,
    ) -> Result<Vec<Zeroizing<String>>, RegistryError> {
        let key = self.key(registry)?;
        let previous = self.previous_secret.as_ref().filter(|_| self.previous_until > Some(stored(now)));
        let open = |sealed: &String| {
            let secret = sealing::read(Some(&key), WATCH_SECRET, &self.id, sealed)?;
            Ok(Zeroizing::new(secret.into_owned()))
        };
        std::iter::once(&self.secret).chain(previous).map(open).collect()
    }

    pub fn read(self, registry: &Registry) -> Result<WatchRecord, RegistryError> {
        let id = self.id.as_str();
        let statement = match &self.statement {
            None => None,
            Some(sealed) => {
                Some(sealing::read(Some(&self.key(registry)?), WATCHED, id, sealed)?.into_owned())
            }
        };
        let credential =
            |text: &Option<String>| text.as_ref().map(|text| parsed("watches", id, text)).transpose();
        Ok(WatchRecord {
            id: parsed("watches", id, id)?,
            credential: credential(&self.credential_id)?,
            current: credential(&self.current_id)?,
            statement,
            status: parsed("watches", id, &self.status)?,
            client: self.client,
            endpoint: self.endpoint,
            created: self.created_at.and_utc(),
            expires: self.expires_at.map(|at| at.and_utc()),
            disabled: self.disabled_at.map(|at| at.and_utc()).zip(self.disabled_reason),
        })
    }
}

impl Registry {
    /// Keeps a watch; `false` if its client has as many as it may. An error
    /// ([`RegistryError::Missing`]) if there is no such credential.
    pub fn watch(
        &self,
        watch: &NewWatch<'_>,
        now: DateTime<Utc>,
        entropy: &dyn Entropy,
    ) -> Result<bool, RegistryError> {
        let id = watch.id.to_string();
        let (key, row) = self.wrapping().fresh(&id, entropy)?;
        let secret = key.seal(WATCH_SECRET, &id, watch.secret, entropy)?;
        self.write(|db| {
            hold(db, watch.client)?;
            let kept: i64 = watches::table.filter(watches::client.eq(watch.client)).count().get_result(db)?;
            if kept >= i64::from(watch.most) {
                return Ok(false);
            }
            let (award, credential, statement, status, look) = match &watch.watched {
                Watched::Own(credential) => {
                    let own = own(db, *credential, now)?;
                    (Some(own.award), Some(own.current), None, own.status, own.look)
                }
                Watched::Other { statement, status, look, .. } => {
                    let sealed = key.seal(WATCHED, &id, statement, entropy)?;
                    (None, None, Some(sealed), *status, look.map(stored))
                }
            };
            let asked = match &watch.watched {
                Watched::Own(credential) => Some(credential.to_string()),
                Watched::Other { .. } => None,
            };
            let new = (
                watches::id.eq(&id),
                watches::client.eq(watch.client),
                watches::award_id.eq(award),
                watches::credential_id.eq(asked),
                watches::current_id.eq(credential),
                watches::key.eq(&row.sealed),
                watches::statement.eq(statement),
                watches::endpoint.eq(watch.endpoint),
                watches::secret.eq(&secret),
                watches::status.eq(status.as_str()),
                watches::created_at.eq(stored(now)),
                watches::expires_at.eq(watch.expires.map(stored)),
                watches::look_at.eq(look),
            );
            diesel::insert_into(watches::table).values(new).execute(db)?;
            if let Watched::Other { lists, .. } = &watch.watched {
                for list in lists {
                    let row = (watch_lists::watch_id.eq(&id), watch_lists::list_id.eq(list.to_string()));
                    each!(&mut *db, connection => diesel::insert_into(watch_lists::table)
                        .values(row)
                        .on_conflict_do_nothing()
                        .execute(connection))?;
                }
            }
            Ok(true)
        })
    }

    /// A watch of `client`.
    pub fn watch_of(&self, id: WatchId, client: &str) -> Result<Option<WatchRecord>, RegistryError> {
        let row: Option<WatchRow> = self.read(|db| {
            Ok(watches::table
                .filter(watches::id.eq(id.to_string()).and(watches::client.eq(client)))
                .select(WatchRow::as_select())
                .first(db)
                .optional()?)
        })?;
        row.map(|row| row.read(self)).transpose()
    }

    /// The watches of `client` after one, the oldest first.
    pub fn watches_of(
        &self,
        client: &str,
        after: Option<WatchId>,
        limit: u32,
    ) -> Result<Vec<WatchRecord>, RegistryError> {
        let after = after.map(|after| after.to_string()).unwrap_or_default();
        let rows: Vec<WatchRow> = self.read(|db| {
            Ok(watches::table
                .filter(watches::client.eq(client).and(watches::id.gt(after)))
                .order(watches::id)
                .limit(i64::from(limit))
                .select(WatchRow::as_select())
                .load(db)?)
        })?;
        rows.into_iter().map(|row| row.read(self)).collect()
    }

    /// Ends a watch of `client`, with all that it was told; `false` if there is none.
    pub fn unwatch(&self, id: WatchId, client: &str) -> Result<bool, RegistryError> {
        self.write(|db| {
            let id = id.to_string();
            let own: i64 = watches::table
                .filter(watches::id.eq(&id).and(watches::client.eq(client)))
                .count()
                .get_result(db)?;
            if own == 0 {
                return Ok(false);
            }
            forget(db, &id)?;
            Ok(true)
        })
    }

    /// Gives a watch of `client` another secret; the one it had stays good until `until`.
    /// `false` if there is none.
    pub fn rotate_watch_secret(
        &self,
        id: WatchId,
        client: &str,
        secret: &str,
        until: DateTime<Utc>,
        entropy: &dyn Entropy,
    ) -> Result<bool, RegistryError> {
        self.write(|db| {
            let row: Option<WatchRow> = watches::table
                .filter(watches::id.eq(id.to_string()).and(watches::client.eq(client)))
                .select(WatchRow::as_select())
                .first(db)
                .optional()?;
            let Some(row) = row else { return Ok(false) };
            let sealed = row.key(self)?.seal(WATCH_SECRET, &row.id, secret, entropy)?;
            diesel::update(watches::table.find(&row.id))
                .set((
                    watches::secret.eq(sealed),
                    watches::previous_secret.eq(&row.secret),
                    watches::previous_until.eq(stored(until)),
                ))
                .execute(db)?;
            Ok(true)
        })
    }
}

struct Own {
    award: String,
    /// The latest that is issued of the award.
    current: String,
    status: WatchStatus,
    look: Option<NaiveDateTime>,
}

/// How a credential of our own stands. Whoever revokes it waits until the watch is there,
/// or has done so before.
fn own(db: &mut Db, credential: CredentialId, now: DateTime<Utc>) -> Result<Own, RegistryError> {
    let id = credential.to_string();
    let missing = || RegistryError::Missing { what: "credential", id: id.clone() };
    let award: Option<String> = credentials::table
        .filter(credentials::id.eq(&id).and(credentials::issued_at.is_not_null()))
        .select(credentials::award_id)
        .first(db)
        .optional()?;
    let award = award.ok_or_else(missing)?;
    let all: Vec<String> =
        credentials::table.filter(credentials::award_id.eq(&award)).select(credentials::id).load(db)?;
    lock(db, &all)?;
    let (current, state, reason, ends): (String, String, Option<String>, Option<NaiveDateTime>) =
        credentials::table
            .filter(credentials::award_id.eq(&award).and(credentials::issued_at.is_not_null()))
            .order(credentials::issue.desc())
            .select((
                credentials::id,
                credentials::state,
                credentials::revoked_reason,
                credentials::valid_until,
            ))
            .first(db)?;
    let status = match (state.as_str(), reason.as_deref()) {
        ("revoked", Some("superseded")) => WatchStatus::Superseded,
        ("revoked", _) => WatchStatus::Revoked,
        _ if ends.is_some_and(|ends| ends < stored(now)) => WatchStatus::Expired,
        _ => WatchStatus::Active,
    };
    Ok(Own { award, current, status, look: ends.filter(|_| status == WatchStatus::Active) })
}

fn forget(db: &mut Db, id: &str) -> Result<(), RegistryError> {
    let events = watch_events::table.filter(watch_events::watch_id.eq(id)).select(watch_events::id);
    diesel::delete(watch_attempts::table.filter(watch_attempts::event_id.eq_any(events))).execute(db)?;
    diesel::delete(watch_events::table.filter(watch_events::watch_id.eq(id))).execute(db)?;
    diesel::delete(watch_lists::table.filter(watch_lists::watch_id.eq(id))).execute(db)?;
    diesel::delete(watches::table.find(id)).execute(db)?;
    Ok(())
}

/// Forgets watches that ended and deliveries that were made long ago; gives their number.
pub(crate) fn sweep(db: &mut Db, now: DateTime<Utc>) -> Result<usize, RegistryError> {
    let long_ago = stored(now - KEPT);
    let over: Vec<String> =
        watches::table.filter(watches::expires_at.lt(long_ago)).select(watches::id).load(db)?;
    for id in &over {
        forget(db, id)?;
    }
    let made = watch_events::table.filter(watch_events::done_at.lt(long_ago));
    diesel::delete(
        watch_attempts::table.filter(watch_attempts::event_id.eq_any(made.select(watch_events::id))),
    )
    .execute(db)?;
    Ok(over.len() + diesel::delete(made).execute(db)?)
}
