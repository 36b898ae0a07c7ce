//! What QR codes hold in a photo or a screenshot (PNG or JPEG).
//!
//! A few bytes can stand for very many pixels, so their number is asked before any is
//! decoded, and of a PNG one row is held at a time. What is searched is made smaller and
//! thinned out before, so that no picture takes the reader of codes longer than a second or two.

mod finders;
mod grey;

use rqrr::PreparedImage;

use self::{finders::Bitmap, grey::Grey};
use crate::{ArtworkError, error::check_size};

/// Bytes of a photo or screenshot: 12 MiB.
pub const MOST_BYTES: usize = 12 * 1024 * 1024;
/// Pixels of a picture that are decoded: what a phone's camera takes, 4096 by 3072.
pub const MOST_PIXELS: usize = 12_582_912;
/// Pixels of a JPEG that comes in scans, all of which are held at once.
pub const MOST_PROGRESSIVE: usize = 4_194_304;
/// Pixels of a side.
pub const MOST_SIDE: usize = 16_384;
/// Codes in one picture that are read.
const MOST_CODES: usize = 8;
/// How large a part of the picture's side tells light from dark around a pixel: a code that
/// fills the picture needs a large one, uneven light a small one.
const PARTS: [usize; 2] = [3, 10];

/// Whether `bytes` begin like a JPEG.
pub fn is_jpeg(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xff\xd8\xff")
}

