//! What can be wrong with a picture.

/// A picture, or something to put into one, that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ArtworkError {
    /// More bytes than are looked at. Whose fault: the sender's.
    #[error("{what} is {bytes} bytes; {most} is the most")]
    TooLarge {
        /// What is too large: `the picture` or `the credential`.
        what: &'static str,
        /// Its size in bytes.
        bytes: usize,
        /// The largest size that is accepted, in bytes.
        most: usize,
    },
    /// Not a PNG. Whose fault: the sender's.
    #[error("the picture is not a PNG: it does not begin with the PNG signature")]
    NotPng,
    /// A PNG that breaks off. Whose fault: the sender's, or of the way it took.
    #[error("the PNG breaks off before its end; send the whole file")]
    Truncated,
    /// A PNG whose bytes have changed. Whose fault: of the way it took.
    #[error("the checksum of the PNG's `{0}` chunk is wrong: the file was damaged or changed")]
    WrongChecksum(String),
    /// A PNG that breaks the rules of the format. Whose fault: its maker's.
    #[error("the PNG is malformed: {0}")]
    MalformedPng(String),
    /// Two credentials in one picture, which Open Badges 3.0, 5.3 forbids: there
    /// is no telling which is meant. Whose fault: its baker's.
    #[error("the picture holds more than one credential; bake exactly one")]
    TwoCredentials,
    /// A credential in another kind of chunk than an uncompressed iTXt (5.3).
    /// Whose fault: its baker's.
    #[error("the credential is baked as {0}; Open Badges 3.0 asks for an uncompressed iTXt chunk")]
    WrongChunk(&'static str),
    /// A badge of Open Badges 1 or 2, which holds no verifiable credential.
    /// Whose fault: nobody's; it is another format.
    #[error("the picture holds an Open Badges {0} assertion, not an Open Badges 3.0 credential")]
    Legacy(&'static str),
    /// Where the credential should be there is nothing, or something else.
    /// Whose fault: its baker's.
    #[error("the baked credential cannot be read: {0}")]
    UnreadableCredential(String),
    /// A credential that cannot be put into a picture. Whose fault: the caller's.
    #[error("the credential cannot be baked: {0}")]
    UnfitCredential(&'static str),
    /// Not an SVG. Whose fault: the sender's.
    #[error("the picture is not an SVG: {0}")]
    NotSvg(String),
    /// An SVG deeper or fuller than is looked at. Whose fault: the sender's.
    #[error("the SVG has {what}; {most} is the most")]
    TooComplex {
        /// What there is too much of.
        what: &'static str,
        /// The most that is accepted.
        most: usize,
    },
    /// A document type definition, which can hold entities that grow without
    /// end. Whose fault: the sender's.
    #[error("the SVG has a DOCTYPE or an entity of its own; remove it, an SVG needs none")]
    DocumentType,
    /// Something that could run code or fetch something. Whose fault: the
    /// maker's of the picture.
    #[error("the SVG is unsafe on line {line}: {what}; remove it")]
    Unsafe {
        /// The line, counted from 1.
        line: usize,
        /// What was found.
        what: String,
    },
    /// A picture that cannot be drawn. Whose fault: its maker's.
    #[error("the SVG cannot be drawn: {0}")]
    Undrawable(String),
    /// A size out of bounds. Whose fault: the caller's.
    #[error("a picture of {size} pixels cannot be drawn; choose {least} to {most}")]
    Size {
        /// The size that was asked for.
        size: u32,
        /// The least.
        least: u32,
        /// The most.
        most: u32,
    },
    /// A photo or screenshot that cannot be decoded. Whose fault: its maker's.
    #[error("the picture cannot be decoded: {0}")]
    Undecodable(String),
    /// More pixels than are looked at. Whose fault: the sender's.
    #[error("the picture has {pixels} pixels; {most} is the most")]
    TooManyPixels {
        /// How many it has.
        pixels: usize,
        /// The most that are decoded.
        most: usize,
    },
    /// A side longer than is looked at. Whose fault: the sender's.
    #[error("the picture has a side of {side} pixels; {most} is the most")]
    TooLong {
        /// The longer side.
        side: usize,
        /// The longest that is decoded.
        most: usize,
    },
    /// A text too long for a QR code. Whose fault: the caller's.
    #[error("{0} bytes are too many for a QR code")]
    TooLongForQr(usize),
}

/// The most bytes of a picture that is drawn or baked: 4 MiB. What was photographed may be larger
/// ([`scan::MOST_BYTES`](crate::scan::MOST_BYTES)).
pub const MOST_PICTURE: usize = 4 * 1024 * 1024;

/// The most bytes of a credential that are baked or taken out: 1 MiB.
pub const MOST_CREDENTIAL: usize = 1024 * 1024;

pub(crate) fn check_size(what: &'static str, bytes: usize, most: usize) -> Result<(), ArtworkError> {
    if bytes > most { Err(ArtworkError::TooLarge { what, bytes, most }) } else { Ok(()) }
}
