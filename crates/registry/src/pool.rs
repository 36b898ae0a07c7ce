//! The connections that are kept, and the bounds on what they wait for.

use std::{
    sync::Mutex,
    time::{Duration, Instant},
};

use diesel::{
    Connection, ConnectionError, PgConnection, SqliteConnection,
    connection::SimpleConnection,
    r2d2::{Error, HandleError, ManageConnection, R2D2Connection},
};

use crate::{RegistryError, db::Db, open::held};

/// How long a caller waits for a connection before it is told to come back. The
/// pool tries again to reach a lost server after half of that at the latest.
pub(crate) const PATIENCE: Duration = Duration::from_secs(2);

/// A connection that worked so lately is not asked whether it still does: that
/// would cost every call a journey to the server and back.
const FRESH: Duration = Duration::from_secs(1);

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
            return Ok(Self::Postgres(bounded(url)));
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

/// What libpq waits for, where the operator's URL does not say: seconds, but for
/// `tcp_user_timeout`, which is in milliseconds. They bound the wait for a host that
/// has gone. A host that is there and whose server is frozen passes them all; that is
/// what [`crate::pulse`] is for.
const BOUNDS: [(&str, &str); 6] = [
    ("application_name", "lanyard"),
    ("connect_timeout", "2"),
    ("keepalives_idle", "5"),
    ("keepalives_interval", "2"),
    ("keepalives_count", "2"),
    ("tcp_user_timeout", "5000"),
];

fn bounded(url: &str) -> String {
    let (address, query) = url.split_once('?').unwrap_or((url, ""));
    let stated: Vec<&str> = query.split('&').filter(|part| !part.is_empty()).collect();
    let is_stated = |name: &str| stated.iter().any(|part| part.split('=').next() == Some(name));
    let ours =
        BOUNDS.iter().filter(|(name, _)| !is_stated(name)).map(|(name, value)| format!("{name}={value}"));
    let all: Vec<String> = stated.iter().map(|part| (*part).to_owned()).chain(ours).collect();
    format!("{address}?{}", all.join("&"))
}

/// Times are kept without a zone, so the session must be in UTC. Who waits longer
/// than these times has long been answered that the database is not available. Nothing
/// that is asked for is worth being compiled first.
const POSTGRES_SESSION: &str = "SET TIME ZONE 'UTC'; SET statement_timeout = '10s'; SET lock_timeout = '3s'; \
     SET idle_in_transaction_session_timeout = '30s'; SET client_min_messages = warning; SET jit = off;";

/// The patience comes first: changing the journal mode may itself have to wait. The log is
/// brought home by [`crate::checkpoint`], and by a commit only where that has not been to
/// be had for 256 MB of it. What is deleted is overwritten where its page is written anyway;
/// where it must not stay on a free page either, see [`crate::Registry::write_over`].
const SQLITE_SESSION: &str = "PRAGMA busy_timeout = 4000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
     PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16000; \
     PRAGMA secure_delete = FAST; PRAGMA wal_autocheckpoint = 64000;";

/// A large batch changes thousands of pages of indexes, and the next one mostly the same.
const SQLITE_WRITER: &str = "PRAGMA cache_size = -64000;";

/// A connection of the pool.
pub(crate) struct Kept {
    pub db: Db,
    /// When it last worked; `None` when the last work on it failed.
    good_at: Option<Instant>,
}

impl Kept {
    /// Notes whether what was done on it succeeded.
    pub(crate) fn worked(&mut self, well: bool) {
        self.good_at = well.then(Instant::now);
    }
}

/// Opens connections for the pool.
#[derive(Debug)]
pub(crate) struct Manager {
    target: Target,
    read_only: bool,
    /// When a connection was last found broken. Where one is, others are: a server
    /// that went took all of them with it.
    broke_at: Mutex<Option<Instant>>,
}

impl Manager {
    pub(crate) fn of(target: Target, read_only: bool) -> Self {
        Self { target, read_only, broke_at: Mutex::new(None) }
    }

    fn found_broken(&self) {
        *held(&self.broke_at) = Some(Instant::now());
    }

