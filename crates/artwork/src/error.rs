//! What can be wrong with a picture.

/// A picture that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ArtworkError {
    /// Not a PNG. Whose fault: the sender's of the picture.
    #[error("the picture is not a PNG: it does not begin with the PNG signature")]
    NotPng,
}
