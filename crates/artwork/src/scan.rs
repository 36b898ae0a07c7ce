//! What QR codes hold in a photo or a screenshot (PNG or JPEG).
//!
//! A few bytes can stand for very many pixels, so their number is asked before any is
//! decoded, and of a PNG one row is held at a time.

use std::io::Cursor;

use png::{BitDepth, ColorType, Decoder, Transformations};
use rqrr::PreparedImage;
use zune_jpeg::{
    JpegDecoder,
    zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions},
};

use crate::{
    ArtworkError,
    error::{MOST_PICTURE, check_size},
};

/// Pixels of a picture that are decoded: what a phone's camera takes, 4096 by 3072.
pub const MOST_PIXELS: usize = 12_582_912;
/// Pixels that are searched; larger pictures are made smaller before.
const SEARCHED: usize = 1_500_000;
/// Codes in one picture that are read.
const MOST_CODES: usize = 8;
/// What decoding a PNG may allocate, in bytes, besides the picture.
const WORK: usize = 1_048_576;

/// Whether `bytes` begin like a JPEG.
pub fn is_jpeg(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xff\xd8\xff")
}

/// The texts of the QR codes in a PNG or JPEG picture, each once; none if none can be read.
pub fn scan(picture: &[u8]) -> Result<Vec<String>, ArtworkError> {
    check_size("the picture", picture.len(), MOST_PICTURE)?;
    let grey = if is_jpeg(picture) { from_jpeg(picture)? } else { from_png(picture)? };
    let grey = grey.reduced();
    let mut prepared = PreparedImage::prepare_from_greyscale(grey.width, grey.height, |x, y| grey.at(x, y));
    let mut texts: Vec<String> = Vec::new();
    for grid in prepared.detect_grids().into_iter().take(MOST_CODES) {
        if let Ok((_, text)) = grid.decode()
            && !texts.contains(&text)
        {
            texts.push(text);
        }
    }
    Ok(texts)
}

/// How bright each pixel is, row by row.
struct Grey {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

impl Grey {
    fn at(&self, x: usize, y: usize) -> u8 {
        self.pixels.get(y * self.width + x).copied().unwrap_or(u8::MAX)
    }

    /// The same small enough to be searched: each pixel is the mean of a square of them.
    fn reduced(self) -> Self {
        let by = (1..3).find(|by| self.pixels.len() <= SEARCHED * by * by).unwrap_or(3);
        if by == 1 {
            return self;
        }
        let (width, height) = (self.width / by, self.height / by);
        let mean = |x: usize, y: usize| {
            let square = (0..by * by).map(|n| usize::from(self.at(x * by + n % by, y * by + n / by)));
            u8::try_from(square.sum::<usize>() / (by * by)).unwrap_or(u8::MAX)
        };
        let pixels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        Self { width, height, pixels: pixels.map(|(x, y)| mean(x, y)).collect() }
    }
}

fn check_pixels(width: usize, height: usize) -> Result<(), ArtworkError> {
    let pixels = width.saturating_mul(height);
    if pixels > MOST_PIXELS {
        return Err(ArtworkError::TooManyPixels { pixels, most: MOST_PIXELS });
    }
    Ok(())
}

fn from_png(picture: &[u8]) -> Result<Grey, ArtworkError> {
    let undecodable = |error: png::DecodingError| ArtworkError::Undecodable(error.to_string());
    let limits = png::Limits { bytes: MOST_PIXELS * 4 + WORK };
    let mut decoder = Decoder::new_with_limits(Cursor::new(picture), limits);
    decoder.set_transformations(Transformations::normalize_to_color8());
    let header = decoder.read_header_info().map_err(undecodable)?;
    let (width, height) = (size(header.width), size(header.height));
    check_pixels(width, height)?;
    if header.interlaced {
        return Err(ArtworkError::Undecodable("it is interlaced".to_owned()));
    }
    let mut reader = decoder.read_info().map_err(undecodable)?;
    let (colour, depth) = reader.output_color_type();
    if depth != BitDepth::Eight {
        return Err(ArtworkError::Undecodable("its colours are not of eight bits".to_owned()));
    }
    let mut pixels = Vec::with_capacity(width * height);
    while let Some(row) = reader.next_row().map_err(undecodable)? {
        pixels.extend(row.data().chunks_exact(colour.samples()).map(|pixel| brightness(colour, pixel)));
    }
    Ok(Grey { width, height, pixels })
}

/// How bright a pixel is (Rec. 601), on white where it can be seen through.
fn brightness(colour: ColorType, pixel: &[u8]) -> u8 {
    let part = |at: usize| u32::from(pixel.get(at).copied().unwrap_or(u8::MAX));
    let mixed = || (77 * part(0) + 150 * part(1) + 29 * part(2)) / 256;
    let (grey, opaque) = match colour {
        ColorType::GrayscaleAlpha => (part(0), part(1)),
        ColorType::Rgb => (mixed(), 255),
        ColorType::Rgba => (mixed(), part(3)),
        ColorType::Grayscale | ColorType::Indexed => (part(0), 255),
    };
    u8::try_from((grey * opaque + 255 * (255 - opaque)) / 255).unwrap_or(u8::MAX)
}

fn from_jpeg(picture: &[u8]) -> Result<Grey, ArtworkError> {
    let undecodable = |error: &dyn std::fmt::Display| ArtworkError::Undecodable(error.to_string());
    let options = DecoderOptions::new_safe().jpeg_set_out_colorspace(ColorSpace::Luma);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(picture), options);
    decoder.decode_headers().map_err(|error| undecodable(&error))?;
    let (width, height) = decoder.dimensions().ok_or_else(|| undecodable(&"it has no size"))?;
    check_pixels(width, height)?;
    let pixels = decoder.decode().map_err(|error| undecodable(&error))?;
    Ok(Grey { width, height, pixels })
}

fn size(pixels: u32) -> usize {
    usize::try_from(pixels).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use png::Encoder;

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
        let photo = include_bytes!("../../../fuzz/seeds/qr/photo.jpg");
        assert!(is_jpeg(photo));
        assert_eq!(scan(photo).unwrap(), [TEXT]);
        assert_eq!(scan(include_bytes!("../../../fuzz/seeds/qr/screen.png")).unwrap(), [TEXT]);
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

    #[test]
    fn a_bomb_is_refused_before_it_is_decoded() {
        let bomb = png(4096, 4096, ColorType::Grayscale, &vec![0; 4096 * 4096]);
        assert!(bomb.len() < 100_000, "{}", bomb.len());
        assert!(matches!(scan(&bomb), Err(ArtworkError::TooManyPixels { pixels: 16_777_216, .. })));
        assert!(matches!(scan(b"\xff\xd8\xff rubbish"), Err(ArtworkError::Undecodable(_))));
        assert!(matches!(scan(b"rubbish"), Err(ArtworkError::Undecodable(_))));
        assert!(matches!(scan(&vec![0; MOST_PICTURE + 1]), Err(ArtworkError::TooLarge { .. })));
    }
}
