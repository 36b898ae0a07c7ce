//! A tree grows: from what is stored of it and what is added, to what is stored
//! then and what is signed.

use std::collections::HashMap;

use proof::log::{
    Checkpoint, Edge, Hash, SignedNote, TILE_WIDTH, Tile, TileReader, VerifierKey, entries_of, leaf_hash,
    push_entry, verify_consistency,
};
use registry::{GrownBundle, GrownTile, Growth, LogHead, LogView, RegistryError};
use signing::{Key, KeyPurpose, KeySet};

use super::{broken, hashes, keys::verifier};

/// Who signs, and under what name.
pub(super) struct Grower<'a> {
    pub keys: &'a KeySet,
    pub origin: String,
    /// The last checkpoint as it is kept away from the database.
    pub kept: Option<SignedNote>,
}

impl Grower<'_> {
    /// The log after `bundle` was added. Nothing is signed that does not begin
    /// with what was signed last, here or as it is kept.
    pub(super) fn grow(
        &self,
        head: &LogHead,
        view: &mut LogView<'_>,
        bundle: &[u8],
    ) -> Result<Growth, RegistryError> {
        let last = self.last(head)?;
        let mut edge = Edge::read(head.size, |tile| {
            view.tile(tile.level, tile.index).and_then(|stored| hashes(tile, stored)).map_err(Fault)
        })?;
        if edge.root() != last.as_ref().map_or_else(Hash::of_nothing, |last| last.root) {
            return Err(RegistryError::Log("its tiles do not give the root that was signed".to_owned()));
        }
        self.expect_kept(head.size, &mut |tile| hashes(tile, view.tile(tile.level, tile.index)?))?;

        let mut grown = Grown::new(&edge, view)?;
        for entry in entries_of(bundle).map_err(broken)? {
            grown.push(&mut edge, entry)?;
        }
        let (tiles, bundles) = grown.finish(&edge);
        let new = Checkpoint { origin: self.origin.clone(), size: edge.size(), root: edge.root() };
        expect_consistent(last.as_ref(), &new, &tiles, view)?;
        let tiles = tiles.into_iter().map(|(tile, hashes)| GrownTile {
            level: tile.level,
            place: tile.index,
            width: tile.width,
            hashes: hashes.iter().flat_map(|hash| hash.0).collect(),
        });
        Ok(Growth {
            size: new.size,
            root: new.root.to_string(),
            note: self.sign(&new)?.to_string(),
            tiles: tiles.collect(),
            bundles,
        })
    }

    /// The last checkpoint, if one of the log's keys signed it.
    fn last(&self, head: &LogHead) -> Result<Option<Checkpoint>, RegistryError> {
        let Some(note) = &head.note else { return Ok(None) };
        let note: SignedNote = note.parse().map_err(broken)?;
        self.read_signed(&note).map(Some)
    }

    pub(super) fn read_signed(&self, note: &SignedNote) -> Result<Checkpoint, RegistryError> {
        let checkpoint = Checkpoint::of(note).map_err(broken)?;
        for key in self.keys.for_purpose(KeyPurpose::Log) {
            let verifier = verifier(key.record())?;
            if verifier.name() == checkpoint.origin && note.is_signed_by(&verifier).map_err(broken)? {
                return Ok(checkpoint);
            }
        }
        Err(RegistryError::Log(format!(
            "the checkpoint of {} entries is not signed by its key",
            checkpoint.size
        )))
    }

    /// What is kept away from the database must be the beginning of what is in it.
    pub(super) fn expect_kept(
        &self,
        size: u64,
        read: &mut dyn FnMut(Tile) -> Result<Vec<Hash>, RegistryError>,
    ) -> Result<(), RegistryError> {
        let Some(kept) = &self.kept else { return Ok(()) };
        let kept = self.read_signed(kept)?;
        if kept.origin != self.origin {
            // That log has ended.
            return Ok(());
        }
        if kept.size > size {
            return Err(RegistryError::Log(format!(
                "the database has {size} entries of it, and {} were signed: an old backup is in its place",
                kept.size
            )));
        }
        let mut reader = TileReader::new(size, |tile| read(tile).map_err(Fault));
        if reader.root(kept.size)? == kept.root {
            Ok(())
        } else {
            Err(RegistryError::Log(format!(
                "another tree of {} entries was signed than the database has: it was changed, or restored",
                kept.size
            )))
        }
    }

    fn sign(&self, checkpoint: &Checkpoint) -> Result<SignedNote, RegistryError> {
        let key: &Key = self
            .keys
            .active_for(KeyPurpose::Log)
            .ok_or_else(|| RegistryError::Log("it has no key in force".to_owned()))?;
        let verifier: VerifierKey = verifier(key.record())?;
        let text = checkpoint.to_string();
        let signature = key
            .sign_statement(KeyPurpose::Log, text.as_bytes())
            .map_err(|error| RegistryError::Log(error.to_string()))?;
        let note = SignedNote::new(text, vec![verifier.signature(signature.to_vec())]).map_err(broken)?;
        note.expect_signed_by(&verifier).map_err(broken)?;
        Ok(note)
    }
}

