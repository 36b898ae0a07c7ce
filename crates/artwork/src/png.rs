//! Baking PNG pictures (Open Badges 3.0, 5.3; CLR 2.0 in the same way): the credential
//! is the text of exactly one uncompressed iTXt chunk.

use flate2::Crc;

use crate::{ArtworkError, MOST_CREDENTIAL, MOST_PICTURE, Standard, error::check_size, scan::MOST_BYTES};

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// PNG specification, 11.3.3.4: no zero byte in the text of an iTXt chunk.
const NUL: &str = "it has a NUL, which no text chunk can hold";

/// The keyword of Open Badges 1 and 2.
const LEGACY: &[u8] = b"openbadges";

/// [`bake_as`] an Open Badge.
pub fn bake(png: &[u8], payload: &str) -> Result<Vec<u8>, ArtworkError> {
    bake_as(Standard::OpenBadges, png, payload)
}

/// Puts `payload`, credential JSON or a compact JWS, into a PNG as `standard` has it. A credential that is there already is replaced; all other chunks stay as
/// they are. Bytes after the picture's end are dropped.
pub fn bake_as(standard: Standard, png: &[u8], payload: &str) -> Result<Vec<u8>, ArtworkError> {
    check_size("the credential", payload.len(), MOST_CREDENTIAL)?;
    if payload.trim().is_empty() {
        return Err(ArtworkError::UnfitCredential("it is empty"));
    }
    if payload.contains('\0') {
        return Err(ArtworkError::UnfitCredential(NUL));
    }
    let mut baked = Vec::with_capacity(png.len() + payload.len() + 64);
    baked.extend_from_slice(SIGNATURE);
    for (index, chunk) in chunks(png)?.iter().enumerate() {
        if chunk.carries().is_none() {
            chunk.write(&mut baked);
        }
        // Behind the header, so that a reader finds it before the pixels.
        if index == 0 {
            let body = [standard.keyword(), &[0, 0, 0, 0, 0], payload.as_bytes()].concat();
            Chunk { kind: *b"iTXt", body: &body }.write(&mut baked);
        }
    }
    check_size("the picture", baked.len(), MOST_PICTURE)?;
    Ok(baked)
}

/// Takes the credential out of a PNG: its JSON or compact JWS as it was baked;
/// `None` if the picture holds none. Every chunk's checksum is checked.
pub fn unbake(png: &[u8]) -> Result<Option<String>, ArtworkError> {
    let chunks = chunks(png)?;
    let mut credentials = chunks.iter().filter_map(|chunk| Some((chunk, chunk.carries()?)));
    match (credentials.next(), credentials.next()) {
        (Some((chunk, standard)), None) => text_of(chunk, standard).map(Some),
        (Some(_), Some(_)) => Err(ArtworkError::TwoCredentials),
        (None, _) if chunks.iter().any(|chunk| chunk.keyword() == Some(LEGACY)) => {
            Err(ArtworkError::Legacy("1 or 2"))
        }
        (None, _) => Ok(None),
    }
}

/// The text of an iTXt chunk (PNG specification, 11.3.3.4): keyword, NUL,
/// compression flag and method, language, NUL, translated keyword, NUL, text.
fn text_of(chunk: &Chunk<'_>, standard: Standard) -> Result<String, ArtworkError> {
    let unreadable = |why: &str| ArtworkError::UnreadableCredential(why.to_owned());
    match &chunk.kind {
        b"iTXt" => {}
        b"tEXt" => return Err(ArtworkError::WrongChunk("a tEXt chunk")),
        _ => return Err(ArtworkError::WrongChunk("a zTXt chunk")),
    }
    let rest = chunk.body.get(standard.keyword().len() + 1..).unwrap_or_default();
    let [compressed, _method, rest @ ..] = rest else { return Err(unreadable("its chunk breaks off")) };
    if *compressed != 0 {
        return Err(ArtworkError::WrongChunk("a compressed iTXt chunk"));
    }
    let mut parts = rest.splitn(3, |byte| *byte == 0);
    let (Some(_language), Some(_keyword), Some(text)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(unreadable("its chunk breaks off"));
    };
    check_size("the credential", text.len(), MOST_CREDENTIAL)?;
    let text = std::str::from_utf8(text).map_err(|_| unreadable("its text is not UTF-8"))?;
    if text.trim().is_empty() {
        return Err(unreadable("it is empty"));
    }
    if text.contains('\0') {
        return Err(unreadable(NUL));
    }
    Ok(text.to_owned())
}

struct Chunk<'a> {
    kind: [u8; 4],
    body: &'a [u8],
}

