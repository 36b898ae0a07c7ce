use super::{
    Hash, LogError, Tile,
    range::{self, Range},
    tile::TILE_WIDTH,
};

/// The right edge of a tree: the hashes of its partial tiles, which are all that
/// is needed to give its root and to make it grow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edge {
    size: u64,
    /// By level, less than a tile of hashes each.
    levels: Vec<Vec<Hash>>,
}

impl Edge {
    /// The edge of a tree of `size` entries; `read` gives the hashes of a partial
    /// tile. What it gives is believed: compare [`Edge::root`].
    pub fn read<E: From<LogError>>(
        size: u64,
        mut read: impl FnMut(Tile) -> Result<Vec<Hash>, E>,
    ) -> Result<Self, E> {
        if size > range::LARGEST {
            return Err(LogError::Outside(size, range::LARGEST).into());
        }
        let mut levels = Vec::new();
        let mut hashes = size;
        while hashes > 0 {
            let level = u8::try_from(levels.len()).unwrap_or(u8::MAX);
            let found = match Tile::in_tree(level, hashes / TILE_WIDTH, size) {
                None => Vec::new(),
                Some(tile) => {
                    let found = read(tile)?;
                    if found.len() != usize::from(tile.width) {
                        return Err(LogError::Tile(tile.to_string()).into());
                    }
                    found
                }
            };
            levels.push(found);
            hashes /= TILE_WIDTH;
        }
        Ok(Self { size, levels })
    }

    /// How many entries the tree has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Its root (RFC 6962, 2.1).
    pub fn root(&self) -> Hash {
        let mut parts = Vec::new();
        for hashes in self.levels.iter().rev() {
            let all = Range { start: 0, end: u64::try_from(hashes.len()).unwrap_or(0) };
            for part in all.perfect() {
                let width = 1_usize << part.height;
                let start = usize::try_from(part.index << part.height).unwrap_or(0);
                parts.push(perfect_root(hashes.get(start..start + width).unwrap_or_default()));
            }
        }
        range::joined(&parts)
    }

    /// Adds an entry by its hash. `full` is handed every tile that becomes full.
    pub fn push(&mut self, leaf: Hash, full: &mut impl FnMut(Tile, &[Hash])) {
        let mut hash = leaf;
        let mut index = self.size / TILE_WIDTH;
        for level in 0..u8::MAX {
            let place = usize::from(level);
            if self.levels.len() == place {
                self.levels.push(Vec::new());
            }
            let Some(hashes) = self.levels.get_mut(place) else { break };
            hashes.push(hash);
            if hashes.len() < usize::from(u8::MAX) + 1 {
                break;
            }
            full(Tile { level, index, width: 256 }, hashes);
            hash = perfect_root(hashes);
            hashes.clear();
            index /= TILE_WIDTH;
        }
        self.size += 1;
    }

    /// The partial tiles, lowest level first.
    pub fn partial(&self) -> impl Iterator<Item = (Tile, &[Hash])> {
        let place = |(level, hashes): (usize, _)| {
            let level = u8::try_from(level).ok()?;
            let index = self.size.checked_shr(u32::from(level) * 8 + 8).unwrap_or(0);
            Some((Tile::in_tree(level, index, self.size)?, hashes))
        };
        self.levels.iter().map(Vec::as_slice).enumerate().filter_map(place)
    }
}

/// The root of a perfect tree over these hashes, whose number is a power of two.
pub(super) fn perfect_root(hashes: &[Hash]) -> Hash {
    let mut row = hashes.to_vec();
    while row.len() > 1 {
        row = row
            .chunks(2)
            .map(|pair| match pair {
                [left, right] => super::node_hash(left, right),
                rest => rest.first().copied().unwrap_or_else(Hash::of_nothing),
            })
            .collect();
    }
    row.first().copied().unwrap_or_else(Hash::of_nothing)
}
