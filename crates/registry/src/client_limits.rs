//! What a client may do that others may do more or less of.

use std::num::NonZeroU32;

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use crate::{
    Registry, RegistryError,
    db::{Db, stored},
    schema::{api_clients, client_limit_changes},
};

/// The limits of a client's own; where there is none the service's settings hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ClientLimits {
    /// Requests a minute.
    pub requests_per_minute: Option<NonZeroU32>,
    /// Credentials that it watches.
    pub watches: Option<NonZeroU32>,
    /// Verification jobs that there are of it, those included whose results it has not deleted.
    pub jobs: Option<NonZeroU32>,
}

/// How a client's limits are changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LimitChange {
    /// It has no limits of its own any more.
    Default,
    /// To these; the others stay.
    To(ClientLimits),
}

impl ClientLimits {
    fn changed(self, change: LimitChange) -> Self {
        match change {
            LimitChange::Default => Self::default(),
            LimitChange::To(to) => Self {
                requests_per_minute: to.requests_per_minute.or(self.requests_per_minute),
                watches: to.watches.or(self.watches),
                jobs: to.jobs.or(self.jobs),
            },
        }
    }
}

impl Registry {
    /// Changes what a client may do, for every request that comes after, and notes when;
    /// gives what it may do now. Nothing is noted where nothing changes.
    ///
    /// # Errors
    /// [`RegistryError::Missing`] when there is no such client.
    pub fn limit_client(
        &self,
        id: &str,
        change: LimitChange,
        now: DateTime<Utc>,
    ) -> Result<ClientLimits, RegistryError> {
        self.write(|db| {
            hold(db, id)?;
            let before: LimitColumns =
                api_clients::table.find(id).select(LimitColumns::as_select()).first(db)?;
            let before = before.read();
            let columns = LimitColumns::of(before.changed(change));
            let after = columns.read();
            if after != before {
                diesel::update(api_clients::table.find(id)).set(columns).execute(db)?;
                let made: i64 = client_limit_changes::table
                    .filter(client_limit_changes::client.eq(id))
                    .count()
                    .get_result(db)?;
                let row = (
                    client_limit_changes::client.eq(id),
                    client_limit_changes::number.eq(made + 1),
                    client_limit_changes::changed_at.eq(stored(now)),
                    client_limit_changes::requests_per_minute.eq(columns.requests_per_minute),
                    client_limit_changes::watches.eq(columns.watches),
                    client_limit_changes::jobs.eq(columns.jobs),
                );
                diesel::insert_into(client_limit_changes::table).values(row).execute(db)?;
            }
            Ok(after)
        })
    }

    /// What a client's limits were changed to, and when, the earliest first.
    pub fn client_limit_changes(
        &self,
        id: &str,
    ) -> Result<Vec<(DateTime<Utc>, ClientLimits)>, RegistryError> {
        type Row = (NaiveDateTime, Option<i32>, Option<i32>, Option<i32>);
        let rows: Vec<Row> = self.read(|db| {
            Ok(client_limit_changes::table
                .filter(client_limit_changes::client.eq(id))
                .order(client_limit_changes::number)
                .select((
                    client_limit_changes::changed_at,
                    client_limit_changes::requests_per_minute,
                    client_limit_changes::watches,
                    client_limit_changes::jobs,
                ))
                .load(db)?)
        })?;
        let change = |(at, requests_per_minute, watches, jobs): Row| {
            (at.and_utc(), LimitColumns { requests_per_minute, watches, jobs }.read())
        };
        Ok(rows.into_iter().map(change).collect())
    }
}

/// Refuses a client that is not registered, and makes others who hold it wait until the
/// transaction ends: whoever counts what a client has, and adds to it, must be alone.
pub(crate) fn hold(db: &mut Db, client: &str) -> Result<(), RegistryError> {
    let held = diesel::update(api_clients::table.find(client))
        .set(api_clients::name.eq(api_clients::name))
        .execute(db)?;
    if held == 0 {
        return Err(RegistryError::Missing { what: "client", id: client.to_owned() });
    }
    Ok(())
}

/// The limits as they lie with a client.
#[derive(Clone, Copy, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = api_clients, treat_none_as_null = true)]
pub(crate) struct LimitColumns {
    requests_per_minute: Option<i32>,
    watches: Option<i32>,
    jobs: Option<i32>,
}

impl LimitColumns {
    pub(crate) fn of(limits: ClientLimits) -> Self {
        let column = |limit: Option<NonZeroU32>| limit.map(|n| i32::try_from(n.get()).unwrap_or(i32::MAX));
        Self {
            requests_per_minute: column(limits.requests_per_minute),
            watches: column(limits.watches),
            jobs: column(limits.jobs),
        }
    }

    /// What they say; no row holds a number below 1.
    pub(crate) fn read(self) -> ClientLimits {
        let limit = |column: Option<i32>| column.and_then(|n| NonZeroU32::new(n.unsigned_abs()));
        ClientLimits {
            requests_per_minute: limit(self.requests_per_minute),
            watches: limit(self.watches),
            jobs: limit(self.jobs),
        }
    }
}
