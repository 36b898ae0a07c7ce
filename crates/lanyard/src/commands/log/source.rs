//! Where a log is read from.

use std::{fs, io, path::PathBuf};

use issuing::Service;
use proof::log::{Hash, LogError, Resource, SignedNote, TILE_WIDTH, Tile, entries_of};
use tokio::runtime::Runtime;
use verification::{Fetch as _, GuardedClient, Reach};

use crate::{error::CommandError, settings::Mode};

/// The most bytes of one answer: a bundle of the longest entries.
const LARGEST: usize = 256 * 65_537;

/// A log that is read.
pub enum Source<'a> {
    /// Over the network, below this address, without a trailing slash.
    Url(Box<Web>, String),
    /// From a folder with `checkpoint` and `tile/`, as any web server can serve it.
    Folder(PathBuf),
    /// From the service's own database.
    Own(&'a Service),
}

/// A client and what drives it.
pub struct Web {
    pub client: GuardedClient,
    pub runtime: Runtime,
}

impl Web {
    /// That reaches as far as the service may.
    pub fn new(mode: Mode) -> Result<Self, CommandError> {
        let reach = if mode == Mode::Development { Reach::Development } else { Reach::Public };
        let client = GuardedClient::new(reach).map_err(|error| CommandError::Usage(error.to_string()))?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        Ok(Self { client, runtime: runtime.map_err(CommandError::Server)? })
    }
}

impl Source<'static> {
    /// The log at a URL or in a folder.
    pub fn of(place: &str, mode: Mode) -> Result<Self, CommandError> {
        if place.starts_with("https://") || place.starts_with("http://") {
            let prefix = place.trim_end_matches('/').trim_end_matches("/checkpoint").to_owned();
            return Ok(Self::Url(Box::new(Web::new(mode)?), prefix));
        }
        Ok(Self::Folder(PathBuf::from(place)))
    }
}

impl Source<'_> {
    /// The last checkpoint.
    pub fn checkpoint(&self) -> Result<SignedNote, CommandError> {
        let bytes = self.get("checkpoint")?.ok_or_else(|| wrong("there is no checkpoint"))?;
        let text = String::from_utf8(bytes).map_err(|_| wrong("the checkpoint is not text"))?;
        text.parse().map_err(|error: LogError| wrong(error))
    }

    /// The hashes of a tile.
    pub fn tile(&self, tile: Tile) -> Result<Vec<Hash>, CommandError> {
        let full = Tile { width: 256, ..tile };
        let bytes = match self.get(&tile.to_string())? {
            Some(bytes) => Some(bytes),
            // A partial tile may be gone when the full one is there (tlog-tiles, «Partial Tiles»).
            None if !tile.is_full() => self.get(&full.to_string())?,
            None => None,
        };
        let bytes = bytes.ok_or_else(|| wrong(format!("{tile} is not there")))?;
        let beginning = bytes.get(..usize::from(tile.width) * 32).unwrap_or(&bytes);
        tile.read(beginning).map_err(wrong)
    }

    /// The entries of a bundle.
    pub fn entries(&self, index: u64, width: u16) -> Result<Vec<Vec<u8>>, CommandError> {
        let wanted = Resource::Entries { index, width };
        let bytes = match self.get(&wanted.to_string())? {
            Some(bytes) => Some(bytes),
            None if u64::from(width) < TILE_WIDTH => {
                self.get(&Resource::Entries { index, width: 256 }.to_string())?
            }
            None => None,
        };
        let bytes = bytes.ok_or_else(|| wrong(format!("{wanted} is not there")))?;
        let entries = entries_of(&bytes).map_err(wrong)?;
        if entries.len() < usize::from(width) {
            return Err(wrong(format!("{wanted} has only {} entries", entries.len())));
        }
        Ok(entries.into_iter().take(usize::from(width)).map(<[u8]>::to_vec).collect())
    }

    fn get(&self, path: &str) -> Result<Option<Vec<u8>>, CommandError> {
        match self {
            Self::Url(web, prefix) => {
                let url = format!("{prefix}/{path}");
                let fetched = web.runtime.block_on(web.client.fetch(&url, "*/*", LARGEST)).map_err(wrong)?;
                match fetched.status {
                    200 => Ok(Some(fetched.body.to_vec())),
                    404 | 410 => Ok(None),
                    other => Err(wrong(format!("{url} answers {other}"))),
                }
            }
            Self::Folder(folder) => {
                let file = folder.join(path);
                match fs::read(&file) {
                    Ok(bytes) => Ok(Some(bytes)),
                    Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
                    Err(error) => Err(CommandError::file(&file, error)),
                }
            }
            Self::Own(service) if path == "checkpoint" => {
                let note = service.log_checkpoint(None).map_err(wrong)?;
                Ok(note.map(|note| note.to_string().into_bytes()))
            }
            Self::Own(service) => {
                service.log_resource(Resource::from_path(path).map_err(wrong)?).map_err(wrong)
            }
        }
    }
}

impl From<LogError> for CommandError {
    fn from(error: LogError) -> Self {
        wrong(error)
    }
}

fn wrong(what: impl std::fmt::Display) -> CommandError {
    CommandError::Usage(format!("the log: {what}"))
}
