//! Multiples of a point by table lookup alone, of numbers that are no secret: which
//! entries are looked up, and so the time it takes, depends on the number.

use std::sync::LazyLock;

use curve25519_dalek::constants::ED25519_BASEPOINT_POINT;
use curve25519_dalek::edwards::EdwardsPoint;
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::Identity as _;

/// Those of the base point.
pub(super) static BASE: LazyLock<Windows> = LazyLock::new(|| Windows::of(ED25519_BASEPOINT_POINT));

/// Of a number; each is a digit.
const BYTES: usize = 32;
/// The largest digit.
const LARGEST: usize = 128;

/// For each byte of a number, the multiples of the point by 1 to 128 in its place, one byte
/// after the other: a number is written with digits from -128 to 127.
pub(super) struct Windows(Vec<EdwardsPoint>);

impl Windows {
    pub(super) fn of(point: EdwardsPoint) -> Self {
        let mut windows = Vec::with_capacity(BYTES * LARGEST);
        let mut unit = point;
        for _ in 0..BYTES {
            let mut last = unit;
            windows.push(last);
            for _ in 1..LARGEST {
                last += &unit;
                windows.push(last);
            }
            // One of the next place is 256 of this one.
            unit = last + last;
        }
        Self(windows)
    }

    /// The point so many times. The number is below the group's order, as every
    /// [`Scalar`] that is read or computed is.
    pub(super) fn times(&self, number: &Scalar) -> EdwardsPoint {
        let mut sum = EdwardsPoint::identity();
        let mut carry = 0;
        for (byte, multiples) in number.as_bytes().iter().zip(self.0.chunks_exact(LARGEST)) {
            let digit = i16::from(*byte) + carry;
            carry = i16::from(digit >= 128);
            let digit = digit - 256 * carry;
            let entry = usize::from(digit.unsigned_abs()).checked_sub(1).and_then(|at| multiples.get(at));
            match entry {
                Some(multiple) if digit < 0 => sum -= multiple,
                Some(multiple) => sum += multiple,
                None => {}
            }
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use sha2::{Digest as _, Sha512};

    use super::*;

    #[test]
    fn a_multiple_is_what_multiplication_says() {
        let point = EdwardsPoint::mul_base(&Scalar::from(7_u8));
        let windows = Windows::of(point);
        let edges = [0, 1, 127, 128, 129, 255, 256, 32_767, 32_768, 65_535, 65_536, u64::MAX]
            .into_iter()
            .map(Scalar::from)
            .chain([-Scalar::ONE, -Scalar::from(128_u8), Scalar::from_bytes_mod_order([128; 32])])
            .chain([Scalar::from_bytes_mod_order([127; 32]), Scalar::from_bytes_mod_order([255; 32])]);
        let others = (0..200_u32).map(|n| Scalar::from_hash(Sha512::new().chain_update(n.to_be_bytes())));
        for number in edges.chain(others) {
            assert_eq!(windows.times(&number), point * number);
            assert_eq!(BASE.times(&number), EdwardsPoint::mul_base(&number));
        }
    }
}
