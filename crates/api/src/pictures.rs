//! Pictures drawn once: a published achievement version never changes.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use artwork::ArtworkError;

/// The side of a badge's PNG, in pixels.
const SIZE: u32 = 512;

/// PNG pictures by the SVG they were drawn from. There are as many as the
/// catalogue has achievement versions.
#[derive(Default)]
pub struct Pictures(Mutex<HashMap<String, Arc<Vec<u8>>>>);

impl Pictures {
    /// The drawing as a PNG. Takes a while the first time; call it on the
    /// blocking pool.
    pub fn png(&self, svg: &str) -> Result<Arc<Vec<u8>>, ArtworkError> {
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(svg).cloned();
        if let Some(png) = held {
            return Ok(png);
        }
        let png = Arc::new(artwork::render::png(svg, SIZE)?);
        let mut pictures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Arc::clone(pictures.entry(svg.to_owned()).or_insert(png)))
    }
}
