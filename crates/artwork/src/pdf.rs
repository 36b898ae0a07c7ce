//! The files that a PDF carries (ISO 32000-2, section 7.11.4).
//!
//! Nothing else of a PDF is of use here, so nothing else is read: the text is searched for
//! embedded file streams, which always stand in the open, where objects of other kinds may
//! hide inside compressed ones. No page is drawn, no script run, no password asked for.

use std::collections::BTreeMap;
use std::io::Read as _;

use flate2::read::ZlibDecoder;

use crate::ArtworkError;

/// Bytes of a PDF that are read.
pub const MOST_PDF: usize = 4_194_304;
/// Files in one PDF that are opened.
const MOST_FILES: usize = 64;
/// Streams in one PDF that are looked at.
const MOST_STREAMS: usize = 16_384;
/// How far from its end the dictionary of a stream begins at most.
const MOST_DICTIONARY: usize = 4096;

/// Whether `bytes` begin like a PDF; some writers put a few bytes before (ISO 32000-2,
/// section 7.5.2).
pub fn is_pdf(bytes: &[u8]) -> bool {
    find(bytes.get(..bytes.len().min(1024)).unwrap_or_default(), b"%PDF-").is_some()
}

/// The files that the PDF carries, each at most `limit` bytes long; longer ones, and those
/// that are encrypted or packed in ways that no file is, are left out. Of an object that
/// was written anew by a later revision only the last form counts.
pub fn files(pdf: &[u8], limit: usize) -> Result<Vec<Vec<u8>>, ArtworkError> {
    if pdf.len() > MOST_PDF {
        return Err(ArtworkError::TooLarge { what: "the PDF", bytes: pdf.len(), most: MOST_PDF });
    }
    let mut files: BTreeMap<Vec<u8>, Option<Vec<u8>>> = BTreeMap::new();
    let (mut rest, mut opened) = (0, 0);
    for _ in 0..MOST_STREAMS {
        let Some(at) = pdf.get(rest..).and_then(|tail| find(tail, b"stream")).map(|at| rest + at) else {
            break;
        };
        rest = at + b"stream".len();
        let Some((name, dictionary)) = before(pdf, at) else { continue };
        if !names(dictionary, b"/EmbeddedFile") {
            continue;
        }
        let body = content(pdf.get(rest..).unwrap_or_default());
        opened += 1;
        if opened > MOST_FILES {
            break;
        }
        files.insert(name.to_vec(), unpacked(dictionary, body, limit));
    }
    Ok(files.into_values().flatten().collect())
}

/// The name of the object (`12 0`) whose stream begins at `at`, and its dictionary.
fn before(pdf: &[u8], at: usize) -> Option<(&[u8], &[u8])> {
    let window = pdf.get(at.saturating_sub(MOST_DICTIONARY)..at)?;
    let begins = rfind(window, b" obj")?;
    let dictionary = window.get(begins + b" obj".len()..)?;
    if find(dictionary, b"endobj").is_some() || find(dictionary, b"stream").is_some() {
        return None;
    }
    let line = window.get(..begins)?;
    let digits = |byte: &u8| byte.is_ascii_digit() || *byte == b' ';
    let length = line.iter().rev().take_while(|byte| digits(byte)).count();
    Some((line.get(line.len() - length..)?.trim_ascii(), dictionary))
}

/// Whether the dictionary has the name, and not only one that begins like it.
fn names(dictionary: &[u8], name: &[u8]) -> bool {
    let mut rest = dictionary;
    while let Some(at) = find(rest, name) {
        rest = rest.get(at + name.len()..).unwrap_or_default();
        if !rest.first().is_some_and(u8::is_ascii_alphanumeric) {
            return true;
        }
    }
    false
}

