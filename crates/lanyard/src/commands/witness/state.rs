//! What the witness saw last, in a file: a checkpoint as the log signed it.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use proof::log::SignedNote;

use crate::error::CommandError;

pub struct State {
    path: PathBuf,
    seen: Mutex<Option<SignedNote>>,
    turn: Mutex<()>,
    /// Held for as long as this witness runs: two on one file would cosign two trees.
    _lock: fs::File,
}

impl State {
    pub fn open(path: &Path) -> Result<Self, CommandError> {
        let failed = |error| CommandError::file(path, error);
        let lock = path.with_extension("lock");
        let lock = fs::File::create(&lock).map_err(|error| CommandError::file(&lock, error))?;
        lock.try_lock().map_err(|_| {
            CommandError::Usage(format!("{}: another witness is at work with this file", path.display()))
        })?;
        let seen = match fs::read_to_string(path) {
            Ok(text) => {
                let note = text.parse();
                Some(note.map_err(|error| CommandError::Usage(format!("{}: {error}", path.display())))?)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(failed(error)),
        };
        Ok(Self { path: path.to_owned(), seen: Mutex::new(seen), turn: Mutex::new(()), _lock: lock })
    }

    /// Makes judging and keeping one step.
    pub fn hold(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn seen(&self) -> Option<SignedNote> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Keeps a checkpoint: there whole or not at all, after a crash too.
    pub fn keep(&self, note: &SignedNote) -> Result<(), CommandError> {
        let temporary = self.path.with_extension("tmp");
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let written = fs::File::create(&temporary)
            .and_then(|mut file| {
                file.write_all(note.to_string().as_bytes())?;
                file.sync_all()
            })
            .and_then(|()| fs::rename(&temporary, &self.path))
            .and_then(|()| fs::File::open(folder.unwrap_or(Path::new(".")))?.sync_all());
        written.map_err(|error| CommandError::file(&self.path, error))?;
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(note.clone());
        Ok(())
    }
}
