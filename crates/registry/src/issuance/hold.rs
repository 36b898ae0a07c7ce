//! Whose turn it is: what a transaction completes or revokes, and in whose ledgers it writes,
//! nobody else does meanwhile. Credentials come before learners, and each in ascending
//! order everywhere, so that no two transactions wait for each other.

use std::collections::{BTreeSet, HashSet};

use diesel::{
    pg::Pg,
    prelude::*,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    sql_types::{Array, Nullable, Text},
};

use crate::{
    RegistryError,
    db::Db,
    schema::{credentials, learners},
    words::IsErased,
};

/// Those of the credentials that are prepared, once nobody else completes or revokes them.
/// In ascending order everywhere, as in [`lock`].
///
/// The state is looked at here: asked for it, PostgreSQL reads the index of what is prepared,
/// in which everything is that was so of late.
pub(super) fn hold(db: &mut Db, ids: &[String]) -> Result<HashSet<String>, RegistryError> {
    let states = credentials::table
        .filter(credentials::id.eq_any(ids))
        .order(credentials::id)
        .select((credentials::id, credentials::state));
    let held: Vec<(String, String)> = match db {
        Db::Postgres(connection) => states.for_update().load(connection)?,
        Db::Sqlite(connection) => states.load(connection)?,
    };
    Ok(in_state_prepared(held))
}

/// That it is our turn to write in the ledgers of some learners, and who of them was erased
/// before.
pub(super) struct Turn {
    pub(super) erased: HashSet<String>,
}

/// [`hold`], and then [`take_turn`], in one statement.
pub(super) fn hold_with_turn(
    db: &mut Db,
    ids: &[String],
    learners: &BTreeSet<&str>,
) -> Result<(HashSet<String>, Turn), RegistryError> {
    let learners: Vec<&str> = learners.iter().copied().collect();
    match db {
        Db::Postgres(connection) => {
            let rows: Vec<(Option<String>, String)> = HoldWithTurn { ids, learners }.load(connection)?;
            let (mut held, mut erased) = (Vec::new(), HashSet::new());
            for row in rows {
                match row {
                    (Some(id), state) => held.push((id, state)),
                    (None, ids) => erased.extend(ids.split_whitespace().map(str::to_owned)),
                }
            }
            Ok((in_state_prepared(held), Turn { erased }))
        }
        db @ Db::Sqlite(_) => {
            let held = hold(db, ids)?;
            let erased = learners::table.filter(learners::id.eq_any(learners).and(IsErased));
            let erased: Vec<String> = erased.select(learners::id).load(db)?;
            Ok((held, Turn { erased: erased.into_iter().collect() }))
        }
    }
}

fn in_state_prepared(held: Vec<(String, String)>) -> HashSet<String> {
    held.into_iter().filter(|(_, state)| state == "prepared").map(|(id, _)| id).collect()
}

/// The credentials with their states, and then a row with the learners who were erased: what
/// locks a row sees it as it is by then. That condition stands where it cannot choose which
/// learners are locked.
struct HoldWithTurn<'i> {
    ids: &'i [String],
    learners: Vec<&'i str>,
}

impl QueryFragment<Pg> for HoldWithTurn<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("SELECT * FROM (SELECT id, state FROM credentials WHERE id = ANY(");
        out.push_bind_param::<Array<Text>, _>(self.ids)?;
        out.push_sql(") ORDER BY id FOR UPDATE) AS held UNION ALL SELECT NULL, coalesce(string_agg(id, ' ') FILTER (WHERE ");
        IsErased.walk_ast(out.reborrow())?;
        out.push_sql("), '') FROM (SELECT id, name_digest FROM learners WHERE id = ANY(");
        out.push_bind_param::<Array<Text>, _>(&self.learners)?;
        out.push_sql(") ORDER BY id FOR NO KEY UPDATE) AS turn");
        Ok(())
    }
}

impl QueryId for HoldWithTurn<'_> {
    type QueryId = HoldWithTurn<'static>;

    const HAS_STATIC_QUERY_ID: bool = true;
}

impl Query for HoldWithTurn<'_> {
    type SqlType = (Nullable<Text>, Text);
}

impl RunQueryDsl<PgConnection> for HoldWithTurn<'_> {}

/// Waits for any other transaction that completes or revokes these credentials.
/// In ascending order everywhere, so that no two wait for each other.
pub(crate) fn lock(db: &mut Db, ids: &[String]) -> Result<(), RegistryError> {
    let Db::Postgres(connection) = db else { return Ok(()) };
    credentials::table
        .filter(credentials::id.eq_any(ids))
        .order(credentials::id)
        .select(credentials::id)
        .for_update()
        .load::<String>(connection)?;
    Ok(())
}

/// Waits for any other transaction that writes in these learners' ledgers, so
/// that the lines of a ledger become visible in the order of their sequence. After
/// [`lock`], and in ascending order everywhere.
pub(crate) fn take_turn(db: &mut Db, learners: impl Iterator<Item = String>) -> Result<(), RegistryError> {
    let Db::Postgres(connection) = db else { return Ok(()) };
    let ids: BTreeSet<String> = learners.collect();
    learners::table
        .filter(learners::id.eq_any(ids))
        .order(learners::id)
        .select(learners::id)
        .for_no_key_update()
        .load::<String>(connection)?;
    Ok(())
}
