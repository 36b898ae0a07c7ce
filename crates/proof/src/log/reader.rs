use std::collections::HashMap;

use super::{
    Hash, LogError, Tile,
    edge::perfect_root,
    range::{self, Perfect, Range},
    tile::TILE_WIDTH,
};

/// Makes proofs of a tree from its tiles.
pub struct TileReader<F> {
    size: u64,
    fetch: F,
    seen: HashMap<Tile, Vec<Hash>>,
}

impl<F> TileReader<F> {
    /// Of a tree of `size` entries whose tiles `fetch` gives. What it gives is
    /// believed: check the proofs that come of it.
    pub fn new<E>(size: u64, fetch: F) -> Self
    where
        F: FnMut(Tile) -> Result<Vec<Hash>, E>,
    {
        Self { size, fetch, seen: HashMap::new() }
    }

    /// The root of the tree as it was at `size` entries.
    pub fn root<E>(&mut self, size: u64) -> Result<Hash, E>
    where
        E: From<LogError>,
        F: FnMut(Tile) -> Result<Vec<Hash>, E>,
    {
        self.within(size)?;
        self.range(Range { start: 0, end: size })
    }

    /// The proof that the entry `index` is in the tree of `size` entries, for
    /// [`super::verify_inclusion`] (RFC 6962, 2.1.1).
    pub fn inclusion<E>(&mut self, index: u64, size: u64) -> Result<Vec<Hash>, E>
    where
        E: From<LogError>,
        F: FnMut(Tile) -> Result<Vec<Hash>, E>,
    {
        self.within(size)?;
        if index >= size {
            return Err(LogError::Outside(index, size).into());
        }
        range::inclusion(index, size).into_iter().map(|range| self.range(range)).collect()
    }

    /// The proof that the tree of `new` entries begins with the tree of `old`,
    /// for [`super::verify_consistency`] (RFC 6962, 2.1.2).
    pub fn consistency<E>(&mut self, old: u64, new: u64) -> Result<Vec<Hash>, E>
    where
        E: From<LogError>,
        F: FnMut(Tile) -> Result<Vec<Hash>, E>,
    {
        self.within(new)?;
        if old > new {
            return Err(LogError::Outside(old, new).into());
        }
        range::consistency(old, new).into_iter().map(|range| self.range(range)).collect()
    }

    fn within(&self, size: u64) -> Result<(), LogError> {
        if size > self.size || size > range::LARGEST {
            return Err(LogError::Outside(size, self.size));
        }
        Ok(())
    }

    fn range<E>(&mut self, range: Range) -> Result<Hash, E>
    where
        E: From<LogError>,
        F: FnMut(Tile) -> Result<Vec<Hash>, E>,
    {
        let parts =
            range.perfect().into_iter().map(|part| self.perfect(part)).collect::<Result<Vec<_>, E>>()?;
        Ok(range::joined(&parts))
    }

    /// Of the tile that has its root or what is below it, side by side.
    fn perfect<E>(&mut self, part: Perfect) -> Result<Hash, E>
    where
        E: From<LogError>,
        F: FnMut(Tile) -> Result<Vec<Hash>, E>,
    {
        let level = u8::try_from(part.height / 8).unwrap_or(u8::MAX);
        let first = part.index << (part.height % 8);
        let absent = || LogError::Outside(first, self.size);
        let tile = Tile::in_tree(level, first / TILE_WIDTH, self.size).ok_or_else(absent)?;
        if !self.seen.contains_key(&tile) {
            let hashes = (self.fetch)(tile)?;
            self.seen.insert(tile, hashes);
        }
        let start = usize::try_from(first % TILE_WIDTH).unwrap_or(usize::MAX);
        let hashes = self.seen.get(&tile).map(Vec::as_slice).unwrap_or_default();
        let hashes = hashes.get(start..start.saturating_add(1 << (part.height % 8)));
        Ok(perfect_root(hashes.ok_or_else(|| LogError::Tile(tile.to_string()))?))
    }
}