impl Chunk<'_> {
    /// The keyword of a text chunk.
    fn keyword(&self) -> Option<&[u8]> {
        let is_text = matches!(&self.kind, b"iTXt" | b"tEXt" | b"zTXt");
        self.body.split(|byte| *byte == 0).next().filter(|_| is_text)
    }

    /// By which standard it holds a credential, if it does.
    fn carries(&self) -> Option<Standard> {
        Standard::ALL.into_iter().find(|standard| self.keyword() == Some(standard.keyword()))
    }

    fn checksum(&self) -> u32 {
        let mut crc = Crc::new();
        crc.update(&self.kind);
        crc.update(self.body);
        crc.sum()
    }

    fn write(&self, out: &mut Vec<u8>) {
        // A body is never longer than MOST_BYTES, so its length fits.
        let length = u32::try_from(self.body.len()).unwrap_or(u32::MAX);
        out.extend_from_slice(&length.to_be_bytes());
        out.extend_from_slice(&self.kind);
        out.extend_from_slice(self.body);
        out.extend_from_slice(&self.checksum().to_be_bytes());
    }
}

/// The chunks from IHDR to IEND, each whole and with the right checksum. What
/// follows IEND is no part of the picture.
fn chunks(png: &[u8]) -> Result<Vec<Chunk<'_>>, ArtworkError> {
    check_size("the picture", png.len(), MOST_BYTES)?;
    let malformed = |why: String| ArtworkError::MalformedPng(why);
    let mut rest = png.strip_prefix(SIGNATURE).ok_or(ArtworkError::NotPng)?;
    let mut chunks = Vec::new();
    loop {
        let (length, after) = rest.split_first_chunk().ok_or(ArtworkError::Truncated)?;
        let (kind, after) = after.split_first_chunk::<4>().ok_or(ArtworkError::Truncated)?;
        if !kind.iter().all(u8::is_ascii_alphabetic) {
            return Err(malformed("a chunk's type is not four letters".to_owned()));
        }
        let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| ArtworkError::Truncated)?;
        let (body, after) = after.split_at_checked(length).ok_or(ArtworkError::Truncated)?;
        let (checksum, after) = after.split_first_chunk().ok_or(ArtworkError::Truncated)?;
        let chunk = Chunk { kind: *kind, body };
        let name = || String::from_utf8_lossy(kind).into_owned();
        if chunk.checksum() != u32::from_be_bytes(*checksum) {
            return Err(ArtworkError::WrongChecksum(name()));
        }
        let is_header = kind == b"IHDR";
        if is_header != chunks.is_empty() || (is_header && body.len() != 13) {
            return Err(malformed(format!("`{}` where the header should be, or a second header", name())));
        }
        chunks.push(chunk);
        if kind == b"IEND" {
            return Ok(chunks);
        }
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn picture() -> Vec<u8> {
        crate::render::png(
            r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path fill="#005eb8" d="M0 0h8v8z"/></svg>"##,
            32,
        )
        .unwrap()
    }

    fn with_chunks(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
        let mut png = picture();
        let end = png.len() - 12;
        let tail = png.split_off(end);
        for (kind, body) in chunks {
            Chunk { kind: **kind, body }.write(&mut png);
        }
        png.extend(tail);
        png
    }

    #[test]
    fn another_reader_finds_one_uncompressed_itxt_and_the_same_pixels() {
        let baked = bake(&picture(), r#"{"name":"Siân 🎓"}"#).unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(&baked)).read_info().unwrap();
        let texts = &reader.info().utf8_text;
        assert_eq!(texts.len(), 1);
        assert_eq!((texts[0].keyword.as_str(), texts[0].compressed), ("openbadgecredential", false));
        assert_eq!(texts[0].get_text().unwrap(), r#"{"name":"Siân 🎓"}"#);
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        let original = picture();
        let mut plain = png::Decoder::new(std::io::Cursor::new(&original)).read_info().unwrap();
        let mut expected = vec![0; plain.output_buffer_size().unwrap()];
        plain.next_frame(&mut expected).unwrap();
        assert_eq!(pixels, expected);
    }

    #[test]
    fn what_another_writer_baked_is_read() {
        let mut out = Vec::new();
        let mut encoder = png::Encoder::new(&mut out, 1, 1);
        encoder.add_itxt_chunk("openbadgecredential".to_owned(), "a.b.c".to_owned()).unwrap();
        encoder.write_header().unwrap().write_image_data(&[0]).unwrap();
        assert_eq!(unbake(&out).unwrap().as_deref(), Some("a.b.c"));
    }

    #[test]
    fn baking_again_replaces_the_credential() {
        let twice = bake(&bake(&picture(), "a.b.c").unwrap(), "d.e.f").unwrap();
        assert_eq!(bake(&bake_as(Standard::Clr, &picture(), "a.b.c").unwrap(), "d.e.f").unwrap(), twice);
        assert_eq!(unbake(&twice).unwrap().as_deref(), Some("d.e.f"));
        assert_eq!(twice.len(), bake(&picture(), "d.e.f").unwrap().len());
    }

    #[test]
    fn a_picture_without_a_credential_is_no_error_but_an_older_badge_is() {
        assert_eq!(unbake(&picture()), Ok(None));
        assert_eq!(unbake(&with_chunks(&[(b"tEXt", b"Comment\0hello")])), Ok(None));
        let legacy =
            [(b"iTXt", &b"openbadges\0\0\0\0\0{}"[..]), (b"tEXt", b"openbadges\0https://a.example.org")];
        for chunk in legacy {
            assert_eq!(unbake(&with_chunks(&[chunk])), Err(ArtworkError::Legacy("1 or 2")));
        }
    }

    #[test]
    fn two_credentials_are_refused_whatever_their_chunks() {
        let itxt = (b"iTXt", &b"openbadgecredential\0\0\0\0\0a.b.c"[..]);
        let text = (b"tEXt", &b"openbadgecredential\0a.b.c"[..]);
        assert_eq!(unbake(&with_chunks(&[itxt, itxt])), Err(ArtworkError::TwoCredentials));
        assert_eq!(unbake(&with_chunks(&[itxt, text])), Err(ArtworkError::TwoCredentials));
    }

    #[test]
    fn only_an_uncompressed_itxt_with_text_counts() {
        let refused = |kind, body: &[u8]| unbake(&with_chunks(&[(kind, body)])).unwrap_err().to_string();
        insta::assert_snapshot!(
            [
                refused(b"tEXt", b"openbadgecredential\0a.b.c"),
                refused(b"zTXt", b"openbadgecredential\0\0abc"),
                refused(b"iTXt", b"openbadgecredential\0\x01\0\0\0abc"),
                refused(b"iTXt", b"openbadgecredential\0\0"),
                refused(b"iTXt", b"openbadgecredential\0\0\0en\0x"),
                refused(b"iTXt", b"openbadgecredential\0\0\0\0\0 "),
                refused(b"iTXt", b"openbadgecredential\0\0\0\0\0\xff"),
                refused(b"iTXt", b"openbadgecredential\0\0\0\0\0a\0b"),
            ]
            .join("\n")
        );
    }

    #[test]
    fn damage_is_told_apart() {
        let good = bake(&picture(), "a.b.c").unwrap();
        for length in 8..good.len() {
            assert_eq!(unbake(&good[..length]), Err(ArtworkError::Truncated), "{length}");
        }
        assert_eq!(unbake(b"GIF89a"), Err(ArtworkError::NotPng));
        assert_eq!(unbake(&good[..7]), Err(ArtworkError::NotPng));
        let mut changed = good.clone();
        let place = good.windows(5).position(|window| window == b"a.b.c").unwrap();
        changed[place] = b'x';
        assert_eq!(unbake(&changed), Err(ArtworkError::WrongChecksum("iTXt".to_owned())));
        let mut headless = good.clone();
        headless.drain(8..33);
        assert!(matches!(unbake(&headless), Err(ArtworkError::MalformedPng(_))));
        assert!(matches!(unbake(&vec![0; MOST_BYTES + 1]), Err(ArtworkError::TooLarge { .. })));
        let trailing = [good.as_slice(), b"trailing"].concat();
        assert_eq!(unbake(&trailing).unwrap().as_deref(), Some("a.b.c"));
    }

    #[test]
    fn what_no_chunk_can_hold_is_not_baked() {
        for unfit in ["", " \n", "a\0b"] {
            assert!(matches!(bake(&picture(), unfit), Err(ArtworkError::UnfitCredential(_))), "{unfit:?}");
        }
        let long = "a".repeat(MOST_CREDENTIAL + 1);
        assert!(matches!(bake(&picture(), &long), Err(ArtworkError::TooLarge { .. })));
    }

    proptest! {
        #[test]
        fn what_is_baked_comes_out(payload in "[^\\x00]{1,300}") {
            prop_assume!(!payload.trim().is_empty());
            for standard in Standard::ALL {
                let baked = bake_as(standard, &picture(), &payload).unwrap();
                prop_assert_eq!(unbake(&baked), Ok(Some(payload.clone())));
            }
        }

        #[test]
        fn garbage_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = unbake(&bytes);
            let _ = unbake(&[SIGNATURE, &bytes].concat());
        }

        #[test]
        fn one_changed_byte_is_always_noticed(place in any::<prop::sample::Index>(), by in 1u8..) {
            let mut baked = bake(&picture(), "a.b.c").unwrap();
            let place = place.index(baked.len());
            baked[place] ^= by;
            prop_assert!(unbake(&baked).is_err(), "byte {place}");
        }
    }
}
