//! One person's key, and what is sealed under it.
//!
//! A sealed value is a control character that tells its form, then in base64: 32 bytes of
//! mark, 24 of nonce, and the ciphertext with its tag (XChaCha20-Poly1305) of a byte that
//! tells how the text was pressed and of the pressed text. The form, the mark and the
//! names of table, column and row are authenticated with it.
//!
//! The **mark** stands for the text where the log holds it: HMAC-SHA-256, of the text's
//! SHA-256 in hexadecimal, under a key that is drawn from the person's for that one row. It
//! stays when the person's key goes, so the log can be checked for ever, and then says
//! nothing to anybody, not even to who knows the text.

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD as BASE64};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use model::chance::Entropy;
use zeroize::Zeroizing;

use super::{
    Column,
    pressing::{press, unpress},
    text::{FORM, LATER, MARK},
};
use crate::{RegistryError, digest::Digests, log::sha256};

const NONCE: usize = 24;

/// A person's key.
#[derive(Clone)]
pub(crate) struct PersonKey {
    cipher: XChaCha20Poly1305,
    marks: Digests,
}

impl PersonKey {
    pub(super) fn new(key: &Zeroizing<[u8; 32]>) -> Self {
        let derived = Digests::new(key);
        let cipher = Zeroizing::new(derived.bytes("seal", &[]));
        let marks = Zeroizing::new(derived.bytes("mark", &[]));
        Self { cipher: XChaCha20Poly1305::new(&(*cipher).into()), marks: Digests::new(&marks) }
    }

    /// Seals `text` for one row of a column.
    pub(crate) fn seal(
        &self,
        column: Column,
        row: &str,
        text: &str,
        entropy: &dyn Entropy,
    ) -> Result<String, RegistryError> {
        self.seal_for(column, row, text, &sha256(text), entropy)
    }

    /// The same with the mark of another text that this one completes; `digest` is the
    /// SHA-256 of that, hexadecimal.
    pub(crate) fn seal_for(
        &self,
        column: Column,
        row: &str,
        text: &str,
        digest: &str,
        entropy: &dyn Entropy,
    ) -> Result<String, RegistryError> {
        let mark = Digests::new(&self.mark_key(column, row)).of(digest.as_bytes());
        self.seal_marked(column, row, text, (FORM, mark), entropy)
    }

    /// The same of what was in the log before it was sealed: its mark is what the log
    /// holds, the SHA-256 of the text, under a mask that the caller has put on it.
    pub(super) fn seal_later(
        &self,
        column: Column,
        row: &str,
        text: &str,
        masked: [u8; MARK],
        entropy: &dyn Entropy,
    ) -> Result<String, RegistryError> {
        self.seal_marked(column, row, text, (LATER, masked), entropy)
    }

    fn seal_marked(
        &self,
        column: Column,
        row: &str,
        text: &str,
        (form, mark): (char, [u8; MARK]),
        entropy: &dyn Entropy,
    ) -> Result<String, RegistryError> {
        let (pressed, nonce) = (press(column, text.as_bytes()), entropy.array::<NONCE>());
        let payload = Payload { msg: &pressed, aad: &beside(column, row, form, &mark) };
        let ciphertext = self
            .cipher
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| RegistryError::corrupt(column.table, row, "it is too long to be sealed"))?;
        let mut bytes = Vec::with_capacity(MARK + NONCE + ciphertext.len());
        bytes.extend(mark);
        bytes.extend(nonce);
        bytes.extend(ciphertext);
        let mut sealed = String::with_capacity(1 + bytes.len().div_ceil(3) * 4);
        sealed.push(form);
        BASE64.encode_string(bytes, &mut sealed);
        Ok(sealed)
    }

    /// Opens what was sealed for that row of that column; `None` if it was not, or
    /// anything was changed since.
    pub(super) fn open(&self, column: Column, row: &str, sealed: &str) -> Option<String> {
        let mut rest = sealed.chars();
        let form = rest.next()?;
        let bytes = BASE64.decode(rest.as_str()).ok()?;
        let (mark, rest) = bytes.split_first_chunk::<MARK>()?;
        let (nonce, ciphertext) = rest.split_first_chunk::<NONCE>()?;
        let payload = Payload { msg: ciphertext, aad: &beside(column, row, form, mark) };
        let pressed = self.cipher.decrypt(&XNonce::from(*nonce), payload).ok()?;
        String::from_utf8(unpress(&pressed)?).ok()
    }

    /// The key of the marks of one row: with it whoever has a text checks its mark, and
    /// opens nothing.
    pub(crate) fn mark_key(&self, column: Column, row: &str) -> [u8; 32] {
        self.marks.bytes("row", &[column.table.as_bytes(), row.as_bytes()])
    }
}

