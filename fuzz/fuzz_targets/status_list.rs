//! Bitstring status lists: nothing expands beyond its limit, and a list
//! survives being written and read again, bit for bit.

#![no_main]

use libfuzzer_sys::fuzz_target;
use proof::status::{BitString, MIN_ENTRIES};

const LIMIT: usize = 64 * 1024;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(list) = BitString::decode(text, LIMIT)
    {
        assert!((MIN_ENTRIES..=LIMIT * 8).contains(&list.len()));
        assert_eq!(BitString::decode(&list.encode(), LIMIT).as_ref(), Ok(&list));
        assert_eq!(list.get(list.len()), None);
    }
    // The same bytes as indices to be set: each stays where it was put.
    let mut list = BitString::new(MIN_ENTRIES);
    let (indices, _) = bytes.as_chunks::<3>();
    let index = |bytes: &[u8; 3]| usize::from(bytes[0]) << 16 | usize::from(bytes[1]) << 8 | usize::from(bytes[2]);
    for place in indices.iter().map(index) {
        assert_eq!(list.set(place, true), place < list.len());
    }
    let read = BitString::decode(&list.encode(), LIMIT).expect("what we write can be read");
    assert_eq!(read, list);
    for place in indices.iter().map(index).filter(|place| *place < read.len()) {
        assert_eq!(read.get(place), Some(true));
    }
});
