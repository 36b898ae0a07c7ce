//! `lanyard migrate`.

use model::chance::SystemEntropy;

use crate::{context, error::CommandError, output::say, settings::Settings};

/// Brings the database to the present schema; says what it ran.
pub fn run(settings: &Settings) -> Result<(), CommandError> {
    let vault = context::open_or_create_vault(settings, &SystemEntropy)?;
    let ran = context::open_registry(settings, &vault)?.migrate(&SystemEntropy)?;
    if ran.is_empty() {
        say("The database is at the present schema.");
    }
    for name in ran {
        say(format_args!("ran {name}"));
    }
    Ok(())
}
