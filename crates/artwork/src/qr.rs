//! QR codes.

use crate::ArtworkError;

/// A QR code of `text` as an SVG document whose accessible name is `title`.
pub fn svg(_text: &str, _title: &str) -> Result<String, ArtworkError> {
    todo!()
}
