//! A keyed permutation of the places of a status list: places are handed out by
//! a counter, and the permutation turns the counter into an index that nobody
//! outside can predict or read the order of issue from. No index is met twice.

use crate::digest::Digests;

/// Rounds of the Feistel network; four make a strong pseudo-random permutation
/// (Luby and Rackoff), the rest is margin for the small halves.
const ROUNDS: u8 = 8;

/// A permutation of `0..length`.
pub(crate) struct Permutation<'a> {
    digests: &'a Digests,
    list: &'a str,
    length: u32,
    half_bits: u32,
}

impl<'a> Permutation<'a> {
    /// The permutation that belongs to the list with this id.
    pub(crate) fn new(digests: &'a Digests, list: &'a str, length: u32) -> Self {
        let bits = u32::BITS - length.saturating_sub(1).leading_zeros();
        Self { digests, list, length, half_bits: bits.div_ceil(2).max(1) }
    }

    /// The index of a place below `length`.
    pub(crate) fn index(&self, place: u32) -> u32 {
        // The network permutes a power of two that is at least `length`: walking
        // on from values outside stays a permutation of those inside.
        let mut value = self.scramble(place);
        while value >= self.length {
            value = self.scramble(value);
        }
        value
    }

    fn scramble(&self, value: u32) -> u32 {
        let mask = (1 << self.half_bits) - 1;
        let (mut left, mut right) = (value >> self.half_bits, value & mask);
        for round in 0..ROUNDS {
            let digest =
                self.digests.bytes("status-index", &[self.list.as_bytes(), &[round], &right.to_be_bytes()]);
            let [a, b, c, d, ..] = digest;
            (left, right) = (right, left ^ (u32::from_be_bytes([a, b, c, d]) & mask));
        }
        (left << self.half_bits) | right
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_index_is_met_exactly_once() {
        let digests = Digests::new(&[1; 32]);
        for length in [1, 2, 3, 1000, 1024, 5000] {
            let permutation = Permutation::new(&digests, "a list", length);
            let met: BTreeSet<u32> = (0..length).map(|place| permutation.index(place)).collect();
            assert_eq!(met, (0..length).collect());
        }
    }

    #[test]
    fn the_order_is_the_lists_own_and_not_the_counters() {
        let digests = Digests::new(&[1; 32]);
        let order = |list| {
            let permutation = Permutation::new(&digests, list, 131_072);
            (0..64).map(|place| permutation.index(place)).collect::<Vec<_>>()
        };
        assert_eq!(order("a"), order("a"));
        assert_ne!(order("a"), order("b"));
        let steps = order("a").windows(2).filter(|pair| pair[1] == pair[0] + 1).count();
        assert!(steps < 3, "{steps} neighbours of 63");
    }
}
