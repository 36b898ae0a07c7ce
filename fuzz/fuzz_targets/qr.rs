//! Pictures of QR codes: whatever is sent is read or refused, in little time and memory, and
//! each text once.

#![no_main]

use artwork::scan;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(texts) = scan::scan(bytes) else { return };
    for (index, text) in texts.iter().enumerate() {
        assert!(!texts[index + 1..].contains(text), "{text}");
    }
});
