//! The files of trust.

use std::{fs, path::Path};

use model::trust::{self, TrustFile};

use crate::error::CommandError;

/// Every list and policy of the folder's `.yaml` files; nothing if there is no folder.
pub fn read(folder: &Path) -> Result<TrustFile, CommandError> {
    if !folder.exists() {
        return Ok(TrustFile::default());
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| CommandError::file(folder, error))? {
        let path = entry.map_err(|error| CommandError::file(folder, error))?.path();
        if path.extension().is_some_and(|extension| extension == "yaml") {
            let text = fs::read_to_string(&path).map_err(|error| CommandError::file(&path, error))?;
            files.push((path.display().to_string(), text));
        }
    }
    files.sort();
    trust::read(&files).map_err(|error| CommandError::Usage(error.to_string()))
}
