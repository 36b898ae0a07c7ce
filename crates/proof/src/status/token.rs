//! The same bits as a Token Status List (draft-ietf-oauth-status-list, 4), which
//! counts them from the other end of each byte.

use std::io::{Read as _, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::bufread::ZlibDecoder;
use flate2::write::ZlibEncoder;

use super::{BitString, StatusError};

impl BitString {
    /// `lst` of a list with one bit a token: index 0 is the least significant bit
    /// of the first byte, zlib, base64url without padding (4.1 and 4.2).
    pub fn encode_token_list(&self) -> String {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(6));
        let bytes: Vec<u8> = self.bytes.iter().map(|byte| byte.reverse_bits()).collect();
        let written = encoder.write_all(&bytes).and_then(|()| encoder.finish());
        // Writing into memory cannot fail.
        URL_SAFE_NO_PAD.encode(written.unwrap_or_default())
    }
}

/// A Token Status List that was read: statuses of 1, 2, 4 or 8 bits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenList {
    bytes: Vec<u8>,
    bits: u8,
}

impl TokenList {
    /// Reads an `lst` of statuses of `bits` bits that expands to at most
    /// `max_bytes`.
    pub fn decode(lst: &str, bits: u64, max_bytes: usize) -> Result<Self, StatusError> {
        let bits = u8::try_from(bits).ok().filter(|bits| [1, 2, 4, 8].contains(bits));
        let bits = bits.ok_or(StatusError::Bits)?;
        let packed = URL_SAFE_NO_PAD.decode(lst).map_err(|_| StatusError::Zlib)?;
        let one_more = u64::try_from(max_bytes).unwrap_or(u64::MAX).saturating_add(1);
        let mut bytes = Vec::new();
        let mut decoder = ZlibDecoder::new(packed.as_slice());
        decoder.by_ref().take(one_more).read_to_end(&mut bytes).map_err(|_| StatusError::Zlib)?;
        if bytes.len() > max_bytes {
            return Err(StatusError::TooLarge { limit: max_bytes });
        }
        Ok(Self { bytes, bits })
    }

    /// The status at `index`; `None` beyond the end. 0 is valid, 1 invalid, 2
    /// suspended (7.1).
    pub fn get(&self, index: usize) -> Option<u8> {
        let bits = usize::from(self.bits);
        let per_byte = 8 / bits;
        let byte = self.bytes.get(index / per_byte)?;
        let place = (index % per_byte) * bits;
        Some((byte >> place) & (u8::MAX >> (8 - bits)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of 4.1 and 4.2: sixteen statuses of one bit.
    const EXAMPLE: &str = "eNrbuRgAAhcBXQ";

    #[test]
    fn the_standard_s_example_is_read() {
        let list = TokenList::decode(EXAMPLE, 1, 16).unwrap();
        let bits: Vec<u8> = (0..16).map(|index| list.get(index).unwrap()).collect();
        assert_eq!(bits, [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1]);
        assert_eq!(list.get(16), None);
        // 4.1: twelve statuses of two bits in 0xC9, 0x44, 0xF9.
        let two = TokenList { bytes: vec![0xC9, 0x44, 0xF9], bits: 2 };
        let statuses: Vec<u8> = (0..12).map(|index| two.get(index).unwrap()).collect();
        assert_eq!(statuses, [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3]);
    }

    #[test]
    fn both_forms_of_a_list_have_the_same_bits() {
        let mut list = BitString::new(0);
        for index in [0, 7, 8, 94_567, 131_071] {
            assert!(list.set(index, true));
        }
        let token = TokenList::decode(&list.encode_token_list(), 1, 16_384).unwrap();
        for index in 0..list.len() {
            assert_eq!(token.get(index), list.get(index).map(u8::from), "{index}");
        }
    }

    #[test]
    fn what_is_no_list_is_refused() {
        assert_eq!(TokenList::decode(EXAMPLE, 3, 16), Err(StatusError::Bits));
        assert_eq!(TokenList::decode("eNo", 1, 16), Err(StatusError::Zlib));
        assert_eq!(TokenList::decode("+", 1, 16), Err(StatusError::Zlib));
        assert_eq!(TokenList::decode(EXAMPLE, 1, 1), Err(StatusError::TooLarge { limit: 1 }));
    }
}
