//! Bundles of entries (C2SP tlog-tiles, «Log entries»): each entry after its
//! length in two bytes, big-endian.

use super::LogError;

/// The longest entry that a bundle can hold, in bytes.
pub const MOST_ENTRY_BYTES: usize = 65_535;

/// Adds an entry to a bundle.
pub fn push_entry(bundle: &mut Vec<u8>, entry: &[u8]) -> Result<(), LogError> {
    let length = u16::try_from(entry.len()).map_err(|_| LogError::EntryTooLong(entry.len()))?;
    bundle.extend(length.to_be_bytes());
    bundle.extend(entry);
    Ok(())
}

/// The entries of a bundle.
pub fn entries_of(bundle: &[u8]) -> Result<Vec<&[u8]>, LogError> {
    let mut entries = Vec::new();
    let mut rest = bundle;
    while !rest.is_empty() {
        let cut = || LogError::malformed("a bundle of entries", "it ends within an entry");
        let (length, after) = rest.split_first_chunk().ok_or_else(cut)?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (entry, after) = after.split_at_checked(length).ok_or_else(cut)?;
        entries.push(entry);
        rest = after;
    }
    Ok(entries)
}
