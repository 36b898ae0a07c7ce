//! The revisions that every verification asks for, kept as long as nothing is written.

use std::{
    collections::HashMap,
    ffi::OsString,
    fs::{File, Metadata},
    os::unix::fs::MetadataExt as _,
    path::Path,
    time::{Duration, Instant},
};

use diesel::prelude::*;
use model::id::{Slug, StatusListId};

use crate::{
    Registry, RegistryError,
    db::Db,
    error::parsed,
    open::held,
    schema::{catalogue_state, status_lists},
};

/// For how long what was asked is told again at most. What this process writes is seen at
/// once, and what another writes mostly too: it makes the write-ahead log another file. But
/// its last pages are in the log before they count.
const LASTS: Duration = Duration::from_secs(1);
/// Lists whose revisions are kept at most.
const MOST: usize = 4_096;

/// Revisions as of one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revisions {
    /// Of the catalogue.
    pub catalogue: i64,
    /// Of the list that was asked for, with its issuer, if it is one of those of credentials.
    pub list: Option<(Slug, i64)>,
}

/// What tells that the file may hold something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct State {
    /// How often this process had its turn to write.
    turns: u64,
    /// Of the write-ahead log: which file it is, how long, and when it was last written.
    log: (u64, u64, i64, i64),
}

/// What was asked last, and the write-ahead log as it was found by its name.
#[derive(Default)]
pub(crate) struct Kept {
    log: Option<File>,
    asked: Option<Asked>,
}

/// What was asked while the file was in one state.
struct Asked {
    state: State,
    at: Instant,
    catalogue: i64,
    lists: HashMap<StatusListId, (Slug, i64)>,
}

impl Registry {
    /// The revision of the catalogue, and of a list, where nothing is to be waited for but a
    /// page or two of the file: `None` of a server, and while every connection is busy.
    pub fn revisions_at_once(&self, list: Option<StatusListId>) -> Option<Revisions> {
        // Before asking: what is written meanwhile must not count as asked.
        let state = {
            let mut kept = held(self.revisions());
            let state = State { turns: self.turns(), log: kept.log(self.file()?)? };
            if let Some(told) = kept.asked.as_ref().and_then(|asked| asked.tell(&state, list)) {
                return Some(told);
            }
            state
        };
        let mut connection = self.free_connection()?;
        let found = ask(&mut connection.db, list);
        connection.worked(found.is_ok());
        let found = found.ok()?;
        held(self.revisions()).remember(state, list, &found);
        Some(found)
    }
}

impl Kept {
    /// Of the write-ahead log of `file`: which it is, how long, and when it was last written.
    /// It is not looked up by its name each time; one that was deleted, when nobody had the
    /// database open, is not the one that is written now.
    fn log(&mut self, file: &Path) -> Option<(u64, u64, i64, i64)> {
        let look = |log: &File| log.metadata().ok().filter(|log| log.nlink() > 0);
        let found: Metadata = if let Some(found) = self.log.as_ref().and_then(look) {
            found
        } else {
            let mut name = OsString::from(file);
            name.push("-wal");
            look(self.log.insert(File::open(name).ok()?))?
        };
        Some((found.ino(), found.len(), found.mtime(), found.mtime_nsec()))
    }

    fn remember(&mut self, state: State, list: Option<StatusListId>, found: &Revisions) {
        let asked = match &mut self.asked {
            Some(asked) if asked.is_of(&state) && asked.catalogue == found.catalogue => asked,
            asked => asked.insert(Asked {
                state,
                at: Instant::now(),
                catalogue: found.catalogue,
                lists: HashMap::new(),
            }),
        };
        if let (Some(list), Some(revision)) = (list, &found.list)
            && asked.lists.len() < MOST
        {
            asked.lists.insert(list, revision.clone());
        }
    }
}

impl Asked {
    fn is_of(&self, state: &State) -> bool {
        self.state == *state && self.at.elapsed() < LASTS
    }

    fn tell(&self, state: &State, list: Option<StatusListId>) -> Option<Revisions> {
        if !self.is_of(state) {
            return None;
        }
        let list = match list {
            Some(list) => Some(self.lists.get(&list)?.clone()),
            None => None,
        };
        Some(Revisions { catalogue: self.catalogue, list })
    }
}

fn ask(db: &mut Db, list: Option<StatusListId>) -> Result<Revisions, RegistryError> {
    let catalogue = || catalogue_state::table.select(catalogue_state::revision);
    if let Some(list) = list {
        let name = list.to_string();
        let columns = (status_lists::issuer, status_lists::revision, catalogue().single_value());
        let found: Option<(String, i64, Option<i64>)> =
            status_lists::table.find(&name).select(columns).first(db).optional()?;
        if let Some((issuer, revision, Some(catalogue))) = found {
            let issuer = parsed("status_lists", &name, &issuer)?;
            return Ok(Revisions { catalogue, list: Some((issuer, revision)) });
        }
    }
    Ok(Revisions { catalogue: catalogue().first(db)?, list: None })
}