/// What stands between the word and its end.
fn content(after: &[u8]) -> &[u8] {
    let after = after.strip_prefix(b"\r\n").or_else(|| after.strip_prefix(b"\n")).unwrap_or(after);
    after.get(..find(after, b"endstream").unwrap_or(after.len())).unwrap_or_default()
}

fn unpacked(dictionary: &[u8], body: &[u8], limit: usize) -> Option<Vec<u8>> {
    if !names(dictionary, b"/Filter") {
        let body = body.strip_suffix(b"\r\n").or_else(|| body.strip_suffix(b"\n")).unwrap_or(body);
        return (body.len() <= limit).then(|| body.to_vec());
    }
    if !names(dictionary, b"/FlateDecode") || names(dictionary, b"/DecodeParms") {
        return None;
    }
    let mut plain = Vec::new();
    let longest = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    ZlibDecoder::new(body).take(longest).read_to_end(&mut plain).ok()?;
    (plain.len() <= limit).then_some(plain)
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

fn rfind(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).rposition(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::ZlibEncoder};
    use std::io::Write as _;

    fn packed(text: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn object(name: &str, dictionary: &str, body: &[u8]) -> Vec<u8> {
        let mut object =
            format!("{name} obj\n<< {dictionary} /Length {} >>\nstream\n", body.len()).into_bytes();
        object.extend_from_slice(body);
        object.extend_from_slice(b"\nendstream\nendobj\n");
        object
    }

    fn pdf(objects: &[Vec<u8>]) -> Vec<u8> {
        [b"%PDF-1.7\n".to_vec(), objects.concat(), b"trailer << >>\n%%EOF\n".to_vec()].concat()
    }

    const FILE: &str = "/Type /EmbeddedFile /Subtype /application#2Fjson";

    #[test]
    fn embedded_files_are_found_packed_or_not_and_nothing_else() {
        let whole = pdf(&[
            object("4 0", "/Filter /FlateDecode", &packed(b"a page")),
            object("5 0", FILE, b"{\"plain\": 1}"),
            object("6 0", &format!("{FILE} /Filter [/FlateDecode]"), &packed(b"{\"packed\": 2}")),
            object("7 0", "/Type /EmbeddedFiles", b"{\"no\": 3}"),
            object("8 0", &format!("{FILE} /Filter /LZWDecode"), b"{\"no\": 4}"),
        ]);
        assert!(is_pdf(&whole) && is_pdf(b"\xef\xbb\xbf%PDF-1.4") && !is_pdf(b"{}"));
        let found = files(&whole, 100).unwrap();
        assert_eq!(found, [b"{\"plain\": 1}".to_vec(), b"{\"packed\": 2}".to_vec()]);
    }

    #[test]
    fn a_later_revision_takes_the_place_of_what_was_there() {
        let revised =
            pdf(&[object("5 0", FILE, b"old"), object("6 0", FILE, b"other"), object("5 0", FILE, b"new")]);
        assert_eq!(files(&revised, 100).unwrap(), [b"new".to_vec(), b"other".to_vec()]);
    }

    #[test]
    fn what_grows_beyond_the_limit_is_left_out() {
        let bomb = packed(&vec![0; 50_000_000]);
        let whole =
            pdf(&[object("5 0", &format!("{FILE} /Filter /FlateDecode"), &bomb), object("6 0", FILE, b"x")]);
        assert_eq!(files(&whole, 1_000_000).unwrap(), [b"x".to_vec()]);
        assert!(files(&vec![0; MOST_PDF + 1], 10).is_err());
        let many: Vec<_> = (0..200).map(|n| object(&format!("{n} 0"), FILE, b"x")).collect();
        assert_eq!(files(&pdf(&many), 10).unwrap().len(), MOST_FILES);
    }

    proptest::proptest! {
        #[test]
        fn anything_is_read_without_harm(bytes: Vec<u8>) {
            let _ = files(&bytes, 100);
            let _ = files(&pdf(&[object("1 0", FILE, &bytes)]), 100);
        }
    }
}
