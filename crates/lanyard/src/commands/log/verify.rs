use std::{collections::BTreeMap, fs};

use proof::log::{Checkpoint, Edge, Hash, SignedNote, TILE_WIDTH, Tile, VerifierKey, leaf_hash};
use registry::LogEntry;

use super::{kept, source::Source};
use crate::{cli::VerifyLog, context::Context, error::CommandError, output::say, settings::Settings};

/// Recomputes a log from its entries. Refused when anything is not as it was signed.
pub fn run(settings: Settings, arguments: &VerifyLog) -> Result<(), CommandError> {
    let key = arguments.key.as_deref().map(str::parse).transpose();
    let key: Option<VerifierKey> = key.map_err(|error| CommandError::Usage(format!("--key: {error}")))?;
    if let Some(place) = &arguments.place {
        let key = key.ok_or_else(|| {
            CommandError::Usage(
                "--key: without the log's key nothing is proved; its keeper tells it".to_owned(),
            )
        })?;
        return verify(&Source::of(place, settings.mode)?, &[key], arguments);
    }
    let context = Context::open(settings)?;
    let keys = key.map_or_else(|| context.service.log_keys(), |key| vec![key]);
    verify(&Source::Own(&context.service), &keys, arguments)
}

fn verify(source: &Source<'_>, keys: &[VerifierKey], arguments: &VerifyLog) -> Result<(), CommandError> {
    let note = source.checkpoint()?;
    let stated = signed(&note, keys)?;
    let mut to_meet = vec![(stated.size, stated.root, "the checkpoint".to_owned())];
    for path in &arguments.since {
        let earlier = signed(&kept(path)?, keys)?;
        if earlier.size > stated.size {
            return refused(&format!(
                "the log has {} entries, and {} were signed before ({}): it was cut, or an old backup is in its place",
                stated.size,
                earlier.size,
                path.display()
            ));
        }
        to_meet.push((earlier.size, earlier.root, path.display().to_string()));
    }
    let mut replay = Replay { source, edge: Edge::default(), kinds: BTreeMap::new() };
    to_meet.sort_by_key(|(size, ..)| *size);
    for (size, root, place) in to_meet {
        let recomputed = replay.grow_to(size, stated.size)?;
        if recomputed != root {
            return refused(&format!(
                "the first {size} entries do not give the root that was signed ({place})"
            ));
        }
    }
    replay.compare_partial()?;
    say(format_args!("{}: {} entries, as they were signed", stated.origin, stated.size));
    for (kind, count) in &replay.kinds {
        say(format_args!("  {count:>9}  {kind}"));
    }
    if let Some(path) = &arguments.keep {
        fs::write(path, note.to_string()).map_err(|error| CommandError::file(path, error))?;
    }
    Ok(())
}

/// What one of the keys signed.
fn signed(note: &SignedNote, keys: &[VerifierKey]) -> Result<Checkpoint, CommandError> {
    let stated = Checkpoint::of(note)?;
    for key in keys.iter().filter(|key| key.name() == stated.origin) {
        if note.is_signed_by(key)? {
            return Ok(stated);
        }
    }
    Err(CommandError::Usage(format!("the checkpoint of `{}` is not signed by the log's key", stated.origin)))
}

struct Replay<'a> {
    source: &'a Source<'a>,
    edge: Edge,
    kinds: BTreeMap<String, u64>,
}

impl Replay<'_> {
    /// Adds entries up to `size`, of a log that has `whole`, and gives the root.
    fn grow_to(&mut self, size: u64, whole: u64) -> Result<Hash, CommandError> {
        while self.edge.size() < size {
            let index = self.edge.size() / TILE_WIDTH;
            let width = u16::try_from((whole - index * TILE_WIDTH).min(TILE_WIDTH)).unwrap_or(256);
            let entries = self.source.entries(index, width)?;
            let first = usize::try_from(self.edge.size() % TILE_WIDTH).unwrap_or(0);
            let most = usize::try_from(size - self.edge.size()).unwrap_or(usize::MAX);
            for entry in entries.iter().skip(first).take(most) {
                let kind = LogEntry::from_bytes(entry).map_or("other entries", |entry| entry.kind.as_str());
                *self.kinds.entry(kind.to_owned()).or_default() += 1;
                let mut full = Vec::new();
                self.edge.push(leaf_hash(entry), &mut |tile, hashes| full.push((tile, hashes.to_vec())));
                for (tile, hashes) in full {
                    self.compare(tile, &hashes)?;
                }
            }
        }
        Ok(self.edge.root())
    }

    fn compare_partial(&self) -> Result<(), CommandError> {
        self.edge.partial().try_for_each(|(tile, hashes)| self.compare(tile, hashes))
    }

    fn compare(&self, tile: Tile, expected: &[Hash]) -> Result<(), CommandError> {
        if self.source.tile(tile)? == expected {
            Ok(())
        } else {
            refused(&format!("{tile} does not hold the hashes of the entries"))
        }
    }
}

fn refused<T>(what: &str) -> Result<T, CommandError> {
    say(format_args!("WRONG  {what}"));
    Err(CommandError::Refused)
}
