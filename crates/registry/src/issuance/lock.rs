//! Makes transactions that are about the same request, person or completion
//! wait for each other. What this misses, the unique constraints catch.

use std::{collections::BTreeSet, iter};

use diesel::{
    connection::SimpleConnection,
    pg::Pg,
    prelude::*,
    query_builder::{AstPass, QueryFragment, QueryId},
    sql_types::{Array, BigInt},
};

use super::facts::Facts;
use crate::{RegistryError, db::Db};

/// The door through which every transaction goes: posts, also some that were brought
/// together, side by side; a large batch alone, because PostgreSQL's table of locks is
/// small (at least 6,400 by default, for everybody).
const SIDE_BY_SIDE: &str = "SELECT pg_advisory_xact_lock_shared(7310575178743346) \
     UNION ALL SELECT pg_advisory_xact_lock(key) FROM unnest(";
const ALONE: &str = "SELECT pg_advisory_xact_lock(7310575178743346)";
const MOST_SIDE_BY_SIDE: usize = 200;

/// Waits for transactions that share a key with this one. `SQLite` has one
/// writer, so there the transaction itself was the waiting.
pub(super) fn contended(db: &mut Db, facts: &[Facts]) -> Result<(), RegistryError> {
    wait_for(db, facts.iter().flat_map(Facts::contended))
}

/// The same by the digests that are shared.
pub(crate) fn wait_for<'a>(db: &mut Db, digests: impl Iterator<Item = &'a str>) -> Result<(), RegistryError> {
    let Db::Postgres(connection) = db else { return Ok(()) };
    // In ascending order in every transaction, so that no two wait for each other.
    let keys: BTreeSet<i64> = digests.filter_map(lock_key).collect();
    if keys.len() > MOST_SIDE_BY_SIDE {
        connection.batch_execute(ALONE)?;
        return Ok(());
    }
    Keys(keys.into_iter().collect()).execute(connection)?;
    Ok(())
}

/// Waits for transactions that look at or add a completion with this natural key.
pub(crate) fn alone_with(db: &mut Db, natural_key: &str) -> Result<(), RegistryError> {
    wait_for(db, iter::once(natural_key))
}

/// Held in their order, behind the door, by a statement that the connection keeps prepared.
#[derive(QueryId)]
struct Keys(Vec<i64>);

impl QueryFragment<Pg> for Keys {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(SIDE_BY_SIDE);
        out.push_bind_param::<Array<BigInt>, _>(&self.0)?;
        out.push_sql(") AS keys (key)");
        Ok(())
    }
}

impl RunQueryDsl<PgConnection> for Keys {}

/// Of the end of a digest: some natural keys begin with what they share with others.
fn lock_key(digest: &str) -> Option<i64> {
    let end = digest.get(digest.len().checked_sub(16)?..)?;
    u64::from_str_radix(end, 16).ok().map(u64::cast_signed)
}
