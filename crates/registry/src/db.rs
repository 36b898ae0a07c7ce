//! Statements and transactions on both databases.

use chrono::{DateTime, NaiveDateTime, SubsecRound, Utc};
use diesel::{
    connection::{AnsiTransactionManager, SimpleConnection, TransactionManager},
    result::QueryResult,
};

use crate::RegistryError;

/// Runs one expression on whichever connection is open. What differs between
/// the dialects (`ON CONFLICT`, locks, batches) compiles only so.
macro_rules! each {
    ($db:expr, $connection:ident => $body:expr) => {
        match $db {
            $crate::db::Db::Postgres($connection) => $body,
            $crate::db::Db::Sqlite($connection) => $body,
        }
    };
}
pub(crate) use each;

/// Inserts many rows in few statements. A single row goes by a statement that
/// the connection keeps prepared.
macro_rules! insert_all {
    ($db:expr, $table:ident, $rows:expr) => {
        for rows in $rows.chunks($crate::db::ROWS_PER_STATEMENT) {
            match rows {
                [row] => $crate::db::each!($db, connection =>
                    diesel::insert_into($table::table).values(row).execute(connection))?,
                rows => $crate::db::each!($db, connection =>
                    diesel::insert_into($table::table).values(rows).execute(connection))?,
            };
        }
    };
}
pub(crate) use insert_all;

/// `SQLite` takes at most 32,766 parameters in a statement; our widest row has 15.
pub(crate) const ROWS_PER_STATEMENT: usize = 500;

/// Inserts rows of tables that every issuance writes, in this order. PostgreSQL takes some by
/// an array a column, of all tables in one statement, and many by `COPY`, neither of which has a
/// text that grows with them; for `SQLite`, where a statement costs no journey, each goes by the
/// statement that the connection keeps prepared.
macro_rules! insert_bulk {
    ($db:expr, $($table:ident: $rows:expr),+ $(,)?) => {
        match &mut *$db {
            $crate::db::Db::Postgres(connection) if $($rows.len() <= $crate::bulk::SOME)&&+ => {
                let mut inserts = $crate::bulk::AsOne::default();
                $(inserts.insert(&$rows);)+
                inserts.run(connection)?;
            }
            db => {$($crate::db::insert_many!(db, $table, $rows);)+}
        }
    };
}
pub(crate) use insert_bulk;

/// Rows of one table: for PostgreSQL by `COPY`, otherwise, and one alone, each by itself.
macro_rules! insert_many {
    ($db:expr, $table:ident, $rows:expr) => {
        match (&mut *$db, $rows.as_slice()) {
            (_, []) => {}
            ($crate::db::Db::Postgres(connection), rows @ [_, _, ..]) => {
                diesel::prelude::ExecuteCopyFromDsl::execute(
                    diesel::copy_from($table::table).from_insertable(rows),
                    connection,
                )?;
            }
            (db, rows) => {
                for row in rows {
                    $crate::db::each!(&mut *db, connection =>
                        diesel::insert_into($table::table).values(row).execute(connection))?;
                }
            }
        }
    };
}
pub(crate) use insert_many;

pub(crate) use connection::Db;

mod connection {
    #![allow(clippy::pedantic, unused_qualifications, reason = "diesel's derive writes this module's code")]

    /// An open connection.
    #[derive(diesel::MultiConnection)]
    pub(crate) enum Db {
        /// To PostgreSQL.
        Postgres(diesel::PgConnection),
        /// To `SQLite`.
        Sqlite(diesel::SqliteConnection),
    }
}

/// How a transaction starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Sees one state of the database from beginning to end, and writes nothing.
    Snapshot,
    /// Writes. On `SQLite` it waits for its turn before its first statement, so
    /// that what it reads cannot have changed when it writes. On PostgreSQL every row it
    /// asks for is found by an index, see [`by_index`].
    Write,
    /// The same, but not durable until something else is.
    WriteLightly,
}

/// Runs `work` in a transaction: kept when it returns `Ok`, undone otherwise.
pub(crate) fn transaction<T>(
    db: &mut Db,
    access: Access,
    work: impl FnOnce(&mut Db) -> Result<T, RegistryError>,
) -> Result<T, RegistryError> {
    let result = begin(db, access).map_err(RegistryError::from).and_then(|()| within(db, work));
    if let (Access::WriteLightly, Db::Sqlite(connection)) = (access, db) {
        connection.batch_execute("PRAGMA synchronous = FULL")?;
    }
    result
}

fn within<T>(
    db: &mut Db,
    work: impl FnOnce(&mut Db) -> Result<T, RegistryError>,
) -> Result<T, RegistryError> {
    match work(db) {
        Ok(value) => {
            commit(db)?;
            Ok(value)
        }
        Err(error) => {
            if let Err(rollback) = rollback(db) {
                // The pool drops the connection; the first error is the one that matters.
                tracing::warn!(error = %rollback, "a transaction could not be rolled back");
            }
            Err(error)
        }
    }
}

/// From here to the end of the transaction PostgreSQL finds every row by an index, where
/// there is one. It would read whole tables instead where it thinks that they are small:
/// one that has no statistics yet, or had few rows when the statement was planned and
/// kept. With some thousand rows of 15 KB that is the difference between a millisecond
/// and a tenth of a second. For the same reason it may not join by sorting or hashing, for
/// which it reads a whole index where some rows of it are asked for.
pub(crate) fn by_index(db: &mut Db) -> QueryResult<()> {
    match db {
        Db::Postgres(connection) => connection.batch_execute(BY_INDEX),
        Db::Sqlite(_) => Ok(()),
    }
}

const BY_INDEX: &str = "SET LOCAL enable_seqscan = off; SET LOCAL enable_mergejoin = off; \
     SET LOCAL enable_hashjoin = off";

pub(crate) fn begin(db: &mut Db, access: Access) -> QueryResult<()> {
    match db {
        Db::Postgres(connection) => {
            let (sql, and) = match access {
                Access::Snapshot => ("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", ""),
                Access::Write => ("BEGIN", BY_INDEX),
                Access::WriteLightly => ("BEGIN; SET LOCAL synchronous_commit = off", BY_INDEX),
            };
            AnsiTransactionManager::begin_transaction_sql(connection, &format!("{sql}; {and}"))
        }
        Db::Sqlite(connection) => {
            let sql = match access {
                Access::Snapshot => "BEGIN",
                Access::Write => "BEGIN IMMEDIATE",
                Access::WriteLightly => {
                    connection.batch_execute("PRAGMA synchronous = NORMAL")?;
                    "BEGIN IMMEDIATE"
                }
            };
            AnsiTransactionManager::begin_transaction_sql(connection, sql)
        }
    }
}

fn commit(db: &mut Db) -> QueryResult<()> {
    each!(db, connection => AnsiTransactionManager::commit_transaction(connection))
}

fn rollback(db: &mut Db) -> QueryResult<()> {
    each!(db, connection => AnsiTransactionManager::rollback_transaction(connection))
}

/// A time as it is stored: UTC, to the microsecond, which both databases keep.
pub(crate) fn stored(at: DateTime<Utc>) -> NaiveDateTime {
    at.trunc_subsecs(6).naive_utc()
}