    /// Whether the connection need not be asked whether it works.
    fn is_fresh(&self, kept: &Kept) -> bool {
        let broke_at = *held(&self.broke_at);
        kept.good_at.is_some_and(|at| at.elapsed() < FRESH && broke_at.is_none_or(|broke| at > broke))
    }
}

impl Manager {
    /// The connection of `SQLite` that writes.
    pub(crate) fn connect_to_write(&self) -> Result<Kept, Error> {
        let mut kept = self.connect()?;
        kept.db.batch_execute(SQLITE_WRITER).map_err(Error::QueryError)?;
        Ok(kept)
    }
}

impl ManageConnection for Manager {
    type Connection = Kept;
    type Error = Error;

    fn connect(&self) -> Result<Kept, Error> {
        let open = || match &self.target {
            Target::Postgres(url) => {
                let mut connection = PgConnection::establish(url)?;
                connection.batch_execute(POSTGRES_SESSION).map_err(session_refused)?;
                if self.read_only {
                    let only = "SET default_transaction_read_only = on";
                    connection.batch_execute(only).map_err(session_refused)?;
                }
                Ok(Db::Postgres(connection))
            }
            Target::Sqlite(path) => {
                let mut connection = SqliteConnection::establish(path)?;
                connection.batch_execute(SQLITE_SESSION).map_err(session_refused)?;
                if self.read_only {
                    connection.batch_execute("PRAGMA query_only = ON").map_err(session_refused)?;
                }
                Ok(Db::Sqlite(connection))
            }
        };
        let db = open().map_err(Error::ConnectionError)?;
        Ok(Kept { db, good_at: Some(Instant::now()) })
    }

    fn is_valid(&self, kept: &mut Kept) -> Result<(), Error> {
        if self.is_fresh(kept) {
            return Ok(());
        }
        kept.db.ping().map_err(Error::QueryError).inspect_err(|_| self.found_broken())
    }

    fn has_broken(&self, kept: &mut Kept) -> bool {
        let is_broken = kept.db.is_broken();
        if is_broken {
            self.found_broken();
        }
        is_broken || std::thread::panicking()
    }
}

fn session_refused(error: diesel::result::Error) -> ConnectionError {
    ConnectionError::CouldntSetupConfiguration(error)
}

/// The pool's own troubles, at a level that does not flood the log while a
/// server is away: the caller that waits for a connection gets an error itself.
#[derive(Debug)]
pub(crate) struct Logged;

impl<E: std::error::Error> HandleError<E> for Logged {
    fn handle_error(&self, error: E) {
        tracing::debug!(%error, "a connection to the database failed");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_names_a_file_or_a_server() {
        assert_eq!(Target::parse("sqlite://data/a.db").unwrap(), Target::Sqlite("data/a.db".to_owned()));
        assert_eq!(Target::parse("sqlite:///var/a.db").unwrap(), Target::Sqlite("/var/a.db".to_owned()));
        let server = Target::parse("postgres://u:secret@db.example.org/lanyard").unwrap();
        assert!(
            matches!(server, Target::Postgres(url) if url.starts_with("postgres://u:secret@db.example.org/lanyard?"))
        );
    }

    #[test]
    fn what_is_neither_is_refused_without_repeating_it() {
        for bad in ["mysql://u:secret@h/d", "sqlite::memory:", "sqlite://", "sqlite://a?mode=ro", ""] {
            let message = Target::parse(bad).unwrap_err().to_string();
            assert!(message.contains("sqlite://"), "{bad}: {message}");
            assert!(!message.contains("secret"), "{message}");
        }
    }

    #[test]
    fn a_bound_that_the_operator_states_stands() {
        let url = bounded("postgres://h/d?sslmode=require&connect_timeout=9");
        let bounds = "application_name=lanyard&keepalives_idle=5&keepalives_interval=2&keepalives_count=2\
                      &tcp_user_timeout=5000";
        assert_eq!(url, format!("postgres://h/d?sslmode=require&connect_timeout=9&{bounds}"));
    }
}
