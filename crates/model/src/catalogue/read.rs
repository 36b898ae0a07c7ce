//! From YAML to a [`Catalogue`], or to everything that is wrong with it.

use super::{Catalogue, CatalogueError};

/// Reads catalogue files, each a name (for errors) and a text; `pictures`
/// answers with the SVG document of a picture's name.
pub fn read(
    files: &[(String, String)],
    pictures: &dyn Fn(&str) -> Option<String>,
) -> Result<Catalogue, Vec<CatalogueError>> {
    let _ = (files, pictures);
    todo!()
}
