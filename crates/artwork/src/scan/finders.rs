//! What may be a corner of a QR code, in black and white, and no more of it than can be looked at.
//!
//! A code has in three corners a dark square in a white ring in a dark ring, which a row through
//! the middle crosses as dark, light, dark, light, dark in the proportions 1:1:3:1:1 (ISO/IEC
//! 18004). The reader of codes tries every three such corners with each other, and copies the
//! picture each time: a picture full of them would keep it for days. So they are counted here by
//! a rule that passes whatever passes there, and of too many the poorest are painted over.

use std::collections::{BTreeMap, BTreeSet};

use super::grey::Grey;

/// Corners that are left: those of eight codes.
const MOST: usize = 24;
/// How often it is looked again, since painting over may bring to light what was inside.
const ROUNDS: usize = 4;
/// Regions that the reader remembers the extent of.
const REMEMBERED: usize = 251;
/// Pixels that the reader may paint to find out their extents.
const MOST_PAINTED: u64 = 200_000_000;

/// A picture in black and white.
pub(super) struct Bitmap {
    pub width: usize,
    pub height: usize,
    dark: Vec<bool>,
}

/// Dark pixels beside each other in a row, from `start` to before `end`.
#[derive(Clone, Copy)]
struct Run {
    start: u16,
    end: u16,
}

/// The runs of a picture, and which belong together.
struct Regions {
    runs: Vec<Run>,
    /// How many runs there are up to the end of each row.
    ends: Vec<usize>,
    /// Of each run another of the same region, or itself.
    parents: Vec<u32>,
    /// Of each region's own run, its pixels.
    sizes: Vec<u32>,
}

/// What was found by looking through the rows.
#[derive(Default)]
struct Looked {
    /// The rings that may be corners, and in how many rows.
    rings: BTreeMap<u32, u32>,
    /// Pixels that the reader would paint.
    painted: u64,
    /// The regions it remembers, the last used at the end.
    remembered: Vec<u32>,
}

impl Bitmap {
    /// Dark is what is darker than its surroundings: a square of the part `1 / part` of the
    /// picture's longer side.
    pub fn new(grey: &Grey, part: usize) -> Self {
        let reach = (grey.width.max(grey.height) / part / 2).max(1);
        let mut dark = Vec::with_capacity(grey.pixels.len());
        let rows: Vec<&[u8]> = grey.pixels.chunks_exact(grey.width.max(1)).collect();
        // Of each column, the sum of what is within reach of the row.
        let mut columns = vec![0_u32; grey.width];
        for row in rows.iter().take(reach) {
            columns.iter_mut().zip(*row).for_each(|(sum, value)| *sum += u32::from(*value));
        }
        for (y, row) in rows.iter().enumerate() {
            if let Some(coming) = rows.get(y + reach) {
                columns.iter_mut().zip(*coming).for_each(|(sum, value)| *sum += u32::from(*value));
            }
            if let Some(gone) = y.checked_sub(reach + 1).and_then(|y| rows.get(y)) {
                columns.iter_mut().zip(*gone).for_each(|(sum, value)| *sum -= u32::from(*value));
            }
            let high = (y + reach + 1).min(rows.len()) - y.saturating_sub(reach);
            darker(row, &columns, (reach, high), &mut dark);
        }
        Self { width: grey.width, height: rows.len(), dark }
    }

    pub fn is_dark(&self, x: usize, y: usize) -> bool {
        self.dark.get(y * self.width + x).copied().unwrap_or(false)
    }

    /// The same with no more corners than can be looked at; `None` if there is no end of them.
    pub fn thinned(mut self) -> Option<Self> {
        for _ in 0..ROUNDS {
            let mut regions = Regions::of(&self);
            let looked = regions.look();
            if looked.rings.len() <= MOST {
                return (looked.painted <= MOST_PAINTED).then_some(self);
            }
            let mut by_rows: Vec<(u32, u32)> =
                looked.rings.iter().map(|(ring, rows)| (*rows, *ring)).collect();
            by_rows.sort_unstable();
            let too_many = by_rows.len() - MOST;
            let poorest: BTreeSet<u32> = by_rows.iter().take(too_many).map(|(_, ring)| *ring).collect();
            self.paint_over(&mut regions, &poorest);
        }
        None
    }

    fn paint_over(&mut self, regions: &mut Regions, rings: &BTreeSet<u32>) {
        let mut from = 0;
        for (y, to) in regions.ends.clone().into_iter().enumerate() {
            for index in from..to {
                if rings.contains(&regions.region(index))
                    && let Some(run) = regions.runs.get(index)
                {
                    let start = y * self.width;
                    let range = start + usize::from(run.start)..start + usize::from(run.end);
                    self.dark.get_mut(range).into_iter().flatten().for_each(|pixel| *pixel = false);
                }
            }
            from = to;
        }
    }
}

/// Which pixels of a row are darker than the mean within `reach` of each, of the sums of
/// columns `high` pixels high.
fn darker(row: &[u8], columns: &[u32], (reach, high): (usize, usize), dark: &mut Vec<bool>) {
    let sum_of = |sums: &[u32]| sums.iter().map(|sum| u64::from(*sum)).sum::<u64>();
    let mut sum = sum_of(columns.get(..reach.min(columns.len())).unwrap_or_default());
    for (x, value) in row.iter().enumerate() {
        sum += columns.get(x + reach).map_or(0, |column| u64::from(*column));
        if let Some(gone) = x.checked_sub(reach + 1).and_then(|x| columns.get(x)) {
            sum -= u64::from(*gone);
        }
        let wide = (x + reach + 1).min(row.len()) - x.saturating_sub(reach);
        let count = u64::try_from(wide * high).unwrap_or(u64::MAX);
        // Below 15/16 of the mean, so that grain on an even ground is not dark.
        dark.push(u64::from(*value) * count * 16 < sum * 15);
    }
}

