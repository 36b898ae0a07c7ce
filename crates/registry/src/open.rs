//! Opening the registry.

use std::{
    collections::HashSet,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use diesel::r2d2::{Pool, PooledConnection, R2D2Connection};

use crate::{
    RegistryError,
    db::{Access, Db, Manager, Target, transaction},
    digest::Digests,
    place::Stock,
};

/// Which database holds the registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// PostgreSQL 15 or later.
    Postgres,
    /// `SQLite`, in one file.
    Sqlite,
}

/// How to open a registry.
#[derive(Clone, Copy)]
pub struct Options {
    /// The most connections held at once.
    pub pool_size: u32,
    /// The secret under which personal identifiers, idempotency keys and request
    /// bodies are digested (HMAC-SHA-256). It must stay the same for as long as
    /// the database lives.
    pub digest_key: [u8; 32],
}

/// A handle on the database; cheap to clone.
#[derive(Clone)]
pub struct Registry {
    inner: Arc<Inner>,
}

struct Inner {
    pool: Pool<Manager>,
    backend: Backend,
    digests: Digests,
    stock: Stock,
    published: Mutex<HashSet<String>>,
    /// `SQLite` has one writer. Its own waiting sleeps and is unfair; this queue is neither.
    writer: Mutex<()>,
}

/// How long a caller waits for a connection before it is told to come back.
const PATIENCE: Duration = Duration::from_secs(3);

impl Registry {
    /// Opens `url`: `sqlite://PATH` (the file and its directory are made when
    /// absent) or `postgres://…`. Does not migrate, and does not insist that a
    /// server answers yet.
    pub fn open(url: &str, options: Options) -> Result<Self, RegistryError> {
        let target = Target::parse(url)?;
        let backend = match &target {
            Target::Postgres(_) => Backend::Postgres,
            Target::Sqlite(path) => {
                make_directory_of(path)?;
                Backend::Sqlite
            }
        };
        let pool = Pool::builder()
            .max_size(options.pool_size.max(1))
            .min_idle(Some(1))
            .connection_timeout(PATIENCE)
            .test_on_check_out(backend == Backend::Postgres)
            .error_handler(Box::new(Logged))
            .build_unchecked(Manager(target));
        Ok(Self {
            inner: Arc::new(Inner {
                pool,
                backend,
                digests: Digests::new(&options.digest_key),
                stock: Stock::default(),
                published: Mutex::default(),
                writer: Mutex::default(),
            }),
        })
    }

    /// Whether the database answers.
    pub fn ping(&self) -> Result<(), RegistryError> {
        Ok(self.connection()?.ping()?)
    }

    /// Which database this is.
    pub fn backend(&self) -> Backend {
        self.inner.backend
    }

    pub(crate) fn digests(&self) -> &Digests {
        &self.inner.digests
    }

    pub(crate) fn stock(&self) -> &Stock {
        &self.inner.stock
    }

    /// Names known to be published. Rows behind them are never deleted, so a name
    /// once seen needs no second look.
    pub(crate) fn published(&self) -> MutexGuard<'_, HashSet<String>> {
        held(&self.inner.published)
    }

    pub(crate) fn connection(&self) -> Result<PooledConnection<Manager>, RegistryError> {
        self.inner.pool.get().map_err(|error| RegistryError::Unavailable(error.to_string()))
    }

    /// Runs statements that need no transaction around them.
    pub(crate) fn read<T>(
        &self,
        work: impl FnOnce(&mut Db) -> Result<T, RegistryError>,
    ) -> Result<T, RegistryError> {
        work(&mut *self.connection()?)
    }

    /// Runs reads that must agree with each other.
    pub(crate) fn snapshot<T>(
        &self,
        work: impl FnOnce(&mut Db) -> Result<T, RegistryError>,
    ) -> Result<T, RegistryError> {
        transaction(&mut *self.connection()?, Access::Snapshot, work)
    }

    /// Runs a transaction that writes.
    pub(crate) fn write<T>(
        &self,
        work: impl FnOnce(&mut Db) -> Result<T, RegistryError>,
    ) -> Result<T, RegistryError> {
        let _turn = (self.inner.backend == Backend::Sqlite).then(|| held(&self.inner.writer));
        transaction(&mut *self.connection()?, Access::Write, work)
    }
}

/// Locks a mutex whose content is sound after any panic.
pub(crate) fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn make_directory_of(path: &str) -> Result<(), RegistryError> {
    match Path::new(path).parent() {
        Some(directory) if !directory.as_os_str().is_empty() => {
            std::fs::create_dir_all(directory).map_err(|error| {
                RegistryError::Configuration(format!(
                    "the directory of the database, {}, cannot be made: {error}",
                    directory.display()
                ))
            })
        }
        _ => Ok(()),
    }
}

/// The pool's own troubles, at a level that does not flood the log while a
/// server is away: the caller that waits for a connection gets an error itself.
#[derive(Debug)]
struct Logged;

impl<E: std::error::Error> diesel::r2d2::HandleError<E> for Logged {
    fn handle_error(&self, error: E) {
        tracing::debug!(%error, "a connection to the database failed");
    }
}
