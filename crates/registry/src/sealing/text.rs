//! Stored values, sealed or not sealed yet: reading them, and what the log holds of them.

use std::borrow::Cow;

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD as BASE64};
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

use super::{Column, PersonKey};
use crate::{RegistryError, digest::Digests, error::parsed_json, log::sha256};

/// The form of what is sealed when it is written.
pub(super) const FORM: char = '\u{1}';
/// The form of what lay there before anything was sealed, and was sealed later.
pub(super) const LATER: char = '\u{2}';

/// The bytes of a mark.
pub(super) const MARK: usize = 32;
/// The characters of base64 that hold a mark, and a third of a byte more.
const MARK_IN_BASE64: usize = 44;

/// Whether a stored value is the text itself, from before anything was sealed.
pub(crate) fn is_plain(stored: &str) -> bool {
    !stored.starts_with([FORM, LATER])
}

/// Whether a stored value was sealed when it was written, so that the log holds its mark.
pub(crate) fn is_marked(stored: &str) -> bool {
    stored.starts_with(FORM)
}

/// Reads a stored value. What is sealed and has no key any more was erased.
pub(crate) fn read<'a>(
    key: Option<&PersonKey>,
    column: Column,
    row: &str,
    stored: &'a str,
) -> Result<Cow<'a, str>, RegistryError> {
    if is_plain(stored) {
        return Ok(Cow::Borrowed(stored));
    }
    let key = key.ok_or(RegistryError::Erased)?;
    let open = key.open(column, row, stored).map(Cow::Owned);
    let detail = "its seal is broken: it was changed, moved, or sealed under another key";
    open.ok_or_else(|| RegistryError::corrupt(column.table, row, detail))
}

/// Reads a stored JSON text as what it must be.
pub(crate) fn read_json<T: DeserializeOwned>(
    key: Option<&PersonKey>,
    column: Column,
    row: &str,
    stored: &str,
) -> Result<T, RegistryError> {
    parsed_json(column.table, row, &read(key, column, row, stored)?)
}

/// What the log holds of a value, whether or not its person's key is there: hexadecimal.
pub(crate) fn mark(digests: &Digests, column: Column, row: &str, stored: &str) -> String {
    let mut rest = stored.chars();
    let form = rest.next();
    let start = rest.as_str().get(..MARK_IN_BASE64).and_then(|start| BASE64.decode(start).ok());
    match (form, start.as_deref().and_then(<[u8]>::first_chunk::<MARK>)) {
        (Some(FORM), Some(mark)) => hex::encode(mark),
        (Some(LATER), Some(masked)) => hex::encode(masks(digests, column, row, *masked)),
        _ => sha256(stored),
    }
}

/// The mark of what the log holds by its SHA-256 already: a plain digest of something
/// about a person must not lie open, so it lies under a mask.
pub(super) fn masked(digests: &Digests, column: Column, row: &str, text: &str) -> [u8; MARK] {
    masks(digests, column, row, Sha256::digest(text).into())
}

/// Puts the mask on, or takes it off.
fn masks(digests: &Digests, column: Column, row: &str, mut bytes: [u8; MARK]) -> [u8; MARK] {
    for (byte, mask) in bytes.iter_mut().zip(digests.bytes("sealed later", &column.parts(row))) {
        *byte ^= mask;
    }
    bytes
}

#[cfg(test)]
mod tests {
    use testkit::SeededEntropy;
    use zeroize::Zeroizing;

    use super::*;
    use crate::sealing::{COMPLETION, DETAILS};

    const TEXT: &str = r#"{"name":"Rhiannon Test"}"#;

    #[test]
    fn a_value_is_read_whether_it_is_sealed_or_not_sealed_yet_and_not_without_its_key() {
        let (key, entropy) = (PersonKey::new(&Zeroizing::new([1; 32])), SeededEntropy::new(1));
        assert_eq!(read(None, COMPLETION, "a", TEXT).unwrap(), TEXT);
        let sealed = key.seal(COMPLETION, "a", TEXT, &entropy).unwrap();
        assert_eq!(read(Some(&key), COMPLETION, "a", &sealed).unwrap(), TEXT);
        assert!(matches!(read(None, COMPLETION, "a", &sealed), Err(RegistryError::Erased)));
        let moved = read(Some(&key), COMPLETION, "b", &sealed);
        assert!(matches!(moved, Err(RegistryError::Corrupt { table: "completions", .. })));
    }

    #[test]
    fn what_is_sealed_later_keeps_the_mark_it_had_in_the_log() {
        let (key, entropy) = (PersonKey::new(&Zeroizing::new([1; 32])), SeededEntropy::new(1));
        let digests = Digests::new(&[7; 32]);
        let before = mark(&digests, DETAILS, "a", TEXT);
        assert_eq!(before, sha256(TEXT));
        let hidden = masked(&digests, DETAILS, "a", TEXT);
        let sealed = key.seal_later(DETAILS, "a", TEXT, hidden, &entropy).unwrap();
        assert_eq!(mark(&digests, DETAILS, "a", &sealed), before);
        assert_eq!(read(Some(&key), DETAILS, "a", &sealed).unwrap(), TEXT);
        let plain = Sha256::digest(TEXT);
        let stored = BASE64.decode(&sealed[1..]).unwrap();
        assert!(!stored.windows(MARK).any(|window| window == plain.as_slice()));
        // Sealed as it is written, the mark is another: the log never held the plain digest.
        let sealed = key.seal(DETAILS, "a", TEXT, &entropy).unwrap();
        assert_ne!(mark(&digests, DETAILS, "a", &sealed), before);
    }
}
