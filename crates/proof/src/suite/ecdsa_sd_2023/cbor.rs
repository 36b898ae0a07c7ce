//! The little of CBOR (RFC 8949) that proof values are made of: definite
//! lengths, each number in its shortest form.

use super::super::{ProofError, member};

const UNSIGNED: u8 = 0;
const BYTES: u8 = 2;
const TEXT: u8 = 3;
const ARRAY: u8 = 4;
const MAP: u8 = 5;

/// Writes items one after the other.
#[derive(Default)]
pub(super) struct Writer(Vec<u8>);

impl Writer {
    pub(super) fn new(header: [u8; 3]) -> Self {
        Self(header.to_vec())
    }

    pub(super) fn unsigned(&mut self, number: usize) {
        self.head(UNSIGNED, number);
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.head(BYTES, bytes.len());
        self.0.extend_from_slice(bytes);
    }

    pub(super) fn text(&mut self, text: &str) {
        self.head(TEXT, text.len());
        self.0.extend_from_slice(text.as_bytes());
    }

    /// The head of an array of so many items.
    pub(super) fn array(&mut self, items: usize) {
        self.head(ARRAY, items);
    }

    /// The head of a map of so many pairs.
    pub(super) fn map(&mut self, pairs: usize) {
        self.head(MAP, pairs);
    }

    pub(super) fn done(self) -> Vec<u8> {
        self.0
    }

    fn head(&mut self, major: u8, argument: usize) {
        // What stands in the first byte, and how many bytes follow.
        let (short, width) = match argument {
            0..24 => (u8::try_from(argument).unwrap_or_default(), 0),
            24..=0xff => (24, 1),
            0x100..=0xffff => (25, 2),
            0x1_0000..=0xffff_ffff => (26, 4),
            _ => (27, 8),
        };
        self.0.push((major << 5) | short);
        let number = u64::try_from(argument).unwrap_or(u64::MAX).to_be_bytes();
        self.0.extend(number.iter().skip(8 - width));
    }
}

/// Reads items one after the other.
pub(super) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(super) fn unsigned(&mut self) -> Result<usize, ProofError> {
        self.head(UNSIGNED, "a number")
    }

    pub(super) fn bytes<const N: usize>(&mut self) -> Result<[u8; N], ProofError> {
        let expected = || fault(&format!("{N} bytes"));
        if self.head(BYTES, "bytes")? != N {
            return Err(expected());
        }
        self.take().copied().ok_or_else(expected)
    }

    pub(super) fn text(&mut self) -> Result<&'a str, ProofError> {
        let length = self.head(TEXT, "a text")?;
        let (text, rest) = self.0.split_at_checked(length).ok_or_else(|| fault("a whole text"))?;
        self.0 = rest;
        std::str::from_utf8(text).map_err(|_| fault("a text in UTF-8"))
    }

    /// How many items follow.
    pub(super) fn array(&mut self) -> Result<usize, ProofError> {
        self.head(ARRAY, "an array")
    }

    /// How many pairs follow.
    pub(super) fn map(&mut self) -> Result<usize, ProofError> {
        self.head(MAP, "a map")
    }

    pub(super) fn end(self) -> Result<(), ProofError> {
        if self.0.is_empty() { Ok(()) } else { Err(fault("nothing more")) }
    }

    fn take<const N: usize>(&mut self) -> Option<&'a [u8; N]> {
        let (bytes, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(bytes)
    }

    fn head(&mut self, major: u8, expected: &str) -> Result<usize, ProofError> {
        self.argument(major).ok_or_else(|| fault(expected))
    }

    /// The argument of an item of this type; none if it could be written shorter.
    fn argument(&mut self, major: u8) -> Option<usize> {
        let [first] = *self.take()?;
        if first >> 5 != major {
            return None;
        }
        let (argument, least) = match first & 31 {
            small @ 0..24 => (u64::from(small), 0),
            24 => (u64::from(u8::from_be_bytes(*self.take()?)), 24),
            25 => (u64::from(u16::from_be_bytes(*self.take()?)), 1 << 8),
            26 => (u64::from(u32::from_be_bytes(*self.take()?)), 1 << 16),
            27 => (u64::from_be_bytes(*self.take()?), 1 << 32),
            _ => return None,
        };
        if argument < least { None } else { usize::try_from(argument).ok() }
    }
}

fn fault(expected: &str) -> ProofError {
    member("proofValue", &format!("is not built as `ecdsa-sd-2023` says: expected {expected}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    // RFC 8949, appendix A.
    #[test]
    fn numbers_are_written_in_their_shortest_form() {
        let published = [
            (0, "00"),
            (23, "17"),
            (24, "1818"),
            (100, "1864"),
            (1000, "1903e8"),
            (1_000_000, "1a000f4240"),
            (1_000_000_000_000, "1b000000e8d4a51000"),
        ];
        for (number, expected) in published {
            let mut writer = Writer::default();
            writer.unsigned(number);
            assert_eq!(hex::encode(writer.done()), expected);
            assert_eq!(Reader::new(&hex::decode(expected).unwrap()).unsigned(), Ok(number));
        }
        for longer in ["1817", "190064", "1a000003e8", "1b00000000000f4240", "1f", "20", "18"] {
            assert!(Reader::new(&hex::decode(longer).unwrap()).unsigned().is_err(), "{longer}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(bytes in any::<[u8; 40]>(), text in ".{0,40}", number in any::<usize>()) {
            let mut writer = Writer::default();
            writer.array(3);
            writer.bytes(&bytes);
            writer.text(&text);
            writer.unsigned(number);
            let written = writer.done();
            let mut reader = Reader::new(&written);
            prop_assert_eq!(reader.array(), Ok(3));
            prop_assert_eq!(reader.bytes(), Ok(bytes));
            prop_assert_eq!(reader.text(), Ok(text.as_str()));
            prop_assert_eq!(reader.unsigned(), Ok(number));
            prop_assert_eq!(reader.end(), Ok(()));
        }
    }
}
