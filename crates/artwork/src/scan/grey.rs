//! How bright a picture is, pixel by pixel, made small enough to be searched.

use std::io::Cursor;

use png::{BitDepth, ColorType, Decoder, Transformations};
use zune_jpeg::{
    JpegDecoder,
    zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions},
};

use super::{MOST_PIXELS, MOST_PROGRESSIVE, MOST_SIDE, is_jpeg};
use crate::ArtworkError;

/// Pixels that are searched; larger pictures are made smaller as they are read.
const SEARCHED: usize = 1_500_000;
/// What decoding a PNG may allocate, in bytes, besides the picture.
const WORK: usize = 1_048_576;
/// The passes of an interlaced PNG, in order (PNG, third edition, section 8.2): the first
/// column and row of each, and from one to the next.
const PASSES: [Pass; 7] = [
    Pass { x: 0, y: 0, across: 8, down: 8 },
    Pass { x: 4, y: 0, across: 8, down: 8 },
    Pass { x: 0, y: 4, across: 4, down: 8 },
    Pass { x: 2, y: 0, across: 4, down: 4 },
    Pass { x: 0, y: 2, across: 2, down: 4 },
    Pass { x: 1, y: 0, across: 2, down: 2 },
    Pass { x: 0, y: 1, across: 1, down: 2 },
];
/// All of one that is not.
const WHOLE: [Pass; 1] = [Pass { x: 0, y: 0, across: 1, down: 1 }];

/// Pixels of a PNG that come one after another.
#[derive(Clone, Copy)]
struct Pass {
    x: usize,
    y: usize,
    across: usize,
    down: usize,
}

/// How bright each pixel is, row by row.
pub(super) struct Grey {
    pub width: usize,
    pub height: usize,
    pub pixels: Vec<u8>,
}

impl Grey {
    /// Reads a PNG or JPEG.
    pub fn read(picture: &[u8]) -> Result<Self, ArtworkError> {
        if is_jpeg(picture) { from_jpeg(picture) } else { from_png(picture) }
    }
}

/// A picture that is made smaller as its pixels come: each pixel becomes the mean of a square
/// of them.
struct Shrinking {
    by: usize,
    width: usize,
    sums: Vec<u16>,
}

impl Shrinking {
    /// For a picture of so many pixels, if that is not too many.
    fn new(width: usize, height: usize) -> Result<Self, ArtworkError> {
        check_pixels(width, height, MOST_PIXELS)?;
        let pixels = width * height;
        let by = (1..16).find(|by| pixels <= SEARCHED * by * by).unwrap_or(16);
        Ok(Self { by, width: width / by, sums: vec![0; (width / by) * (height / by)] })
    }

    /// Pixels of the row `y`, from the column `x` and then `across` further each.
    fn row(&mut self, y: usize, x: usize, across: usize, values: impl Iterator<Item = u8>) {
        let start = y / self.by * self.width;
        let Some(sums) = self.sums.get_mut(start..start + self.width) else { return };
        for (place, value) in values.enumerate() {
            if let Some(sum) = sums.get_mut((x + place * across) / self.by) {
                *sum += u16::from(value);
            }
        }
    }

    fn done(self) -> Grey {
        let square = u16::try_from(self.by * self.by).unwrap_or(u16::MAX);
        let pixels: Vec<u8> =
            self.sums.iter().map(|sum| u8::try_from(sum / square).unwrap_or(u8::MAX)).collect();
        let height = pixels.len().checked_div(self.width).unwrap_or(0);
        Grey { width: self.width, height, pixels }
    }
}

fn check_pixels(width: usize, height: usize, most: usize) -> Result<(), ArtworkError> {
    let pixels = width.saturating_mul(height);
    if pixels > most {
        return Err(ArtworkError::TooManyPixels { pixels, most });
    }
    let side = width.max(height);
    if side > MOST_SIDE {
        return Err(ArtworkError::TooLong { side, most: MOST_SIDE });
    }
    Ok(())
}

fn from_png(picture: &[u8]) -> Result<Grey, ArtworkError> {
    let undecodable = |error: png::DecodingError| ArtworkError::Undecodable(error.to_string());
    let limits = png::Limits { bytes: MOST_PIXELS * 4 + WORK };
    let mut decoder = Decoder::new_with_limits(Cursor::new(picture), limits);
    decoder.set_transformations(Transformations::normalize_to_color8());
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    let header = decoder.read_header_info().map_err(undecodable)?;
    let (width, height, is_interlaced) = (size(header.width), size(header.height), header.interlaced);
    let mut shrinking = Shrinking::new(width, height)?;
    let mut reader = decoder.read_info().map_err(undecodable)?;
    let (colour, depth) = reader.output_color_type();
    if depth != BitDepth::Eight {
        return Err(ArtworkError::Undecodable("its colours are not of eight bits".to_owned()));
    }
    let passes = if is_interlaced { PASSES.as_slice() } else { &WHOLE };
    for pass in passes.iter().filter(|pass| pass.x < width) {
        for y in (pass.y..height).step_by(pass.down) {
            let Some(row) = reader.next_row().map_err(undecodable)? else { break };
            let values = row.data().chunks_exact(colour.samples()).map(|pixel| brightness(colour, pixel));
            shrinking.row(y, pass.x, pass.across, values);
        }
    }
    Ok(shrinking.done())
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
    let options = DecoderOptions::new_safe()
        .jpeg_set_out_colorspace(ColorSpace::Luma)
        .set_max_width(MOST_SIDE)
        .set_max_height(MOST_SIDE);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(picture), options);
    decoder.decode_headers().map_err(|error| undecodable(&error))?;
    let (width, height) = decoder.dimensions().ok_or_else(|| undecodable(&"it has no size"))?;
    let mut shrinking = Shrinking::new(width, height)?;
    if is_progressive(picture) {
        check_pixels(width, height, MOST_PROGRESSIVE)?;
    }
    let pixels = decoder.decode().map_err(|error| undecodable(&error))?;
    for (y, row) in pixels.chunks_exact(width.max(1)).enumerate() {
        shrinking.row(y, 0, 1, row.iter().copied());
    }
    Ok(shrinking.done())
}

/// Whether a JPEG comes in scans that refine it (ITU-T T.81, B.2.2: any frame but a sequential
/// one with Huffman coding): all its coefficients are held until the last.
pub(super) fn is_progressive(picture: &[u8]) -> bool {
    let mut rest = picture.get(2..).unwrap_or_default();
    while let Some((&[0xff, marker, high, low], _)) = rest.split_first_chunk() {
        match marker {
            0xc0 | 0xc1 => return false,
            0xc4 | 0xc8 | 0xcc => {}
            0xc2..=0xcf => return true,
            // A marker may be filled up.
            0xff => {
                rest = rest.get(1..).unwrap_or_default();
                continue;
            }
            _ => {}
        }
        rest = rest.get(2 + usize::from(u16::from_be_bytes([high, low]))..).unwrap_or_default();
    }
    true
}

fn size(pixels: u32) -> usize {
    usize::try_from(pixels).unwrap_or(usize::MAX)
}
