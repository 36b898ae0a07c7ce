//! Baking SVG pictures (Open Badges 3.0, 5.3.2).

use crate::ArtworkError;

/// What to bake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Payload<'a> {
    /// A credential as JSON text, with its embedded proof.
    Json(&'a str),
    /// A credential as a compact JWS.
    Jws(&'a str),
}

/// What was baked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Baked {
    /// A credential as JSON text.
    Json(String),
    /// A credential as a compact JWS.
    Jws(String),
}

/// Puts a credential into an SVG.
pub fn bake(_svg: &str, _payload: Payload<'_>) -> Result<String, ArtworkError> {
    todo!()
}

/// Takes the credential out of an SVG; `None` if there is none.
pub fn unbake(_svg: &str) -> Result<Option<Baked>, ArtworkError> {
    todo!()
}

/// Refuses an SVG that could run code or fetch anything.
pub fn check_safe(_svg: &str) -> Result<(), ArtworkError> {
    todo!()
}