/// What is authenticated beside the text; no two lists of parts read alike.
fn beside(column: Column, row: &str, form: char, mark: &[u8]) -> Vec<u8> {
    let mut aad = form.to_string().into_bytes();
    aad.extend(mark);
    for part in column.parts(row) {
        aad.extend(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        aad.extend(part);
    }
    aad
}

#[cfg(test)]
mod tests {
    use testkit::SeededEntropy;

    use super::*;
    use crate::sealing::{COMPLETION, DETAILS, is_plain, mark};

    fn key(seed: u8) -> PersonKey {
        PersonKey::new(&Zeroizing::new([seed; 32]))
    }

    #[test]
    fn what_is_sealed_opens_with_the_same_key_in_the_same_place_and_nowhere_else() {
        let entropy = SeededEntropy::new(1);
        let long = "Rhiannon Test learned a great deal. ".repeat(100);
        for text in ["", "{}", "Rhiannon T\u{ea}st", &long] {
            let sealed = key(1).seal(COMPLETION, "a", text, &entropy).unwrap();
            assert!(!is_plain(&sealed));
            assert_eq!(key(1).open(COMPLETION, "a", &sealed).unwrap(), text);
            assert_eq!(key(2).open(COMPLETION, "a", &sealed), None);
            assert_eq!(key(1).open(COMPLETION, "b", &sealed), None);
            assert_eq!(key(1).open(DETAILS, "a", &sealed), None);
            for at in 0..sealed.len() {
                let other = if &sealed[at..=at] == "A" { "B" } else { "A" };
                let changed = format!("{}{other}{}", &sealed[..at], &sealed[at + 1..]);
                assert_eq!(key(1).open(COMPLETION, "a", &changed), None, "character {at}");
                assert_eq!(key(1).open(COMPLETION, "a", &sealed[..at]), None, "cut at {at}");
            }
        }
        let sealed = key(1).seal(COMPLETION, "a", &long, &entropy).unwrap();
        assert!(sealed.len() < long.len() / 4, "{} of {}", sealed.len(), long.len());
        let bytes = BASE64.decode(&sealed[1..]).unwrap();
        assert!(!bytes.windows(8).any(|window| window == b"Rhiannon"));
    }

    #[test]
    fn a_mark_is_the_texts_and_the_places_and_nobody_makes_it_without_the_key() {
        let entropy = SeededEntropy::new(1);
        let mark = |key: &PersonKey, column, row, text: &str| {
            mark(&Digests::new(&[7; 32]), column, row, &key.seal(column, row, text, &entropy).unwrap())
        };
        let first = mark(&key(1), COMPLETION, "a", "x");
        assert_eq!(first, mark(&key(1), COMPLETION, "a", "x"), "sealed again, another nonce");
        // SHA-256 of «x», by sha256sum.
        let digest = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881";
        assert_eq!(first, hex::encode(Digests::new(&key(1).mark_key(COMPLETION, "a")).of(digest.as_bytes())));
        for other in [
            mark(&key(2), COMPLETION, "a", "x"),
            mark(&key(1), COMPLETION, "b", "x"),
            mark(&key(1), DETAILS, "a", "x"),
            mark(&key(1), COMPLETION, "a", "y"),
        ] {
            assert_ne!(first, other);
        }
    }
}
