//! PDFs: what is found in one is no longer than asked for, and a file that is put into it is
//! found again.

#![no_main]

use artwork::pdf;
use libfuzzer_sys::fuzz_target;

/// Bytes of a file that are wanted.
const LIMIT: usize = 4096;
const FILE: &[u8] = b"9999 0 obj\n<< /Type /EmbeddedFile /Length 20 >>\nstream\n{\"name\":\"Dylunio\"}\nendstream\nendobj\n";

fuzz_target!(|bytes: &[u8]| {
    let Ok(found) = pdf::files(bytes, LIMIT) else { return };
    assert!(found.iter().all(|file| file.len() <= LIMIT));
    assert_eq!(pdf::files(bytes, LIMIT).as_ref(), Ok(&found), "the same twice");
    // A file that stands before all else is among those that are found.
    let with = [b"%PDF-1.7\n", FILE, bytes].concat();
    let known = br#"{"name":"Dylunio"}"#;
    // A later revision may write the object anew.
    if pdf::is_pdf(&with) && !bytes.windows(4).any(|window| window == b"9999") {
        let found = pdf::files(&with, LIMIT).expect("it is little longer");
        assert!(found.iter().any(|file| file == known), "{found:?}");
    }
});
