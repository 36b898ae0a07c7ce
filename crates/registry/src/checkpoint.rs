//! The write-ahead log of `SQLite` goes back into its file.

use std::{
    ffi::OsString,
    fs,
    path::Path,
    sync::atomic::{AtomicU32, Ordering},
};

use diesel::connection::SimpleConnection;

use crate::{Registry, RegistryError, db::Db};

/// How many transactions pass before the log is looked at: what they change is mostly the
/// same pages, which are then written back once.
const TRANSACTIONS: u32 = 24;
/// A log that is smaller than this many bytes can wait.
const WORTH_IT: u64 = 16 * 1024 * 1024;

/// When the log was last brought home. Left to itself `SQLite` does that within a commit,
/// while everybody else who writes waits.
#[derive(Default)]
pub(crate) struct Checkpoints {
    transactions: AtomicU32,
    running: parking_lot::Mutex<()>,
}

impl Checkpoints {
    /// Brings the log home if it is time. Most of it while others write; then what they
    /// have written meanwhile while nobody does, for only a log that is home to its last
    /// page begins anew.
    pub(crate) fn after_writing(&self, registry: &Registry) {
        if self.transactions.fetch_add(1, Ordering::Relaxed) < TRANSACTIONS {
            return;
        }
        let Some(_running) = self.running.try_lock() else { return };
        self.transactions.store(0, Ordering::Relaxed);
        if !registry.file().is_some_and(is_worth_it) {
            return;
        }
        let done = registry.read(checkpoint).and_then(|()| registry.in_turn(checkpoint));
        if let Err(error) = done {
            // The next one, or a commit, brings more home.
            tracing::debug!(%error, "the write-ahead log stays where it is");
        }
    }
}

fn is_worth_it(file: &Path) -> bool {
    let mut log = OsString::from(file);
    log.push("-wal");
    fs::metadata(log).is_ok_and(|log| log.len() > WORTH_IT)
}

fn checkpoint(db: &mut Db) -> Result<(), RegistryError> {
    match db {
        Db::Sqlite(connection) => Ok(connection.batch_execute("PRAGMA wal_checkpoint(PASSIVE)")?),
        Db::Postgres(_) => Ok(()),
    }
}
