//! Other hosts at which a learner keeps badges, and what lets this service act there.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use model::{
    chance::Entropy,
    id::{LearnerId, PassportHostId},
};

use crate::{
    Registry, RegistryError,
    db::{Db, stored},
    error::parsed,
    schema::passport_hosts,
    sealing::{self, HOST},
};

/// A host at which a learner is asked for leave.
#[derive(Debug, Clone, Copy)]
pub struct NewPassportHost<'a> {
    /// The host's id here.
    pub id: PassportHostId,
    /// The learner.
    pub learner: LearnerId,
    /// The client that asks for them.
    pub by: &'a str,
    /// Its address.
    pub host: &'a str,
    /// What comes back with the learner, and until when.
    pub state: (&'a str, DateTime<Utc>),
    /// What is to be known of it, text; sealed where it lies.
    pub details: &'a str,
}

/// A host at which a learner keeps badges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassportHost {
    /// The host's id here.
    pub id: PassportHostId,
    /// The learner.
    pub learner: LearnerId,
    /// What is known of it.
    pub details: String,
    /// Since when the learner lets this service act there; `None` while they are asked.
    pub connected_at: Option<DateTime<Utc>>,
}

type Row = (String, String, String, Option<NaiveDateTime>);

impl Registry {
    /// Keeps a host at which a learner is asked for leave. It takes the place of an earlier
    /// connection of that learner to that host.
    pub fn begin_passport_host(
        &self,
        new: &NewPassportHost<'_>,
        now: DateTime<Utc>,
        entropy: &dyn Entropy,
    ) -> Result<(), RegistryError> {
        let (id, learner) = (new.id.to_string(), new.learner.to_string());
        let host = self.digests().text("passport host", &[learner.as_bytes(), new.host.as_bytes()]);
        self.write(|db| {
            let key = sealing::of(db, self.wrapping(), &learner)?;
            diesel::delete(passport_hosts::table.filter(passport_hosts::host_digest.eq(&host)))
                .execute(db)?;
            let row = (
                passport_hosts::id.eq(&id),
                passport_hosts::learner_id.eq(&learner),
                passport_hosts::host_digest.eq(&host),
                passport_hosts::made_by.eq(new.by),
                passport_hosts::made_at.eq(stored(now)),
                passport_hosts::details.eq(key.seal(HOST, &id, new.details, entropy)?),
                passport_hosts::state_digest.eq(self.host_state(new.state.0)),
                passport_hosts::state_expires_at.eq(stored(new.state.1)),
            );
            diesel::insert_into(passport_hosts::table).values(row).execute(db)?;
            Ok(())
        })
    }

    /// The hosts of a learner, the earliest first.
    pub fn passport_hosts(&self, learner: LearnerId) -> Result<Vec<PassportHost>, RegistryError> {
        let learner = learner.to_string();
        self.read(|db| {
            let rows: Vec<Row> = passport_hosts::table
                .filter(passport_hosts::learner_id.eq(&learner))
                .order((passport_hosts::made_at, passport_hosts::id))
                .select(COLUMNS)
                .load(db)?;
            rows.into_iter().map(|row| self.host_of(db, row)).collect()
        })
    }

    /// One of them.
    pub fn passport_host(
        &self,
        learner: LearnerId,
        id: PassportHostId,
    ) -> Result<Option<PassportHost>, RegistryError> {
        self.read(|db| {
            let row: Option<Row> = passport_hosts::table
                .find(id.to_string())
                .filter(passport_hosts::learner_id.eq(learner.to_string()))
                .select(COLUMNS)
                .first(db)
                .optional()?;
            row.map(|row| self.host_of(db, row)).transpose()
        })
    }

    /// The host `id` from which a learner comes back with `state`, in time.
    pub fn passport_host_asked(
        &self,
        id: PassportHostId,
        state: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<PassportHost>, RegistryError> {
        self.read(|db| {
            let row: Option<Row> = passport_hosts::table
                .find(id.to_string())
                .filter(passport_hosts::state_digest.eq(self.host_state(state)))
                .filter(passport_hosts::state_expires_at.ge(stored(now)))
                .select(COLUMNS)
                .first(db)
                .optional()?;
            row.map(|row| self.host_of(db, row)).transpose()
        })
    }

    /// Notes that the learner who came back with `state` gave leave; once. `false` where
    /// that is over.
    pub fn connect_passport_host(
        &self,
        id: PassportHostId,
        state: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, RegistryError> {
        let asked = passport_hosts::table
            .find(id.to_string())
            .filter(passport_hosts::state_digest.eq(self.host_state(state)))
            .filter(passport_hosts::state_expires_at.ge(stored(now)));
        let values = (
            passport_hosts::state_digest.eq(None::<String>),
            passport_hosts::state_expires_at.eq(None::<NaiveDateTime>),
            passport_hosts::connected_at.eq(stored(now)),
        );
        self.write(|db| Ok(diesel::update(asked).set(values).execute(db)? == 1))
    }

    /// Writes anew what is known of a host.
    pub fn write_passport_host(
        &self,
        host: &PassportHost,
        details: &str,
        entropy: &dyn Entropy,
    ) -> Result<(), RegistryError> {
        let (id, learner) = (host.id.to_string(), host.learner.to_string());
        self.write(|db| {
            let key = sealing::of(db, self.wrapping(), &learner)?;
            let details = key.seal(HOST, &id, details, entropy)?;
            let kept = passport_hosts::table.find(&id);
            diesel::update(kept).set(passport_hosts::details.eq(details)).execute(db)?;
            Ok(())
        })
    }

    /// Forgets a host of a learner's; whether there was one.
    pub fn forget_passport_host(
        &self,
        learner: LearnerId,
        id: PassportHostId,
    ) -> Result<bool, RegistryError> {
        let host = passport_hosts::table
            .find(id.to_string())
            .filter(passport_hosts::learner_id.eq(learner.to_string()));
        self.write(|db| Ok(diesel::delete(host).execute(db)? == 1))
    }

    fn host_of(&self, db: &mut Db, row: Row) -> Result<PassportHost, RegistryError> {
        let (id, learner, details, connected_at) = row;
        let key = sealing::of(db, self.wrapping(), &learner)?;
        Ok(PassportHost {
            details: sealing::read(Some(&key), HOST, &id, &details)?.into_owned(),
            learner: parsed("passport_hosts", &id, &learner)?,
            id: parsed("passport_hosts", &id, &id)?,
            connected_at: connected_at.map(|at| at.and_utc()),
        })
    }

    fn host_state(&self, state: &str) -> String {
        self.digests().text("passport host state", &[state.as_bytes()])
    }
}

type Columns =
    (passport_hosts::id, passport_hosts::learner_id, passport_hosts::details, passport_hosts::connected_at);
const COLUMNS: Columns =
    (passport_hosts::id, passport_hosts::learner_id, passport_hosts::details, passport_hosts::connected_at);
