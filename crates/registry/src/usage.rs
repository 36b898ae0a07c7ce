//! What clients asked and had checked, by day.

use std::ops::AddAssign;

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::{
    Registry, RegistryError,
    db::{Db, each},
    schema::client_usage,
};

/// What a client asked on a day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Requests that were answered, whatever the answer.
    pub requests: u64,
    /// Credentials that are valid.
    pub valid: u64,
    /// Those that are not.
    pub invalid: u64,
    /// Those of which it could not be told.
    pub undetermined: u64,
    /// Rows of lists that could not be read.
    pub unreadable: u64,
}

impl AddAssign for Usage {
    fn add_assign(&mut self, other: Self) {
        self.requests += other.requests;
        self.valid += other.valid;
        self.invalid += other.invalid;
        self.undetermined += other.undetermined;
        self.unreadable += other.unreadable;
    }
}

impl Registry {
    /// Adds to what clients asked on days.
    pub fn add_usage(&self, asked: &[(String, NaiveDate, Usage)]) -> Result<(), RegistryError> {
        // Processes that write at once wait for each other's rows: in one order, or for ever.
        let mut asked: Vec<_> = asked.iter().collect();
        asked.sort_by_key(|(client, day, _)| (client, day));
        self.write_lightly(|db| {
            asked.into_iter().try_for_each(|(client, day, usage)| add(db, client, *day, *usage))
        })
    }

    /// What a client asked on each day from `from` to `to`, both counted; days on which it
    /// asked nothing are left out.
    pub fn usage(
        &self,
        client: &str,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<Vec<(NaiveDate, Usage)>, RegistryError> {
        type Row = (NaiveDate, i64, i64, i64, i64, i64);
        let rows: Vec<Row> = self.read(|db| {
            Ok(client_usage::table
                .filter(client_usage::client.eq(client))
                .filter(client_usage::day.between(from, to))
                .order(client_usage::day)
                .select((
                    client_usage::day,
                    client_usage::requests,
                    client_usage::valid,
                    client_usage::invalid,
                    client_usage::undetermined,
                    client_usage::unreadable,
                ))
                .load(db)?)
        })?;
        let usage = |(day, requests, valid, invalid, undetermined, unreadable): Row| {
            let usage = Usage {
                requests: requests.unsigned_abs(),
                valid: valid.unsigned_abs(),
                invalid: invalid.unsigned_abs(),
                undetermined: undetermined.unsigned_abs(),
                unreadable: unreadable.unsigned_abs(),
            };
            (day, usage)
        };
        Ok(rows.into_iter().map(usage).collect())
    }
}

/// Adds to what a client asked on a day, as the last thing that a transaction does: others wait
/// for that row.
pub(crate) fn add(db: &mut Db, client: &str, day: NaiveDate, usage: Usage) -> Result<(), RegistryError> {
    let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let Usage { requests, valid, invalid, undetermined, unreadable } = usage;
    let row = (
        client_usage::client.eq(client),
        client_usage::day.eq(day),
        client_usage::requests.eq(number(requests)),
        client_usage::valid.eq(number(valid)),
        client_usage::invalid.eq(number(invalid)),
        client_usage::undetermined.eq(number(undetermined)),
        client_usage::unreadable.eq(number(unreadable)),
    );
    let sums = (
        client_usage::requests.eq(client_usage::requests + number(requests)),
        client_usage::valid.eq(client_usage::valid + number(valid)),
        client_usage::invalid.eq(client_usage::invalid + number(invalid)),
        client_usage::undetermined.eq(client_usage::undetermined + number(undetermined)),
        client_usage::unreadable.eq(client_usage::unreadable + number(unreadable)),
    );
    each!(db, connection => diesel::insert_into(client_usage::table)
        .values(row)
        .on_conflict((client_usage::client, client_usage::day))
        .do_update()
        .set(sums)
        .execute(connection))?;
    Ok(())
}
