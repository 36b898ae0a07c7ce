//! Pictures: credentials baked into PNG and SVG badges and taken out again, SVG
//! drawn as PNG, and QR codes drawn and read. No input or output happens here.

pub use error::{ArtworkError, MOST_CREDENTIAL, MOST_PICTURE};
pub use standard::Standard;

mod error;
pub mod pdf;
pub mod png;
pub mod qr;
pub mod render;
pub mod scan;
mod standard;
pub mod svg;
