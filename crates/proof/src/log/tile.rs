use std::fmt;

use super::{Hash, LogError};

/// How many hashes a full tile has, and how many entries a full bundle.
pub const TILE_WIDTH: u64 = 256;

/// A tile (C2SP tlog-tiles, «Merkle Tree»): hashes of perfect subtrees of
/// `256^level` leaves, side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tile {
    /// 0 for hashes of entries.
    pub level: u8,
    /// The place among the tiles of its level.
    pub index: u64,
    /// How many hashes it has, 1 to 256; a partial tile has fewer than 256.
    pub width: u16,
}

impl Tile {
    /// The tile at this place in a tree of `size` entries; `None` if the tree has none there.
    pub fn in_tree(level: u8, index: u64, size: u64) -> Option<Self> {
        let hashes = size.checked_shr(u32::from(level) * 8).unwrap_or(0);
        let before = index.checked_mul(TILE_WIDTH)?;
        let width = hashes.checked_sub(before)?.min(TILE_WIDTH);
        let width = u16::try_from(width).ok().filter(|width| *width > 0)?;
        Some(Self { level, index, width })
    }

    /// Every tile of a tree of `size` entries, lowest level first.
    pub fn all(size: u64) -> impl Iterator<Item = Self> {
        (0..8_u8).flat_map(move |level| (0..).map_while(move |index| Self::in_tree(level, index, size)))
    }

    /// Whether it never changes again.
    pub fn is_full(self) -> bool {
        u64::from(self.width) == TILE_WIDTH
    }

    /// Reads its hashes.
    pub fn read(self, bytes: &[u8]) -> Result<Vec<Hash>, LogError> {
        if bytes.len() != usize::from(self.width) * 32 {
            return Err(LogError::Tile(self.to_string()));
        }
        bytes.chunks_exact(32).map(Hash::from_bytes).collect()
    }
}

/// Its path, as in `tile/0/x001/234.p/5`.
impl fmt::Display for Tile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tile/{}/", self.level)?;
        write_place(f, self.index, self.width)
    }
}

/// What a log serves beside its checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Resource {
    /// Hashes.
    Tile(Tile),
    /// Entries, behind a tile of level 0 of the same index and width.
    Entries {
        /// The place among the bundles.
        index: u64,
        /// How many entries, 1 to 256.
        width: u16,
    },
}

impl Resource {
    /// Reads a path such as `tile/entries/000` or `tile/1/x001/234.p/5`. There is
    /// one way to write each.
    pub fn from_path(path: &str) -> Result<Self, LogError> {
        let wrong = || LogError::malformed("the path of a tile", format!("`{path}`"));
        let place = path.strip_prefix("tile/").ok_or_else(wrong)?;
        let (level, place) = place.split_once('/').ok_or_else(wrong)?;
        let (index, width) = read_place(place).ok_or_else(wrong)?;
        let resource = if level == "entries" {
            Self::Entries { index, width }
        } else {
            let level = level.parse().ok().filter(|level| *level < 64).ok_or_else(wrong)?;
            Self::Tile(Tile { level, index, width })
        };
        if resource.to_string() == path { Ok(resource) } else { Err(wrong()) }
    }
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tile(tile) => tile.fmt(f),
            Self::Entries { index, width } => {
                f.write_str("tile/entries/")?;
                write_place(f, *index, *width)
            }
        }
    }
}

/// Three digits a path element, an `x` before all but the last.
fn write_place(f: &mut fmt::Formatter<'_>, index: u64, width: u16) -> fmt::Result {
    let mut elements = vec![format!("{:03}", index % 1000)];
    let mut rest = index / 1000;
    while rest > 0 {
        elements.push(format!("x{:03}", rest % 1000));
        rest /= 1000;
    }
    elements.reverse();
    f.write_str(&elements.join("/"))?;
    if u64::from(width) < TILE_WIDTH {
        write!(f, ".p/{width}")?;
    }
    Ok(())
}

fn read_place(place: &str) -> Option<(u64, u16)> {
    let (index, width) = match place.split_once(".p/") {
        Some((index, width)) => (index, width.parse().ok().filter(|width| (1..256).contains(width))?),
        None => (place, 256),
    };
    let index = index.split('/').try_fold(0_u64, |index, element| {
        let digits = element.strip_prefix('x').unwrap_or(element);
        let all_digits = digits.len() == 3 && digits.bytes().all(|byte| byte.is_ascii_digit());
        let value: u64 = digits.parse().ok().filter(|_| all_digits)?;
        index.checked_mul(1000)?.checked_add(value)
    })?;
    Some((index, width))
}
