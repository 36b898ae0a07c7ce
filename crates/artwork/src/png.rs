//! Baking PNG pictures (Open Badges 3.0, 5.3.1).

use crate::ArtworkError;

/// Puts `payload` (credential JSON or compact JWS) into a PNG.
pub fn bake(_png: &[u8], _payload: &str) -> Result<Vec<u8>, ArtworkError> {
    todo!()
}

/// Takes the credential out of a PNG; `None` if there is none.
pub fn unbake(_png: &[u8]) -> Result<Option<String>, ArtworkError> {
    todo!()
}
