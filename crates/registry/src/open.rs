//! Opening the registry.

use crate::RegistryError;

/// Which database holds the registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// PostgreSQL 15 or later.
    Postgres,
    /// `SQLite`, in one file.
    Sqlite,
}

/// How to open a registry.
#[derive(Clone)]
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
pub struct Registry {}

impl Registry {
    /// Opens `url`: `sqlite://PATH` (the file and its directory are made when
    /// absent) or `postgres://…`. Does not migrate.
    pub fn open(url: &str, options: Options) -> Result<Self, RegistryError> {
        let _ = (url, options);
        todo!()
    }

    /// Brings the tables up to date, under a lock, so that several processes may
    /// start at once. Returns the names of the migrations that were run.
    pub fn migrate(&self) -> Result<Vec<String>, RegistryError> {
        todo!()
    }

    /// The migrations that have not been run.
    pub fn pending_migrations(&self) -> Result<Vec<String>, RegistryError> {
        todo!()
    }

    /// Whether the database answers.
    pub fn ping(&self) -> Result<(), RegistryError> {
        todo!()
    }

    /// Which database this is.
    pub fn backend(&self) -> Backend {
        todo!()
    }
}
