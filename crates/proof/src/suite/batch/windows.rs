//! Multiples of a point by table lookup alone, of numbers that are no secret: which
//! entries are looked up, and so the time it takes, depends on the number.

use std::sync::LazyLock;

use curve25519_dalek::constants::ED25519_BASEPOINT_POINT;
use curve25519_dalek::edwards::EdwardsPoint;
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::Identity as _;

/// Those of the base point.
pub(super) static BASE: LazyLock<Windows<8>> = LazyLock::new(|| Windows::of(ED25519_BASEPOINT_POINT));

/// Bytes of a number.
const BYTES: usize = 32;

/// For each digit of a number, the multiples of the point by 1 to the largest digit in its
/// place, one digit after the other: a number is written with digits of `BITS` bits, which
/// divide a byte, from the negative of half as many as there are to one less than half.
pub(super) struct Windows<const BITS: u8>(Vec<EdwardsPoint>);

impl<const BITS: u8> Windows<BITS> {
    const LARGEST: usize = 1 << (BITS - 1);

    pub(super) fn of(point: EdwardsPoint) -> Self {
        let places = BYTES * 8 / usize::from(BITS);
        let mut windows = Vec::with_capacity(places * Self::LARGEST);
        let mut unit = point;
        for _ in 0..places {
            let mut last = unit;
            windows.push(last);
            for _ in 1..Self::LARGEST {
                last += &unit;
                windows.push(last);
            }
            // One of the next place is twice the largest of this one.
            unit = last + last;
        }
        Self(windows)
    }

    /// The point so many times. The number is below the group's order, as every
    /// [`Scalar`] that is read or computed is.
    pub(super) fn times(&self, number: &Scalar) -> EdwardsPoint {
        let mut sum = EdwardsPoint::identity();
        let mut carry = 0;
        let digits = number.as_bytes().iter().flat_map(|byte| {
            (0..8 / BITS).map(move |place| (byte >> (place * BITS)) & u8::MAX >> (8 - BITS))
        });
        for (digit, multiples) in digits.zip(self.0.chunks_exact(Self::LARGEST)) {
            let digit = i16::from(digit) + carry;
            carry = i16::from(digit >= 1 << (BITS - 1));
            let digit = digit - (carry << BITS);
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
        let (large, small) = (Windows::<8>::of(point), Windows::<4>::of(point));
        let edges = [0, 1, 127, 128, 129, 255, 256, 32_767, 32_768, 65_535, 65_536, u64::MAX]
            .into_iter()
            .map(Scalar::from)
            .chain([-Scalar::ONE, -Scalar::from(128_u8), Scalar::from_bytes_mod_order([128; 32])])
            .chain([Scalar::from_bytes_mod_order([127; 32]), Scalar::from_bytes_mod_order([255; 32])]);
        let others = (0..200_u32).map(|n| Scalar::from_hash(Sha512::new().chain_update(n.to_be_bytes())));
        for number in edges.chain(others) {
            assert_eq!(large.times(&number), point * number);
            assert_eq!(small.times(&number), point * number);
            assert_eq!(BASE.times(&number), EdwardsPoint::mul_base(&number));
        }
    }
}