/// Lets what reads for [`Edge`] and [`TileReader`] fail as the registry does.
struct Fault(RegistryError);

impl From<proof::log::LogError> for Fault {
    fn from(error: proof::log::LogError) -> Self {
        Self(broken(error))
    }
}

impl From<Fault> for RegistryError {
    fn from(fault: Fault) -> Self {
        fault.0
    }
}

/// What is new or has grown.
struct Grown {
    tiles: HashMap<Tile, Vec<Hash>>,
    bundles: Vec<GrownBundle>,
}

impl Grown {
    /// Begins with the bundle that is not full yet.
    fn new(edge: &Edge, view: &mut LogView<'_>) -> Result<Self, RegistryError> {
        let place = edge.size() / TILE_WIDTH;
        let width = u16::try_from(edge.size() % TILE_WIDTH).unwrap_or(0);
        let mut bundles = Vec::new();
        if width > 0 {
            let stored = view.bundle(place)?.filter(|stored| stored.width == width);
            let stored = stored
                .ok_or_else(|| RegistryError::Log(format!("its bundle {place} is not as wide as it was")))?;
            bundles.push(GrownBundle { place, width, entries: stored.entries });
        }
        Ok(Self { tiles: HashMap::new(), bundles })
    }

    fn push(&mut self, edge: &mut Edge, entry: &[u8]) -> Result<(), RegistryError> {
        let place = edge.size() / TILE_WIDTH;
        if self.bundles.last().is_none_or(|bundle| bundle.place != place) {
            self.bundles.push(GrownBundle { place, width: 0, entries: Vec::new() });
        }
        if let Some(bundle) = self.bundles.last_mut() {
            bundle.width += 1;
            push_entry(&mut bundle.entries, entry).map_err(broken)?;
        }
        edge.push(leaf_hash(entry), &mut |tile, hashes| {
            self.tiles.insert(tile, hashes.to_vec());
        });
        Ok(())
    }

    fn finish(mut self, edge: &Edge) -> (HashMap<Tile, Vec<Hash>>, Vec<GrownBundle>) {
        self.tiles.extend(edge.partial().map(|(tile, hashes)| (tile, hashes.to_vec())));
        (self.tiles, self.bundles)
    }
}

/// The proof that anybody could ask for, made and checked before anything is signed.
fn expect_consistent(
    last: Option<&Checkpoint>,
    new: &Checkpoint,
    tiles: &HashMap<Tile, Vec<Hash>>,
    view: &mut LogView<'_>,
) -> Result<(), RegistryError> {
    let Some(last) = last else { return Ok(()) };
    let mut reader = TileReader::new(new.size, |tile: Tile| match tiles.get(&tile) {
        Some(hashes) => Ok(hashes.clone()),
        None => view.tile(tile.level, tile.index).and_then(|stored| hashes(tile, stored)).map_err(Fault),
    });
    let proof = reader.consistency(last.size, new.size)?;
    verify_consistency(last.size, new.size, &last.root, &new.root, &proof).map_err(broken)
}
