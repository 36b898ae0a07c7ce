//! Connections and transactions on both databases.

use chrono::{DateTime, NaiveDateTime, SubsecRound, Utc};
use diesel::{
    Connection, PgConnection, SqliteConnection,
    connection::{AnsiTransactionManager, SimpleConnection, TransactionManager},
    r2d2::R2D2Connection,
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

/// The database a URL names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// A libpq URL.
    Postgres(String),
    /// A file.
    Sqlite(String),
}

impl Target {
    /// Reads `postgres://…`, `postgresql://…`, `sqlite://PATH` or `sqlite:PATH`.
    pub(crate) fn parse(url: &str) -> Result<Self, RegistryError> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self::Postgres(url.to_owned()));
        }
        let path = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:"));
        match path {
            Some(path) if !path.is_empty() && !path.contains([':', '?']) => Ok(Self::Sqlite(path.to_owned())),
            Some(_) => Err(RegistryError::Configuration(
                "a SQLite database is a file: give sqlite://PATH, such as sqlite://data/lanyard.db, \
                 with no `?` or `:` in the path"
                    .to_owned(),
            )),
            // The URL may hold a password: it is not repeated.
            None => Err(RegistryError::Configuration(
                "the database URL must begin with sqlite:// or postgres://".to_owned(),
            )),
        }
    }
}

/// Opens connections for the pool.
#[derive(Debug)]
pub(crate) struct Manager(pub(crate) Target);

impl diesel::r2d2::ManageConnection for Manager {
    type Connection = Db;
    type Error = diesel::r2d2::Error;

    fn connect(&self) -> Result<Db, Self::Error> {
        let open = || match &self.0 {
            Target::Postgres(url) => {
                let mut connection = PgConnection::establish(url)?;
                connection.batch_execute(POSTGRES_SESSION).map_err(session_refused)?;
                Ok(Db::Postgres(connection))
            }
            Target::Sqlite(path) => {
                let mut connection = SqliteConnection::establish(path)?;
                connection.batch_execute(SQLITE_SESSION).map_err(session_refused)?;
                Ok(Db::Sqlite(connection))
            }
        };
        open().map_err(diesel::r2d2::Error::ConnectionError)
    }

    fn is_valid(&self, db: &mut Db) -> Result<(), Self::Error> {
        db.ping().map_err(diesel::r2d2::Error::QueryError)
    }

    fn has_broken(&self, db: &mut Db) -> bool {
        std::thread::panicking() || db.is_broken()
    }
}

fn session_refused(error: diesel::result::Error) -> diesel::ConnectionError {
    diesel::ConnectionError::CouldntSetupConfiguration(error)
}

/// Times are kept without a zone, so the session must be in UTC. A statement
/// that waits longer than half a minute answers nobody any more.
const POSTGRES_SESSION: &str = "SET TIME ZONE 'UTC'; SET statement_timeout = '30s'; \
     SET idle_in_transaction_session_timeout = '60s'; SET client_min_messages = warning;";

/// The patience comes first: changing the journal mode may itself have to wait.
const SQLITE_SESSION: &str = "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; \
     PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16000;";

/// How a transaction starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Sees one state of the database from beginning to end, and writes nothing.
    Snapshot,
    /// Writes. On `SQLite` it waits for its turn before its first statement, so
    /// that what it reads cannot have changed when it writes.
    Write,
}

/// Runs `work` in a transaction: kept when it returns `Ok`, undone otherwise.
pub(crate) fn transaction<T>(
    db: &mut Db,
    access: Access,
    work: impl FnOnce(&mut Db) -> Result<T, RegistryError>,
) -> Result<T, RegistryError> {
    begin(db, access)?;
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

fn begin(db: &mut Db, access: Access) -> QueryResult<()> {
    match db {
        Db::Postgres(connection) => {
            let sql = match access {
                Access::Snapshot => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
                Access::Write => "BEGIN",
            };
            AnsiTransactionManager::begin_transaction_sql(connection, sql)
        }
        Db::Sqlite(connection) => {
            let sql = match access {
                Access::Snapshot => "BEGIN",
                Access::Write => "BEGIN IMMEDIATE",
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_names_a_file_or_a_server() {
        assert_eq!(Target::parse("sqlite://data/a.db").unwrap(), Target::Sqlite("data/a.db".to_owned()));
        assert_eq!(Target::parse("sqlite:///var/a.db").unwrap(), Target::Sqlite("/var/a.db".to_owned()));
        let server = "postgres://u:secret@db.example.org/lanyard";
        assert_eq!(Target::parse(server).unwrap(), Target::Postgres(server.to_owned()));
    }

    #[test]
    fn what_is_neither_is_refused_without_repeating_it() {
        for bad in ["mysql://u:secret@h/d", "sqlite::memory:", "sqlite://", "sqlite://a?mode=ro", ""] {
            let message = Target::parse(bad).unwrap_err().to_string();
            assert!(message.contains("sqlite://"), "{bad}: {message}");
            assert!(!message.contains("secret"), "{message}");
        }
    }
}
