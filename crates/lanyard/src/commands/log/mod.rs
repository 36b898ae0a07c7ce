//! `lanyard log`.

mod audit;
mod show;
pub mod source;
mod verify;

use std::{fs, path::Path};

use proof::log::SignedNote;

use crate::{cli::Log, context::Context, error::CommandError, settings::Settings};

/// Shows, verifies or audits the log.
pub fn run(settings: Settings, action: Log) -> Result<(), CommandError> {
    match action {
        Log::Show { json } => show::run(&Context::open(settings)?, json),
        Log::Verify(arguments) => verify::run(settings, &arguments),
        Log::Audit { since, json } => audit::run(&Context::open(settings)?, &since, json),
    }
}

/// A checkpoint that was kept in a file.
pub fn kept(path: &Path) -> Result<SignedNote, CommandError> {
    let text = fs::read_to_string(path).map_err(|error| CommandError::file(path, error))?;
    text.parse().map_err(|error| CommandError::Usage(format!("{}: {error}", path.display())))
}
