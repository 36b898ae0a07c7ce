//! Opening the registry.

use std::{
    collections::HashSet,
    path::Path,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use diesel::{
    connection::SimpleConnection,
    r2d2::{Pool, PooledConnection, R2D2Connection},
};

use crate::{
    RegistryError,
    checkpoint::Checkpoints,
    db::{Access, Db, transaction},
    digest::Digests,
    place::Stock,
    pool::{Kept, Logged, Manager, PATIENCE, Target},
    pulse::Pulse,
    revisions,
    sealing::Wrapping,
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
    /// The secret under which each person's key is sealed (`docs/erasure.md`). It must
    /// stay the same for as long as the database lives.
    pub sealing_key: [u8; 32],
}

/// A handle on the database; cheap to clone.
#[derive(Clone)]
pub struct Registry {
    inner: Arc<Inner>,
}

struct Inner {
    pool: Pool<Manager>,
    target: Target,
    read_only: bool,
    digests: Digests,
    wrapping: Wrapping,
    stock: Stock,
    /// How many rows were drafted: their identifiers sort in this order within a second.
    drafts: AtomicUsize,
    published: Mutex<HashSet<String>>,
    /// `SQLite` has one writer. Its own waiting sleeps and is unfair; this queue is neither.
    /// Its connection is always the same: what it holds in memory stays true from one
    /// transaction to the next, which what another connection writes would end.
    writer: parking_lot::Mutex<Option<Kept>>,
    /// How often somebody had their turn to write.
    turns: AtomicU64,
    revisions: Mutex<revisions::Kept>,
    checkpoints: Checkpoints,
    /// How often a writer has waited in vain for another process.
    locked_out: AtomicU64,
    pulse: OnceLock<Pulse>,
}

/// How long a transaction waits for the one writer of `SQLite` in this process;
/// `busy_timeout` bounds the wait for another process.
pub(crate) const TURN: Duration = Duration::from_secs(4);

impl Registry {
    /// Opens `url`: `sqlite://PATH` (the file and its directory are made when
    /// absent) or `postgres://…`. Does not migrate, and does not insist that a
    /// server answers yet.
    pub fn open(url: &str, options: Options) -> Result<Self, RegistryError> {
        let target = Target::parse(url)?;
        if let Target::Sqlite(path) = &target {
            make_directory_of(path)?;
        }
        Ok(Self::of(target, options, false))
    }

    /// The same to read from and nothing else: a streaming replica, or a database that
    /// this process is not to change. What would write is refused
    /// ([`RegistryError::ReadOnly`]).
    pub fn open_to_read(url: &str, options: Options) -> Result<Self, RegistryError> {
        Ok(Self::of(Target::parse(url)?, options, true))
    }

    fn of(target: Target, options: Options, read_only: bool) -> Self {
        let pool = Pool::builder()
            .max_size(options.pool_size.max(1))
            // None ahead of need: a command that ends while libpq is still connecting on a
            // thread of the pool dies in the clean-up of the libraries below it.
            .min_idle(Some(0))
            .connection_timeout(PATIENCE)
            .test_on_check_out(matches!(target, Target::Postgres(_)))
            .error_handler(Box::new(Logged))
            .build_unchecked(Manager::of(target.clone(), read_only));
        Self {
            inner: Arc::new(Inner {
                pool,
                target,
                read_only,
                digests: Digests::new(&options.digest_key),
                wrapping: Wrapping::new(&options.sealing_key),
                stock: Stock::default(),
                drafts: AtomicUsize::new(0),
                published: Mutex::default(),
                writer: parking_lot::Mutex::default(),
                turns: AtomicU64::new(0),
                revisions: Mutex::default(),
                checkpoints: Checkpoints::default(),
                locked_out: AtomicU64::new(0),
                pulse: OnceLock::new(),
            }),
        }
    }

    /// Whether it can only be read from.
    pub fn is_read_only(&self) -> bool {
        self.inner.read_only
    }

    /// Asks the database for an answer.
    pub fn ping(&self) -> Result<(), RegistryError> {
        self.read(|db| Ok(db.ping()?))
    }

    /// Whether the database answers, without waiting for it. From the first call on
    /// a thread asks a PostgreSQL server twice a second; a server that keeps it
    /// waiting for two seconds does not answer, and then every other call says
    /// [`RegistryError::Unavailable`] at once. A file always answers.
    pub fn answers(&self) -> bool {
        match self.backend() {
            Backend::Sqlite => true,
            Backend::Postgres => self
                .inner
                .pulse
                .get_or_init(|| Pulse::start(Manager::of(self.inner.target.clone(), self.inner.read_only)))
                .answers(),
        }
    }

    /// Which database this is.
    pub fn backend(&self) -> Backend {
        match self.inner.target {
            Target::Postgres(_) => Backend::Postgres,
            Target::Sqlite(_) => Backend::Sqlite,
        }
    }

    pub(crate) fn digests(&self) -> &Digests {
        &self.inner.digests
    }

    pub(crate) fn wrapping(&self) -> &Wrapping {
        &self.inner.wrapping
    }

    pub(crate) fn stock(&self) -> &Stock {
        &self.inner.stock
    }

    /// How often this process has had its turn to write to the file.
    pub(crate) fn turns(&self) -> u64 {
        self.inner.turns.load(Ordering::Acquire)
    }

    pub(crate) fn revisions(&self) -> &Mutex<revisions::Kept> {
        &self.inner.revisions
    }

    /// The number of the next row that is drafted.
    pub(crate) fn draft_number(&self) -> usize {
        self.inner.drafts.fetch_add(1, Ordering::Relaxed)
    }

    /// Names known to be published. Rows behind them are never deleted, so a name
    /// once seen needs no second look.
    pub(crate) fn published(&self) -> MutexGuard<'_, HashSet<String>> {
        held(&self.inner.published)
    }

    /// Runs statements that need no transaction around them.
    pub(crate) fn read<T>(
        &self,
        work: impl FnOnce(&mut Db) -> Result<T, RegistryError>,
    ) -> Result<T, RegistryError> {
        let mut kept = self.connection()?;
        let result = work(&mut kept.db);
        kept.worked(result.is_ok());
        result
    }

    /// Runs reads that must agree with each other.
    pub(crate) fn snapshot<T>(
        &self,
        work: impl FnOnce(&mut Db) -> Result<T, RegistryError>,
    ) -> Result<T, RegistryError> {
        self.read(|db| transaction(db, Access::Snapshot, work))
    }

    /// Runs a transaction that writes.
    pub(crate) fn write<T>(
        &self,
        work: impl FnOnce(&mut Db) -> Result<T, RegistryError>,
    ) -> Result<T, RegistryError> {
        self.write_with(Access::Write, work)
    }

    /// The same where losing it with the power does no harm but that it is done once more.
    pub(crate) fn write_lightly<T>(
        &self,
        work: impl FnOnce(&mut Db) -> Result<T, RegistryError>,
    ) -> Result<T, RegistryError> {
        self.write_with(Access::WriteLightly, work)
    }

    fn write_with<T>(
        &self,
        access: Access,
        work: impl FnOnce(&mut Db) -> Result<T, RegistryError>,
    ) -> Result<T, RegistryError> {
        if self.inner.read_only {
            return Err(RegistryError::ReadOnly);
        }
        if self.backend() == Backend::Postgres {
            return self.read(|db| transaction(db, access, work));
        }
        let result = self.in_turn(|db| {
            let mut began = false;
            let result = transaction(db, access, |db| {
                began = true;
                work(db)
            });
            if !began {
                self.inner.locked_out.fetch_add(1, Ordering::Relaxed);
            }
            result
        });
        self.inner.checkpoints.after_writing(self);
        result
    }

    /// Runs a transaction that writes, and of which nothing that it deletes or replaces may
    /// stay on any page of the file. PostgreSQL needs [`scrub`](Self::scrub) for that.
    pub(crate) fn write_over<T>(
        &self,
        work: impl FnOnce(&mut Db) -> Result<T, RegistryError>,
    ) -> Result<T, RegistryError> {
        self.write(|db| {
            overwriting(db, "ON")?;
            let result = work(db);
            overwriting(db, "FAST")?;
            result
        })
    }

    /// Does `work` on the one connection of `SQLite` that writes, once it is free.
    pub(crate) fn in_turn<T>(
        &self,
        work: impl FnOnce(&mut Db) -> Result<T, RegistryError>,
    ) -> Result<T, RegistryError> {
        let locked_out = || self.inner.locked_out.load(Ordering::Relaxed);
        let before = locked_out();
        let mut writer = self.inner.writer.try_lock_for(TURN).ok_or_else(busy)?;
        if locked_out() != before {
            // The one before waited in vain, and this one as long.
            return Err(busy());
        }
        // Taken out, so that a panic leaves none behind in the midst of a transaction.
        let mut kept = if let Some(kept) = writer.take() {
            kept
        } else {
            // The first connection to a new file makes it one with a write-ahead log, which
            // two cannot do at once.
            drop(self.connection()?);
            let manager = Manager::of(self.inner.target.clone(), false);
            manager.connect_to_write().map_err(|error| RegistryError::Unavailable(error.to_string()))?
        };
        let result = work(&mut kept.db);
        self.inner.turns.fetch_add(1, Ordering::Release);
        if !kept.db.is_broken() {
            *writer = Some(kept);
        }
        result
    }

    /// The file of `SQLite`.
    pub(crate) fn file(&self) -> Option<&Path> {
        match &self.inner.target {
            Target::Sqlite(path) => Some(Path::new(path)),
            Target::Postgres(_) => None,
        }
    }

    /// A connection that nobody needs now, made if there may be one more.
    pub(crate) fn idle_connection(&self) -> Option<PooledConnection<Manager>> {
        let state = self.inner.pool.state();
        let may_be_made = state.connections < self.inner.pool.max_size();
        if state.idle_connections == 0 && !may_be_made { None } else { self.connection().ok() }
    }

    /// A connection that nobody needs now and that is there.
    pub(crate) fn free_connection(&self) -> Option<PooledConnection<Manager>> {
        self.inner.pool.try_get()
    }

    pub(crate) fn connection(&self) -> Result<PooledConnection<Manager>, RegistryError> {
        if self.inner.pulse.get().is_some_and(|pulse| !pulse.answers()) {
            return Err(RegistryError::Unavailable("the server does not answer".to_owned()));
        }
        self.inner.pool.get().map_err(|error| RegistryError::Unavailable(error.to_string()))
    }
}

fn overwriting(db: &mut Db, how: &str) -> Result<(), RegistryError> {
    match db {
        Db::Sqlite(connection) => Ok(connection.batch_execute(&format!("PRAGMA secure_delete = {how}"))?),
        Db::Postgres(_) => Ok(()),
    }
}

pub(crate) fn busy() -> RegistryError {
    RegistryError::Unavailable("other transactions are being written".to_owned())
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