/// The texts of the QR codes in a PNG or JPEG picture, each once; none if none can be read.
/// Takes up to some seconds and 40 MB: call it where nobody waits, and not often at once.
pub fn scan(picture: &[u8]) -> Result<Vec<String>, ArtworkError> {
    check_size("the picture", picture.len(), MOST_BYTES)?;
    let grey = Grey::read(picture)?;
    let mut texts: Vec<String> = Vec::new();
    for part in PARTS {
        let Some(bitmap) = Bitmap::new(&grey, part).thinned() else { continue };
        let (width, height) = (bitmap.width, bitmap.height);
        let mut prepared = PreparedImage::prepare_from_bitmap(width, height, |x, y| bitmap.is_dark(x, y));
        for grid in prepared.detect_grids().into_iter().take(MOST_CODES) {
            if let Ok((_, text)) = grid.decode()
                && !texts.contains(&text)
            {
                texts.push(text);
            }
        }
    }
    Ok(texts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use png::{BitDepth, ColorType, Encoder};

    const TEXT: &str = "https://badges.example.org/badges/6f1c9f5e-0f6b-4a52-9d4e-2f6f6a9b7c10";

    /// A QR code with `scale` pixels a module, drawn by another library.
    fn drawn(text: &str, scale: usize) -> (usize, Vec<u8>) {
        let code = fast_qr::QRBuilder::new(text).build().unwrap();
        let side = (code.size + 8) * scale;
        let dark = |at: usize| (at / scale).checked_sub(4).filter(|at| *at < code.size);
        let pixel = |x: usize, y: usize| match (dark(x), dark(y)) {
            (Some(x), Some(y)) if code[y][x].value() => 0,
            _ => 255,
        };
        (side, (0..side).flat_map(|y| (0..side).map(move |x| (x, y))).map(|(x, y)| pixel(x, y)).collect())
    }

    fn png(width: usize, height: usize, colour: ColorType, data: &[u8]) -> Vec<u8> {
        let mut file = Vec::new();
        let mut encoder =
            Encoder::new(&mut file, u32::try_from(width).unwrap(), u32::try_from(height).unwrap());
        encoder.set_color(colour);
        encoder.set_depth(BitDepth::Eight);
        encoder.write_header().unwrap().write_image_data(data).unwrap();
        file
    }

    #[test]
    fn a_code_is_read_in_every_kind_of_png_large_or_small() {
        for scale in [3, 8, 40] {
            let (side, grey) = drawn(TEXT, scale);
            assert_eq!(scan(&png(side, side, ColorType::Grayscale, &grey)).unwrap(), [TEXT], "{scale}");
            let spread = |by: usize| grey.iter().flat_map(|it| vec![*it; by]).collect::<Vec<u8>>();
            assert_eq!(scan(&png(side, side, ColorType::Rgb, &spread(3))).unwrap(), [TEXT]);
            // Dark and opaque, or not there.
            let inked: Vec<u8> = grey.iter().flat_map(|it| [0, 0, 0, 255 - it]).collect();
            assert_eq!(scan(&png(side, side, ColorType::Rgba, &inked)).unwrap(), [TEXT]);
        }
    }

    #[test]
    fn a_code_is_read_in_a_photo_taken_askew_and_on_a_screen() {
        let photo = include_bytes!("../../../../fuzz/seeds/qr/photo.jpg");
        assert!(is_jpeg(photo));
        assert_eq!(scan(photo).unwrap(), [TEXT]);
        assert_eq!(scan(include_bytes!("../../../../fuzz/seeds/qr/screen.png")).unwrap(), [TEXT]);
        for end in [3, 20, 200, photo.len() / 2] {
            // A broken one is refused or shows what is left of it.
            let _ = scan(&photo[..end]);
        }
    }

    #[test]
    fn two_codes_are_two_texts_and_none_is_none() {
        let (side, one) = drawn("one", 6);
        let (same, two) = drawn("two", 6);
        assert_eq!(side, same);
        let both = png(side, 2 * side, ColorType::Grayscale, &[one.clone(), two].concat());
        let mut found = scan(&both).unwrap();
        found.sort();
        assert_eq!(found, ["one", "two"]);
        let twice = png(side, 2 * side, ColorType::Grayscale, &one.repeat(2));
        assert_eq!(scan(&twice).unwrap(), ["one"]);
        assert_eq!(scan(&png(9, 9, ColorType::Grayscale, &[200; 81])).unwrap(), [""; 0]);
    }

    /// In which pass each pixel of a square of eight comes (PNG, third edition, section 8.2).
    const PASS_OF: [[u8; 8]; 8] = [
        [1, 6, 4, 6, 2, 6, 4, 6],
        [7, 7, 7, 7, 7, 7, 7, 7],
        [5, 6, 5, 6, 5, 6, 5, 6],
        [7, 7, 7, 7, 7, 7, 7, 7],
        [3, 6, 4, 6, 3, 6, 4, 6],
        [7, 7, 7, 7, 7, 7, 7, 7],
        [5, 6, 5, 6, 5, 6, 5, 6],
        [7, 7, 7, 7, 7, 7, 7, 7],
    ];

    fn interlaced(width: usize, height: usize, grey: &[u8]) -> Vec<u8> {
        let mut data = Vec::new();
        for pass in 1..=7 {
            for y in 0..height {
                let is_in = |x: &usize| PASS_OF[y % 8][x % 8] == pass;
                let row: Vec<u8> = (0..width).filter(is_in).map(|x| grey[y * width + x]).collect();
                if !row.is_empty() {
                    data.push(0);
                    data.extend(row);
                }
            }
        }
        let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut packed, &data).unwrap();
        let side = |pixels: usize| u32::try_from(pixels).unwrap().to_be_bytes();
        let header = [&side(width)[..], &side(height), &[8, 0, 0, 0, 1]].concat();
        let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
        for (kind, body) in [(b"IHDR", header), (b"IDAT", packed.finish().unwrap()), (b"IEND", Vec::new())] {
            let mut checksum = flate2::Crc::new();
            checksum.update(kind);
            checksum.update(&body);
            file.extend(u32::try_from(body.len()).unwrap().to_be_bytes());
            file.extend(kind);
            file.extend(body);
            file.extend(checksum.sum().to_be_bytes());
        }
        file
    }

    #[test]
    fn an_interlaced_picture_is_read_like_any_other() {
        for scale in [3, 7, 40] {
            let (side, grey) = drawn(TEXT, scale);
            assert_eq!(scan(&interlaced(side, side, &grey)).unwrap(), [TEXT], "{scale}");
        }
        for (width, height) in [(1, 1), (1, 9), (9, 1), (3, 2), (5, 5)] {
            let grey: Vec<u8> = (0..width * height).map(|at| u8::try_from(at * 5).unwrap()).collect();
            let read = |file: &[u8]| Grey::read(file).unwrap().pixels;
            assert_eq!(read(&interlaced(width, height, &grey)), grey, "{width} by {height}");
        }
    }

    /// `across` by `across` corners of codes, with `module` pixels a module.
    fn corners(side: usize, across: usize, module: usize) -> Vec<u8> {
        let pixel = |x: usize, y: usize| {
            let (column, row) = (x / module, y / module);
            let from_middle = (column % 9).abs_diff(3).max((row % 9).abs_diff(3));
            let is_there = column / 9 < across && row / 9 < across;
            if is_there && [0, 1, 3].contains(&from_middle) { 0 } else { 255 }
        };
        (0..side).flat_map(|y| (0..side).map(move |x| (x, y))).map(|(x, y)| pixel(x, y)).collect()
    }

    /// The reader would try three corners of 1,600 with each other, and be at it for days.
    #[test]
    fn a_picture_full_of_corners_ends_and_hides_no_code_that_is_larger() {
        let (code, grey) = drawn(TEXT, 9);
        let mut carpet = corners(1224, 40, 3);
        for (row, pixels) in grey.chunks(code).enumerate() {
            carpet[(row + 300) * 1224 + 300..][..code].copy_from_slice(pixels);
        }
        let begun = std::time::Instant::now();
        assert_eq!(scan(&png(1224, 1224, ColorType::Grayscale, &carpet)).unwrap(), [TEXT]);
        for (across, module) in [(5, 27), (20, 6), (130, 1)] {
            let _ = scan(&png(1224, 1224, ColorType::Grayscale, &corners(1224, across, module))).unwrap();
        }
        assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
    }

    #[test]
    fn a_jpeg_in_scans_is_told_from_one_that_is_not() {
        let photo = include_bytes!("../../../../fuzz/seeds/qr/photo.jpg");
        let refined = |picture: &[u8]| grey::is_progressive(picture);
        assert!(!refined(photo));
        let frame = photo.windows(2).position(|two| two == b"\xff\xc0").unwrap();
        let mut changed = photo.to_vec();
        changed[frame + 1] = 0xc2;
        assert!(refined(&changed));
        assert!(refined(b"\xff\xd8\xff"), "what cannot be told is taken for the worse");
    }

    #[test]
    fn a_bomb_is_refused_before_it_is_decoded() {
        let bomb = png(4096, 4096, ColorType::Grayscale, &vec![0; 4096 * 4096]);
        assert!(bomb.len() < 100_000, "{}", bomb.len());
        assert!(matches!(scan(&bomb), Err(ArtworkError::TooManyPixels { pixels: 16_777_216, .. })));
        let long = png(MOST_SIDE + 1, 1, ColorType::Grayscale, &vec![0; MOST_SIDE + 1]);
        assert!(matches!(scan(&long), Err(ArtworkError::TooLong { .. })));
        assert!(matches!(scan(b"\xff\xd8\xff rubbish"), Err(ArtworkError::Undecodable(_))));
        assert!(matches!(scan(b"rubbish"), Err(ArtworkError::Undecodable(_))));
        assert!(matches!(scan(&vec![0; MOST_BYTES + 1]), Err(ArtworkError::TooLarge { .. })));
    }
}