impl Regions {
    fn of(bitmap: &Bitmap) -> Self {
        let mut regions = Self { runs: Vec::new(), ends: Vec::new(), parents: Vec::new(), sizes: Vec::new() };
        let mut above = 0..0;
        for row in bitmap.dark.chunks_exact(bitmap.width.max(1)) {
            let first = regions.runs.len();
            let mut start = None;
            for (x, dark) in row.iter().copied().chain([false]).enumerate() {
                match (start, dark) {
                    (None, true) => start = Some(x),
                    (Some(began), false) => {
                        regions.add(began, x);
                        start = None;
                    }
                    _ => {}
                }
            }
            regions.join(above, first);
            above = first..regions.runs.len();
            regions.ends.push(regions.runs.len());
        }
        for index in 0..regions.runs.len() {
            let region = regions.region(index);
            let run = regions.runs.get(index).map_or(0, |run| u32::from(run.end - run.start));
            if let Some(size) = regions.sizes.get_mut(place(region)) {
                *size += run;
            }
        }
        regions
    }

    fn add(&mut self, start: usize, end: usize) {
        let at = |x: usize| u16::try_from(x).unwrap_or(u16::MAX);
        self.parents.push(u32::try_from(self.runs.len()).unwrap_or(u32::MAX));
        self.runs.push(Run { start: at(start), end: at(end) });
        self.sizes.push(0);
    }

    /// Joins the runs from `first` on with those `above` that they touch.
    fn join(&mut self, above: std::ops::Range<usize>, first: usize) {
        let (mut upper, mut lower) = (above.start, first);
        while let (true, Some(over), Some(under)) =
            (upper < above.end, self.runs.get(upper), self.runs.get(lower))
        {
            let (over, under) = (*over, *under);
            if over.start < under.end && under.start < over.end {
                let (one, other) = (self.region(upper), self.region(lower));
                if let Some(parent) = self.parents.get_mut(place(one.max(other))) {
                    *parent = one.min(other);
                }
            }
            if over.end < under.end { upper += 1 } else { lower += 1 }
        }
    }

    /// The region of a run, named by one of its runs.
    fn region(&mut self, index: usize) -> u32 {
        let mut at = u32::try_from(index).unwrap_or(u32::MAX);
        while let Some(&parent) = self.parents.get(place(at)).filter(|parent| **parent != at) {
            let further = self.parents.get(place(parent)).copied().unwrap_or(parent);
            if let Some(own) = self.parents.get_mut(place(at)) {
                *own = further;
            }
            at = further;
        }
        at
    }

    fn size(&self, region: u32) -> u64 {
        self.sizes.get(place(region)).copied().unwrap_or(0).into()
    }

    fn look(&mut self) -> Looked {
        let mut looked = Looked::default();
        let mut from = 0;
        for to in self.ends.clone() {
            for first in from..to.saturating_sub(2).max(from) {
                let Some([left, stone, right]) = self.runs.get(first..first + 3) else { break };
                if !is_crossing(*left, *stone, *right) {
                    continue;
                }
                let (ring, stone) = (self.region(first + 2), self.region(first + 1));
                looked.ask(self, ring);
                looked.ask(self, stone);
                let part = self.size(stone) * 100 / self.size(ring).max(1);
                if ring == self.region(first) && ring != stone && (10..=70).contains(&part) {
                    *looked.rings.entry(ring).or_default() += 1;
                }
            }
            from = to;
        }
        looked
    }
}

impl Looked {
    /// The reader asks how large a region is: it paints one that it does not remember, and
    /// what it forgets for that, back again.
    fn ask(&mut self, regions: &Regions, region: u32) {
        if let Some(place) = self.remembered.iter().rposition(|one| *one == region) {
            self.remembered.remove(place);
        } else {
            self.painted += regions.size(region);
            if self.remembered.len() == REMEMBERED {
                self.painted += regions.size(self.remembered.remove(0));
            }
        }
        self.remembered.push(region);
    }
}

/// Whether three dark runs of a row, and what is between, are 1:1:3:1:1 as the reader takes it:
/// each within three quarters of a module, and a little more for its rounding.
fn is_crossing(left: Run, stone: Run, right: Run) -> bool {
    let long = |from: u16, to: u16| u32::from(to.saturating_sub(from));
    let thin = [
        long(left.start, left.end),
        long(left.end, stone.start),
        long(stone.end, right.start),
        long(right.start, right.end),
    ];
    let four: u32 = thin.iter().sum();
    let fits = |found: u32, modules: u32| {
        let (found, wanted) = (16 * found, 4 * modules * four);
        found + 3 * four + 48 >= wanted && found <= wanted + 3 * four
    };
    fits(long(stone.start, stone.end), 3) && thin.iter().all(|part| fits(*part, 1))
}

fn place(of: u32) -> usize {
    usize::try_from(of).unwrap_or(usize::MAX)
}
