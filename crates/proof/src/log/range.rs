//! How a tree of any size is put together of perfect ones (RFC 6962, 2.1).

use super::{Hash, node_hash};

/// The largest tree: more entries than any log has, and few enough that no shift
/// of a size overflows.
pub(super) const LARGEST: u64 = (1 << 62) - 1;

/// A perfect subtree: the leaves `index << height .. (index + 1) << height`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Perfect {
    pub height: u32,
    pub index: u64,
}

/// The leaves `start .. end`, of which `start` is a multiple of the largest power
/// of two that fits in: a subtree of a proof, or a whole tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Range {
    pub start: u64,
    pub end: u64,
}

impl Range {
    pub(super) fn len(self) -> u64 {
        self.end - self.start
    }

    /// Where RFC 6962 splits it: after the largest power of two less than its length.
    fn split(self) -> (Self, Self) {
        let half = 1 << (self.len() - 1).ilog2();
        let middle = self.start + half;
        (Self { end: middle, ..self }, Self { start: middle, ..self })
    }

    /// The perfect subtrees that it is made of, from the left, ever smaller.
    pub(super) fn perfect(self) -> Vec<Perfect> {
        let mut parts = Vec::new();
        let mut start = self.start;
        while start < self.end {
            let height = (self.end - start).ilog2();
            parts.push(Perfect { height, index: start >> height });
            start += 1 << height;
        }
        parts
    }
}

/// The hash of a tree of these subtrees, as [`Range::perfect`] gives them; of the
/// tree without entries if there are none.
pub(super) fn joined(parts: &[Hash]) -> Hash {
    let joined = parts.iter().rev().copied().reduce(|right, left| node_hash(&left, &right));
    joined.unwrap_or_else(Hash::of_nothing)
}

/// The subtrees whose hashes are the inclusion proof of an entry, in its order
/// (RFC 6962, 2.1.1); `index` is less than `size`.
pub(super) fn inclusion(index: u64, size: u64) -> Vec<Range> {
    let mut at = Range { start: 0, end: size };
    let mut siblings = Vec::new();
    while at.len() > 1 {
        let (left, right) = at.split();
        let (inside, sibling) = if index < left.end { (left, right) } else { (right, left) };
        siblings.push(sibling);
        at = inside;
    }
    siblings.reverse();
    siblings
}

/// The subtrees whose hashes are the consistency proof of two trees, in its
/// order (RFC 6962, 2.1.2); `old` is at most `new`.
pub(super) fn consistency(old: u64, new: u64) -> Vec<Range> {
    if old == 0 || old == new {
        return Vec::new();
    }
    let mut at = Range { start: 0, end: new };
    let mut siblings = Vec::new();
    while at.end != old {
        let (left, right) = at.split();
        let (inside, sibling) = if old <= left.end { (left, right) } else { (right, left) };
        siblings.push(sibling);
        at = inside;
    }
    // The old root itself is known to whoever checks.
    if at.start != 0 {
        siblings.push(at);
    }
    siblings.reverse();
    siblings
}
